import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UnknownFormat } from './faults.js';

const FORMAT = 1;
const BUSY_MS = 5_000;

/** 签名检查点: a signed note (c2sp.org/tlog-checkpoint) over the first `size` events. */
export interface SignedCheckpoint {
  readonly epoch: number;
  readonly size: number;
  readonly note: string;
}

/**
 * 恢复期: the time since a log was put back to an older state than had been signed. What it signs
 * from then on bears a name of its own, since it does not continue what was signed before.
 */
export interface RecoveryEpoch {
  readonly epoch: number;
  /** The origin in its checkpoints, and the public key that they are signed with. */
  readonly origin: string;
  readonly vkey: string;
  /** Events that the log held when the epoch began. */
  readonly size: number;
  /** Why it was opened, and the last note that was signed before; null for the first epoch. */
  readonly reason: string | null;
  readonly lostNote: string | null;
  /** RFC 3339. */
  readonly openedAt: string;
}

/**
 * What a log has signed, in `DIR/checkpoints.db`: a file of its own, so that a log that is put back
 * to an older state does not take its memory of having been longer with it.
 */
export interface SignedCheckpoints {
  newest(): SignedCheckpoint | undefined;
  /** All of them, oldest first. */
  all(): Iterable<SignedCheckpoint>;
  add(checkpoint: SignedCheckpoint): void;
  epochs(): readonly RecoveryEpoch[];
  openEpoch(epoch: RecoveryEpoch): void;
  close(): void;
}

/** @throws UnknownFormat when a newer version wrote them */
export function openSignedCheckpoints(
  dir: string,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): SignedCheckpoints {
  const db = new DatabaseSync(join(dir, 'checkpoints.db'), { timeout: BUSY_MS, readOnly });
  const { user_version: format } = db.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (format > FORMAT) {
    db.close();
    throw new UnknownFormat(`checkpoints of format ${format}`, FORMAT);
  }
  if (!readOnly) createTables(db);
  const newest = db.prepare('SELECT * FROM checkpoint ORDER BY epoch DESC, size DESC LIMIT 1');
  const all = db.prepare('SELECT * FROM checkpoint ORDER BY epoch, size');
  const add = db.prepare('INSERT INTO checkpoint (epoch, size, note) VALUES (?, ?, ?)');
  const epochs = db.prepare(
    `SELECT epoch, origin, vkey, size, reason, lost_note AS lostNote, opened_at AS openedAt
     FROM epoch ORDER BY epoch`,
  );
  const openEpoch = db.prepare(
    `INSERT OR IGNORE INTO epoch (epoch, origin, vkey, size, reason, lost_note, opened_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  return {
    newest: () => newest.get() as SignedCheckpoint | undefined,
    all: () => all.iterate() as Iterable<SignedCheckpoint>,
    add: ({ epoch, size, note }) => void add.run(epoch, size, note),
    epochs: () => epochs.all() as unknown as readonly RecoveryEpoch[],
    openEpoch: ({ epoch, origin, vkey, size, reason, lostNote, openedAt }) =>
      void openEpoch.run(epoch, origin, vkey, size, reason, lostNote, openedAt),
    close: () => db.close(),
  };
}

function createTables(db: DatabaseSync): void {
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS checkpoint (
      epoch INTEGER NOT NULL,
      size INTEGER NOT NULL,
      note TEXT NOT NULL,
      PRIMARY KEY (epoch, size)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS epoch (
      epoch INTEGER PRIMARY KEY,
      origin TEXT NOT NULL,
      vkey TEXT NOT NULL,
      size INTEGER NOT NULL,
      reason TEXT,
      lost_note TEXT,
      opened_at TEXT NOT NULL
    ) STRICT;
    PRAGMA user_version = ${FORMAT};
    COMMIT;`);
}
