import {
  CheckpointInvalid,
  type Hash,
  NoteInvalid,
  openCheckpoint,
  parseVerifierKey,
} from '#libs/transparency';
import { CannotRun } from '../command.js';
import { messageOf } from '../fault-code.js';
import { claimOf } from '../sources/published-source.js';
import { type Epoch, renamedKey } from './epochs.js';
import type { Findings } from './findings.js';
import type { SignedLedger } from './signed-ledger.js';

/** 旁证: a note of the log that was kept elsewhere, and where that is. */
export interface Witnessed {
  readonly place: string;
  readonly note: string;
}

/** How a log stands to a note from elsewhere. */
export interface AgainstResult {
  readonly against: string;
  readonly origin: string;
  readonly size: number;
  readonly status: 'continued' | 'rolled back' | 'forked' | 'declared lost' | 'not its own';
}

/** A note whose signature is that of a key of this log. */
interface OpenedNote {
  readonly place: string;
  readonly origin: string;
  readonly epoch: number;
  readonly size: number;
  readonly root: Hash;
}

/** Notes from elsewhere, opened with the keys that are known. */
export class Against {
  readonly results: AgainstResult[] = [];
  readonly #opened: OpenedNote[] = [];
  readonly #roots = new Map<number, Hash>();

  constructor(
    witnessed: readonly Witnessed[],
    private readonly epochs: readonly Epoch[],
    private readonly pinned: readonly string[],
    private readonly findings: Findings,
  ) {
    for (const each of witnessed) this.#open(each);
  }

  /** Sizes at which the root is asked for. */
  get sizes(): readonly number[] {
    return this.#opened.map(({ size }) => size);
  }

  reached(size: number, root: Hash): void {
    this.#roots.set(size, root);
  }

  /** Tells how the log stands to each note; called at its end. */
  tell(ledger: SignedLedger, head: number): void {
    for (const { place, origin, epoch, size, root } of this.#opened) {
      const own = this.#roots.get(size);
      const isDeclared = size > ledger.keptOf(epoch);
      const status =
        own === root
          ? 'continued'
          : isDeclared
            ? 'declared lost'
            : size > head
              ? 'rolled back'
              : 'forked';
      this.results.push({ against: place, origin, size, status });
      this.#tell(`checkpoint of ${size} entries from ${place}`, status, head);
    }
  }

  #tell(where: string, status: AgainstResult['status'], head: number): void {
    if (status === 'rolled back') {
      this.findings.manipulation(where, `the log was rolled back: it ends at ${head} entries`);
    } else if (status === 'forked') {
      this.findings.manipulation(where, 'the log has other entries than those: it has forked');
    } else if (status === 'declared lost') {
      this.findings.gap(where, 'is no longer continued: a recovery has declared its entries lost');
    }
  }

  #open({ place, note }: Witnessed): void {
    const { origin, size } = claimIn(place, note);
    const epoch = this.#epochOf(origin);
    try {
      const vkey = epoch === undefined ? this.#namedKey(origin) : keyOf(epoch, origin);
      const { root } = openCheckpoint(note, [parseVerifierKey(vkey)]);
      this.#opened.push({ place, origin, epoch: numberOf(epoch, origin), size, root });
    } catch (error) {
      if (!(error instanceof NoteInvalid || error instanceof CheckpointInvalid)) throw error;
      this.findings.manipulation(
        `checkpoint from ${place}`,
        `is none of this log: ${error.message}`,
      );
      this.results.push({ against: place, origin, size, status: 'not its own' });
    }
  }

  /** Where the log has kept no key of that name: an auditor who names it says that it is the log's. */
  #namedKey(origin: string): string {
    const vkey = this.pinned.find((each) => parseVerifierKey(each).name === origin);
    if (vkey !== undefined) return vkey;
    throw new NoteInvalid(`it is of ${origin}: no epoch of this log has signed as that`);
  }

  /** An epoch may have been lost with all else of its time: then the first one's key signed. */
  #epochOf(origin: string): Epoch | undefined {
    const [first] = this.epochs;
    const own = this.epochs.find((each) => each.origin === origin);
    const isLater = first !== undefined && origin.startsWith(`${first.origin}/epoch-`);
    return own ?? (isLater ? first : undefined);
  }
}

function keyOf({ origin, vkey }: Epoch, name: string): string {
  return origin === name ? vkey : renamedKey(vkey, name);
}

/** Of an epoch that is not kept here, the name tells the number. */
function numberOf(own: Epoch | undefined, name: string): number {
  if (own?.origin === name) return own.epoch;
  return Number(/\/epoch-(\d{1,9})$/.exec(name)?.[1] ?? own?.epoch ?? 1);
}

/**
 * What a note from elsewhere says, before anybody has checked who signed it.
 *
 * @throws CannotRun when it is no checkpoint
 */
export function claimIn(
  place: string,
  note: string,
): { readonly origin: string; readonly size: number } {
  try {
    return claimOf(note);
  } catch (error) {
    throw new CannotRun(`${place} is no signed checkpoint: ${messageOf(error)}`, { cause: error });
  }
}
