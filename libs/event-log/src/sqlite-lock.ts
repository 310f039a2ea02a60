import { DatabaseSync } from 'node:sqlite';
import { DataDirInUse } from './faults.js';
import { failedAs } from './sqlite-errors.js';

/**
 * Holds `path` for one process: an open exclusive transaction, which the operating system
 * ends with the process, so that a killed one leaves no stale lock behind.
 *
 * @throws DataDirInUse when another process holds it
 */
export function lockFile(path: string): () => void {
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (failedAs('busy', error)) throw new DataDirInUse(path);
    throw error;
  }
  return () => db.close();
}
