import { hashToBase64, openCheckpoint, parseVerifierKey } from '#libs/transparency';
import { codeOf, messageOf } from '../fault-code.js';
import { claimOf } from '../sources/published-source.js';
import { entryAt } from './entry-at.js';
import { type Epoch, renamedKey } from './epochs.js';
import type { Findings } from './findings.js';
import type { LeafReader } from './leaf-reader.js';
import type { SignedLedger } from './signed-ledger.js';

/** The log whose recoveries are looked at. */
interface RecoveriesAsked {
  readonly epochs: readonly Epoch[];
  readonly reader: LeafReader;
  readonly head: number;
  /** With every root of the log reached. */
  readonly ledger: SignedLedger;
}

/**
 * A recovery is told twice: in the list of epochs, which nobody signs, and in an event under the
 * tree. What the two say must be the same, and each epoch must have signed something.
 */
export async function checkRecoveries(
  { epochs, reader, head, ledger }: RecoveriesAsked,
  findings: Findings,
): Promise<void> {
  for (const [index, epoch] of epochs.entries()) {
    tellUnsigned(epoch, epochs, ledger, findings);
    if (epoch.epoch === 1) continue;
    const where = `epoch ${epoch.epoch}`;
    const { size, openedAt, reason } = epoch;
    const told = `a recovery at ${size} entries, ${openedAt}: ${reason}`;
    if (size >= ledger.keptOf(epoch.epoch)) {
      findings.notice(where, `${told}; a later one has lost its event`);
      continue;
    }
    const entry = size < head ? await entryAt(reader, size, head) : undefined;
    const event = entry?.type === 'LogRecovered' ? parsed(entry.payload) : undefined;
    const fault = event === undefined ? 'is told by no event' : differenceOf(epoch, event);
    if (fault !== undefined) findings.manipulation(where, fault);
    const noteFault = lostNoteFault(epoch, epochs.slice(0, index), event);
    if (noteFault !== undefined) findings.manipulation(where, noteFault);
    findings.notice(where, told);
  }
}

/** A recovery signs at once, and the next one is refused until it has; nothing is signed of 0 entries. */
function tellUnsigned(
  { epoch }: Epoch,
  epochs: readonly Epoch[],
  ledger: SignedLedger,
  findings: Findings,
): void {
  if (ledger.hasSigned(epoch)) return;
  const where = `epoch ${epoch}`;
  const isNewest = epoch === epochs.at(-1)?.epoch;
  if (epoch > 1) {
    if (isNewest) {
      const told = 'has signed nothing: its recovery was not finished (npm run recover)';
      findings.gap(where, told);
    } else findings.manipulation(where, 'has signed nothing, though another came after it');
  } else if ((epochs[1]?.size ?? 0) > 0) {
    findings.gap(where, 'none of its checkpoints is kept: nothing here tells what it had signed');
  }
}

interface Told {
  readonly epoch?: unknown;
  readonly origin?: unknown;
  readonly reason?: unknown;
  readonly at?: unknown;
  readonly lostSize?: unknown;
  readonly lostRoot?: unknown;
}

function differenceOf(epoch: Epoch, told: Told): string | undefined {
  const pairs = [
    ['number', epoch.epoch, told.epoch],
    ['name', epoch.origin, told.origin],
    ['reason', epoch.reason, told.reason],
    ['time', epoch.openedAt, told.at],
  ] as const;
  const different = pairs.find(([, kept, said]) => kept !== said);
  return different && `its ${different[0]} is not the one in entry ${epoch.size}`;
}

/** The note of what was lost is signed, and is what the event tells of, if that had a root. */
function lostNoteFault(
  { lostNote }: Epoch,
  before: readonly Epoch[],
  told: Told | undefined,
): string | undefined {
  if (lostNote === null) return told?.lostRoot ? 'lacks the note of what was lost' : undefined;
  try {
    const { origin } = claimOf(lostNote);
    const own = before.find((each) => each.origin === origin) ?? before.at(-1);
    if (own === undefined) return 'names a note of no epoch';
    const vkey = own.origin === origin ? own.vkey : renamedKey(own.vkey, origin);
    const { size, root } = openCheckpoint(lostNote, [parseVerifierKey(vkey)]);
    const isTold = told?.lostSize === size && told.lostRoot === hashToBase64(root);
    // Others may have known of more events than were ever signed: then there is no root to tell.
    const isLess = told?.lostRoot === null && Number(told.lostSize) >= size;
    return isTold || isLess
      ? undefined
      : 'the note of what was lost is not the one that it tells of';
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return `the note of what was lost: ${messageOf(error)}`;
  }
}

function parsed(payload: string): Told | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Falls through: what is no JSON tells of no recovery.
    return undefined;
  }
}
