import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { KeysUnreadable } from './faults.js';
import { KEY_BYTES } from './suite.js';

const STORE_VERSION = 1;
/** https://www.sqlite.org/rescode.html#notadb */
const NOT_A_DATABASE = 26;

/**
 * Opens the file of the keys, readable by its owner only, and makes its tables when it is new.
 *
 * @throws KeysUnreadable when a newer version wrote it, or when it is something else
 */
export function openKeyFile(path: string, timeoutMs: number): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite gives its -wal and -shm the mode of the file, which must be right before they are made.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const db = new DatabaseSync(path, { timeout: timeoutMs });
  try {
    // FULL: a key is durable before what it seals. secure_delete: what is destroyed is overwritten.
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;`);
    inTransaction(db, () => migrate(db, path));
    return db;
  } catch (error) {
    db.close();
    if (isNoDatabase(error)) throw new KeysUnreadable(`${path} is no key file`, { cause: error });
    throw error;
  }
}

/** All of `work` or nothing, alone among all processes. */
export function inTransaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function migrate(db: DatabaseSync, path: string): void {
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (version === 0) createTables(db);
  else if (version !== STORE_VERSION) {
    throw new KeysUnreadable(
      `${path} has store format ${version}, this version reads ${STORE_VERSION}: ` +
        'run the version that wrote it',
    );
  }
}

function createTables(db: DatabaseSync): void {
  // Rows are only added at the end and never go: SQLite then never moves a key from page to page,
  // which would leave a copy of it behind. The triggers are a guard rail against mistakes.
  db.exec(`CREATE TABLE subject_key (
      id INTEGER PRIMARY KEY,
      subject TEXT NOT NULL UNIQUE,
      key BLOB CHECK (length(key) = ${KEY_BYTES}),
      destroyed_at TEXT,
      CHECK ((key IS NULL) = (destroyed_at IS NOT NULL))
    ) STRICT;
    CREATE TABLE log_key (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      key BLOB NOT NULL CHECK (length(key) = ${KEY_BYTES})
    ) STRICT;
    CREATE TRIGGER subject_kept BEFORE DELETE ON subject_key
      BEGIN SELECT RAISE(ABORT, 'a key is destroyed, its row stays'); END;
    CREATE TRIGGER destroyed_for_ever BEFORE UPDATE ON subject_key WHEN new.key IS NOT NULL
      BEGIN SELECT RAISE(ABORT, 'a key is destroyed, never replaced'); END;
    PRAGMA user_version = ${STORE_VERSION};`);
  db.prepare('INSERT INTO log_key (id, key) VALUES (1, ?)').run(randomBytes(KEY_BYTES));
}

function isNoDatabase(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return false;
  return (Number(error.errcode) & 0xff) === NOT_A_DATABASE;
}
