import { openCheckpoint, parseVerifierKey } from '#libs/transparency';
import type { Committed } from './log-signer.js';
import type { SignedCheckpoints } from './signed-checkpoints.js';

/** What a log has signed last, as a note and as what it says. */
export interface LastSigned extends Committed {
  readonly epoch: number;
  readonly note: string;
}

/**
 * What the log must still hold of all that it has signed, the smallest first: of an epoch that a
 * recovery has ended, only what was kept then.
 *
 * @throws NoteInvalid, CheckpointInvalid when a note is not the log's own
 */
export function* keptCheckpoints(checkpoints: SignedCheckpoints): Iterable<Committed> {
  const epochs = checkpoints.epochs();
  for (const { epoch, size, note } of checkpoints.all()) {
    const own = epochs.find((each) => each.epoch === epoch);
    const ends = epochs.filter((each) => each.epoch > epoch).map((each) => each.size);
    if (own === undefined || size > Math.min(...ends)) continue;
    yield openCheckpoint(note, [parseVerifierKey(own.vkey)]);
  }
}

/**
 * The newest checkpoint, whichever epoch it is of; undefined when nothing was signed.
 *
 * @throws NoteInvalid, CheckpointInvalid when it is not the log's own
 */
export function lastSigned(checkpoints: SignedCheckpoints): LastSigned | undefined {
  const newest = checkpoints.newest();
  const own = checkpoints.epochs().find(({ epoch }) => epoch === newest?.epoch);
  if (newest === undefined || own === undefined) return undefined;
  const { size, root } = openCheckpoint(newest.note, [parseVerifierKey(own.vkey)]);
  return { epoch: newest.epoch, note: newest.note, size, root };
}
