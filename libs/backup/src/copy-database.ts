import { chmodSync, closeSync, openSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { BackupRefused } from './refused.js';

/** How long a writer's commit is waited for. */
const BUSY_MS = 5_000;
/** Pages that are copied before others get their turn. */
const PAGES = 1_000;

/** 快照: a database as it was at one moment, whatever is written since. */
export interface Snapshot {
  copyTo(path: string): Promise<void>;
  close(): void;
}

/** Keeps a database as it is now; until it is closed, its `-wal` grows. */
export function openSnapshot(path: string): Snapshot {
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    // The transaction begins with its first reading.
    db.exec('BEGIN; SELECT count(*) FROM sqlite_schema;');
    return { copyTo: (target) => copy(db, target), close: () => db.close() };
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Keeps several databases as they all were at the same moment: writers wait while the snapshots are
 * opened, some milliseconds, and go on before anything is copied.
 *
 * @throws BackupRefused when one of them is written without a pause
 */
export function openSnapshots(paths: readonly string[]): readonly Snapshot[] {
  const holders = paths.map((path) => new DatabaseSync(path, { timeout: BUSY_MS }));
  const opened: Snapshot[] = [];
  try {
    for (const holder of holders) hold(holder);
    for (const path of paths) opened.push(openSnapshot(path));
    return opened;
  } catch (error) {
    for (const snapshot of opened) snapshot.close();
    throw error;
  } finally {
    for (const holder of holders) holder.close();
  }
}

function hold(db: DatabaseSync): void {
  try {
    db.exec('BEGIN IMMEDIATE');
  } catch (cause) {
    const path = db.location() ?? 'a log';
    throw new BackupRefused(`${path} could not be held for a moment: try again`, { cause });
  }
}

/** Copies a database as it is now. */
export async function copyDatabase(source: string, target: string): Promise<void> {
  const snapshot = openSnapshot(source);
  try {
    await snapshot.copyTo(target);
  } finally {
    snapshot.close();
  }
}

/** The copy is one file, for its owner only; SQLite's online backup takes a transaction's view. */
async function copy(db: DatabaseSync, target: string): Promise<void> {
  closeSync(openSync(target, 'wx', 0o600));
  chmodSync(target, 0o600);
  await backup(db, target, { rate: PAGES });
  const copied = new DatabaseSync(target);
  try {
    // Else a reader of the copy would need a `-wal` and a `-shm` beside it.
    copied.exec('PRAGMA journal_mode = DELETE');
  } finally {
    copied.close();
  }
}
