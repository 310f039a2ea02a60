import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { resultCodeOf, StoreUnreadable, tellsOfDamage } from './store-faults.js';

const BUSY_MS = 2_000;
const READ_ONLY = 8;
const CANNOT_OPEN = 14;

/**
 * Opens a database for reading, in use or not. One that nobody has open (it has no `-wal` file) is
 * opened as immutable, since SQLite would otherwise put files beside it, and could not on a medium
 * that takes none. One with a `-wal` file is read with it, as its owner reads it.
 *
 * @throws StoreUnreadable when it cannot be opened here
 */
export function openReadOnly(path: string): DatabaseSync {
  if (!existsSync(path)) throw new StoreUnreadable(`${path} is not there`);
  if (statSync(path).isDirectory()) {
    throw new StoreUnreadable(`${path} is a folder, not a database`);
  }
  const location = isTakenIntoUse(path) ? path : immutable(path);
  try {
    const db = new DatabaseSync(location, { readOnly: true, timeout: BUSY_MS });
    // Only now the file is looked at.
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return db;
  } catch (error) {
    throw cannotOpen(path, error);
  }
}

/** Whether a process has the database open, or had it and was killed. */
export function isTakenIntoUse(path: string): boolean {
  return existsSync(`${path}-wal`);
}

function immutable(path: string): URL {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return url;
}

function cannotOpen(path: string, error: unknown): unknown {
  const result = resultCodeOf(error);
  if (result === undefined || tellsOfDamage(error)) return error;
  if (result !== READ_ONLY && result !== CANNOT_OPEN) {
    const told = error instanceof Error ? error.message : String(error);
    return new StoreUnreadable(`${path} cannot be read here: ${told}`, { cause: error });
  }
  const help = isTakenIntoUse(path)
    ? `its newest part is in ${path}-wal, which cannot be read where nothing can be written: copy the folder and read the copy`
    : 'may this user read it?';
  return new StoreUnreadable(`${path} cannot be opened: ${help}`, { cause: error });
}
