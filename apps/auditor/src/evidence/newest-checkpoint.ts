import { type OpenedCheckpoint, openCheckpoint, parseVerifierKey } from '#libs/transparency';
import type { LogSource } from '../log-source.js';
import { EventsMissing } from '../whole-log.js';

/** What a log has signed last, and the key that its signature was checked with. */
export interface NewestCheckpoint extends OpenedCheckpoint {
  /** The signed note as it was issued. */
  readonly note: string;
  readonly vkey: string;
}

/**
 * The newest checkpoint of a log since its last recovery; what it signed before then it no longer
 * continues. Undefined when it has signed nothing since.
 *
 * @throws EventsMissing when it has signed more events than it holds
 * @throws NoteInvalid, CheckpointInvalid, NoteKeyInvalid when it is not the log's own
 */
export async function newestCheckpoint(source: LogSource): Promise<NewestCheckpoint | undefined> {
  const epoch = (await source.epochs()).at(-1);
  const newest = (await source.checkpoints()).at(-1);
  if (epoch === undefined || newest?.epoch !== epoch.epoch) return undefined;
  const { note } = newest;
  const checkpoint = openCheckpoint(note, [parseVerifierKey(epoch.vkey)]);
  // Asked for last: a log in use grows meanwhile, and never shrinks.
  const head = await source.head();
  if (checkpoint.size > head) {
    throw new EventsMissing(`it ends at ${head} events, but has signed ${checkpoint.size}`);
  }
  return { ...checkpoint, note, vkey: epoch.vkey };
}
