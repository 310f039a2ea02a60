import { DatabaseSync } from 'node:sqlite';
import { LogDamaged } from './faults.js';
import { failedAs } from './sqlite-errors.js';

const STORE_VERSION = 1;

/** Opens the log's file, makes its tables when it is new, and refuses a format it cannot read. */
export function openLogFile(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 5000 });
  try {
    // FULL: an answered command survives a power cut (reference measurements: it is affordable).
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = 8000;`);
    migrate(db, path);
    return db;
  } catch (error) {
    db.close();
    if (failedAs('notADatabase', error)) {
      throw new LogDamaged(`${path} is not an event log`, { cause: error });
    }
    throw error;
  }
}

function migrate(db: DatabaseSync, path: string): void {
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (version === 0) createTables(db);
  else if (version !== STORE_VERSION) {
    throw new LogDamaged(
      `${path} has store format ${version}, this version reads ${STORE_VERSION}`,
    );
  }
}

function createTables(db: DatabaseSync): void {
  // The triggers are a guard rail against mistakes, not a protection against an attacker.
  db.exec(`BEGIN;
    CREATE TABLE event (
      position INTEGER PRIMARY KEY,
      stream TEXT NOT NULL,
      version INTEGER NOT NULL,
      entry TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX event_stream ON event (stream, version);
    CREATE TABLE command (
      id TEXT NOT NULL,
      actor TEXT NOT NULL,
      request_hash TEXT NOT NULL,
      first INTEGER NOT NULL,
      count INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX command_id ON command (id, actor);
    CREATE TRIGGER event_kept BEFORE DELETE ON event
      BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
    CREATE TRIGGER event_unaltered BEFORE UPDATE ON event
      BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
    PRAGMA user_version = ${STORE_VERSION};
    COMMIT;`);
}
