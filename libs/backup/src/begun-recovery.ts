import { join } from 'node:path';
import {
  decodeEntry,
  keptCheckpoints,
  LogDamaged,
  openLogFile,
  type RecoveryEpoch,
  type SignedCheckpoint,
  type SignedCheckpoints,
} from '#libs/event-log';
import { hashToBase64, parseCheckpoint } from '#libs/transparency';
import { checkedLog } from './checked-log.js';
import { isSameKey, oneHistory } from './one-history.js';
import { BackupRefused } from './refused.js';

/** A recovery that was begun and has not come to its end. */
export interface Begun {
  readonly epoch: RecoveryEpoch;
  readonly lost: { readonly lostSize: number; readonly lostRoot: string | null };
}

/**
 * The recovery whose epoch has signed nothing; undefined when there is none. The log is looked at
 * as if nothing had been found out before: it must end where the epoch begins, or with that epoch's
 * own event, and hold whatever was signed up to there, and the epoch must tell of the newest note
 * that is kept, where that goes beyond its end.
 *
 * @param newKey whether the operator says that the key before it is gone for good
 * @throws BackupRefused; LogDamaged when no recovery leaves that behind
 */
export function begunRecovery(
  dir: string,
  checkpoints: SignedCheckpoints,
  newKey: boolean,
): Begun | undefined {
  const epochs = oneHistory(checkpoints);
  const epoch = epochs.at(-1);
  if (epoch === undefined || epoch.epoch === 1) return undefined;
  const newest = checkpoints.newest();
  if (newest?.epoch === epoch.epoch) return undefined;
  mustBeMeant(dir, epochs, newKey);
  const { size } = checkedLog(dir, keptCheckpoints(checkpoints));
  if (size < epoch.size || size > epoch.size + 1 || (size > epoch.size && !isTold(dir, epoch))) {
    throw unmade(`it holds ${size} events, and epoch ${epoch.epoch} began at ${epoch.size}`);
  }
  mustTellOf(newest, epoch);
  return { epoch, lost: lossIn(epoch) };
}

/** A key that is not the one before it is somebody's, and only the operator knows whose. */
function mustBeMeant(dir: string, epochs: readonly RecoveryEpoch[], newKey: boolean): void {
  const [before, begun] = epochs.slice(-2);
  if (newKey || isSameKey(before?.vkey ?? '', begun?.vkey ?? '')) return;
  throw new BackupRefused(
    `the recovery of ${dir} that was begun has a new key: if the one before is gone for good, add ` +
      '--new-key',
  );
}

/** Whether the event after those that were kept is the one that this recovery records. */
function isTold(dir: string, { size, epoch, origin, openedAt }: RecoveryEpoch): boolean {
  const file = openLogFile(join(dir, 'log.db'), { readOnly: true });
  try {
    const [row] = file.page(size, 1);
    if (row === undefined) return false;
    const { type, payload } = decodeEntry(...row);
    if (type !== 'LogRecovered') return false;
    const told = JSON.parse(payload) as { epoch?: unknown; origin?: unknown; at?: unknown };
    return told.epoch === epoch && told.origin === origin && told.at === openedAt;
  } finally {
    file.close();
  }
}

/**
 * Where more was signed than the log holds, the epoch's note is of that, or is a later one from
 * elsewhere: less would hide a loss.
 */
function mustTellOf(
  newest: SignedCheckpoint | undefined,
  { lostNote, epoch, size: held }: RecoveryEpoch,
): void {
  if (newest === undefined || newest.size <= held || lostNote === newest.note) return;
  const lost = lostNote === null ? undefined : claimIn(lostNote);
  const number = Number(/\/epoch-(\d{1,9})$/.exec(lost?.origin ?? '')?.[1] ?? 1);
  const isLater =
    number > newest.epoch || (number === newest.epoch && (lost?.size ?? 0) >= newest.size);
  if (lost !== undefined && isLater) return;
  throw unmade(`epoch ${epoch} does not tell of the ${newest.size} events that it had signed`);
}

function lossIn({ lostNote, size: held }: RecoveryEpoch): Begun['lost'] {
  if (lostNote === null) return { lostSize: held, lostRoot: null };
  const { size, root } = claimIn(lostNote);
  return { lostSize: size, lostRoot: hashToBase64(root) };
}

function claimIn(note: string): ReturnType<typeof parseCheckpoint> {
  return parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1));
}

function unmade(why: string): LogDamaged {
  return new LogDamaged(
    `${why}: no recovery that was cut short leaves that; npm run auditor -- verify tells more; ` +
      'put a whole backup back',
  );
}
