import { join } from 'node:path';
import { checkLog, type Committed, LogDamaged } from '#libs/event-log';

/**
 * Where the log in `dir` ends, once all of it was read and found to be what was signed.
 *
 * @param signed the smallest first
 * @throws LogDamaged that says what is wrong, and what to do
 */
export function checkedLog(dir: string, signed: Iterable<Committed>): Committed {
  try {
    return checkLog(join(dir, 'log.db'), ascending(signed));
  } catch (cause) {
    if (!(cause instanceof LogDamaged)) throw cause;
    const advice = 'it was altered: npm run auditor -- verify tells more; put a whole backup back';
    throw new LogDamaged(`${cause.message}; ${advice}`, { cause });
  }
}

/** After a size that is less than the one before none would be looked at any more. */
function* ascending(signed: Iterable<Committed>): Iterable<Committed> {
  let last = 0;
  for (const each of signed) {
    if (each.size < last) {
      throw new LogDamaged(`checkpoints.db has ${each.size} signed events after ${last}`);
    }
    last = each.size;
    yield each;
  }
}
