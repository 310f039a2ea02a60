import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lastSigned, openSignedCheckpoints } from '#libs/event-log';

/** How far a log has committed itself. */
export interface Standing {
  /** Its first name. */
  readonly origin: string;
  readonly epoch: number;
  /** Events that it has signed under the name of that epoch, or held when the epoch began. */
  readonly size: number;
}

/** What the checkpoints in `dir` say; undefined when there are none. */
export function standingIn(dir: string): Standing | undefined {
  if (!existsSync(join(dir, 'checkpoints.db'))) return undefined;
  const checkpoints = openSignedCheckpoints(dir, { readOnly: true });
  try {
    const [first] = checkpoints.epochs();
    const last = checkpoints.epochs().at(-1);
    if (first === undefined || last === undefined) return undefined;
    const signed = lastSigned(checkpoints);
    const size = signed?.epoch === last.epoch ? signed.size : last.size;
    return { origin: first.origin, epoch: last.epoch, size };
  } finally {
    checkpoints.close();
  }
}

export function isBefore(one: Standing, other: Standing): boolean {
  return one.epoch < other.epoch || (one.epoch === other.epoch && one.size < other.size);
}
