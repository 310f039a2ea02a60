import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What the file of accounts is called, in the data folder and in a backup. */
export const ACCOUNT_FILE = 'accounts.db';
const FORMAT = 1;
const BUSY_MS = 10_000;

/** The file of accounts cannot be used as it is. */
export class AccountFileWrong extends Error {
  readonly code = 'ACCOUNT_FILE_WRONG';
}

const TABLES = `
  CREATE TABLE account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'first-account')),
    password TEXT NOT NULL,
    given_until INTEGER,
    disabled_at INTEGER,
    made_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE session (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'first-account')),
    secret BLOB NOT NULL,
    generation INTEGER NOT NULL,
    renewed_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX session_of_subject ON session (subject, used_at);
  CREATE TABLE failed (
    whose TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    locked_until INTEGER NOT NULL,
    last_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX failed_last ON failed (last_at);
  CREATE TABLE used (id TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT;
  CREATE INDEX used_until ON used (until);
  PRAGMA user_version = ${FORMAT};`;

/**
 * Opens `DIR/accounts.db`, and makes it, for its owner only. Several processes may: the platform and
 * `npm run accounts` beside it. What is deleted is overwritten, since names are personal data.
 *
 * @throws AccountFileWrong
 */
export function openAccountFile(dir: string): DatabaseSync {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, ACCOUNT_FILE);
  // SQLite gives the files beside it the same mode.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
    inTransaction(db, () => {
      if (formatOf(db) === 0) db.exec(TABLES);
    });
    mustBeKnown(path, formatOf(db));
    return db;
  } catch (error) {
    db.close();
    throw error instanceof AccountFileWrong
      ? error
      : new AccountFileWrong(`${path} cannot be opened: ${String(error)}`, { cause: error });
  }
}

/** The same to read only; undefined where there is none. */
export function readAccountFile(dir: string): DatabaseSync | undefined {
  const path = join(dir, ACCOUNT_FILE);
  if (!existsSync(path)) return undefined;
  const db = new DatabaseSync(path, { timeout: BUSY_MS, readOnly: true });
  if (formatOf(db) === FORMAT) return db;
  db.close();
  return undefined;
}

/** Ends every session of a file that nobody has open: of a copy, which might be put back one day. */
export function forgetSessions(path: string): void {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA journal_mode = DELETE; PRAGMA secure_delete = ON; DELETE FROM session');
  } finally {
    db.close();
  }
}

/** All of it or nothing; nobody else writes meanwhile. */
export function inTransaction<Value>(db: DatabaseSync, work: () => Value): Value {
  db.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    db.exec('COMMIT');
    return value;
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function formatOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}

function mustBeKnown(path: string, format: number): void {
  if (format === FORMAT) return;
  throw new AccountFileWrong(`${path} has format ${format}, this version reads ${FORMAT}`);
}
