import {
  type Hash,
  type NoteSigner,
  openCheckpoint,
  parseVerifierKey,
  rootAt,
  signCheckpoint,
} from '#libs/transparency';
import type { ProvableLog } from './event-log.js';
import { LogDamaged } from './faults.js';
import type { SignedCheckpoint } from './signed-checkpoints.js';

/** What a log has committed to in public. */
export interface Committed {
  readonly size: number;
  readonly root: Hash;
}

/** Where a log's notes are kept; the newest is known without waiting. */
export interface SignedNotes {
  newest(): SignedCheckpoint | undefined;
  add(checkpoint: SignedCheckpoint): void | Promise<void>;
}

/**
 * Signs where a log stands. Each checkpoint must continue the one before: a log that signs two that
 * do not fit together has forked for all to see (c2sp.org/tlog-checkpoint).
 */
export class LogSigner {
  private signing: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: ProvableLog,
    private readonly checkpoints: SignedNotes,
    private readonly signer: NoteSigner,
    private readonly epoch: number,
  ) {}

  /**
   * Signs the log as it is, unless that is signed already.
   *
   * @throws LogDamaged when the log does not continue what was signed last
   */
  async sign(): Promise<void> {
    // One after the other: two at once could sign sizes in the wrong order.
    const next = this.signing.catch(() => undefined).then(() => this.signNow());
    this.signing = next;
    return next;
  }

  /** What this log signed last in this epoch, if the signature is its own. */
  last(): Committed | undefined {
    const newest = this.checkpoints.newest();
    if (newest?.epoch !== this.epoch) return undefined;
    return openCheckpoint(newest.note, [parseVerifierKey(this.signer.vkey)]);
  }

  private async signNow(): Promise<void> {
    const size = await this.log.head();
    const last = this.last();
    if (size === (last?.size ?? 0)) return;
    if (last !== undefined) await this.mustContinue(last, size);
    const root = await rootAt(size, this.log);
    const note = signCheckpoint({ origin: this.signer.name, size, root }, this.signer);
    await this.checkpoints.add({ epoch: this.epoch, size, note });
  }

  private async mustContinue(last: Committed, size: number): Promise<void> {
    if (size > last.size && (await rootAt(last.size, this.log)) === last.root) return;
    throw new LogDamaged(
      `${this.signer.name} does not continue its checkpoint of ${last.size} events: nothing is signed`,
    );
  }
}
