import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openReadOnly } from './read-only-file.js';

/** A signed note as it is stored; nothing says yet that it is one. */
export interface StoredCheckpoint {
  readonly epoch: number;
  readonly size: number;
  readonly note: unknown;
}

/** A recovery epoch as it is stored. */
export interface StoredEpoch {
  readonly epoch: number;
  readonly origin: unknown;
  readonly vkey: unknown;
  readonly size: number;
  readonly reason: unknown;
  readonly lostNote: unknown;
  readonly openedAt: unknown;
}

/** 检查点原状: what `checkpoints.db` holds, read as it lies. */
export type StoredCheckpoints = NonNullable<ReturnType<typeof openStoredCheckpoints>>;

/** Opens `DIR/checkpoints.db`; undefined when there is none. */
export function openStoredCheckpoints(dir: string) {
  const path = join(dir, 'checkpoints.db');
  if (!existsSync(path)) return undefined;
  const db = openReadOnly(path);
  const newest = db.prepare('SELECT max(size) AS size, count(*) AS count FROM checkpoint');
  const epochs = db.prepare(
    `SELECT epoch, origin, vkey, size, reason, lost_note AS lostNote, opened_at AS openedAt
     FROM epoch ORDER BY epoch`,
  );
  const between = db.prepare(
    `SELECT epoch, size, note FROM checkpoint WHERE epoch = ? AND size > ? AND size <= ?
     ORDER BY size`,
  );
  const odd = db.prepare(
    `SELECT epoch, size, note FROM checkpoint
     WHERE size <= 0 OR size > ? OR epoch NOT IN (SELECT epoch FROM epoch)
     ORDER BY epoch, size`,
  );
  const all = db.prepare('SELECT epoch, size, note FROM checkpoint ORDER BY epoch, size');
  return {
    db,
    /** From here on the same is read, whatever is signed meanwhile. */
    freeze: (): void => {
      db.exec('BEGIN');
      newest.get();
    },
    count: (): number => (newest.get() as { count: number }).count,
    /** The largest size that a note is kept of; 0 when there is none. */
    newestSize: (): number => (newest.get() as { size: number | null }).size ?? 0,
    epochs: () => epochs.all() as unknown as readonly StoredEpoch[],
    /** Of one epoch, those over more than `above` and at most `upTo` events. */
    between: (epoch: number, above: number, upTo: number) =>
      between.all(epoch, above, upTo) as unknown as readonly StoredCheckpoint[],
    /** Those that belong to no epoch, or to no log of `head` events. */
    odd: (head: number) => odd.all(head) as unknown as readonly StoredCheckpoint[],
    all: () => all.iterate() as Iterable<unknown> as Iterable<StoredCheckpoint>,
    close: (): void => db.close(),
  };
}
