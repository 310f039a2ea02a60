import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataDirInUse, lockFile } from '#libs/event-log';

/** How far a log was sent. */
export interface RelayState {
  /** The log's name: after a recovery its events are others. */
  readonly source: string;
  /** Everything before it was sent and acknowledged. */
  readonly position: number;
  /** The last position that was sent; -1 for none. */
  readonly last: number;
  /** The last position that was sent to each partition; -1 for none. */
  readonly previous: readonly number[];
}

/** The lease of a log's relay, while it is held. */
export interface RelayHold {
  /** Counts the holders; a checkpoint is saved for the newest only. */
  readonly epoch: number;
  load(): Promise<RelayState | undefined>;
  /** @returns false when another has taken over since: then nothing was saved */
  save(state: RelayState): Promise<boolean>;
  release(): Promise<void>;
}

/** 接力租约: one relay at a time sends a log. */
export interface RelayLease {
  /** Undefined while another holds it. */
  tryToHold(): Promise<RelayHold | undefined>;
}

/**
 * A lease in `DIR/relay.db` that the operating system ends with its process, and beside it how far
 * the log was sent. Losing the newest writes only sends events again.
 */
export function openSqliteRelayLease(dir: string): RelayLease {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return {
    tryToHold: async () => {
      const unlock = tryToLock(join(dir, 'relay-lease.db'));
      if (unlock === undefined) return undefined;
      try {
        return holdOf(join(dir, 'relay.db'), unlock);
      } catch (error) {
        unlock();
        throw error;
      }
    },
  };
}

function tryToLock(path: string): (() => void) | undefined {
  try {
    return lockFile(path);
  } catch (error) {
    if (error instanceof DataDirInUse) return undefined;
    throw error;
  }
}

const SCHEMA = `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS relay (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch INTEGER NOT NULL,
    state TEXT) STRICT;
  INSERT INTO relay (one, epoch) VALUES (1, 1)
    ON CONFLICT (one) DO UPDATE SET epoch = epoch + 1;`;

function holdOf(path: string, unlock: () => void): RelayHold {
  const db = new DatabaseSync(path, { timeout: 5000 });
  db.exec(SCHEMA);
  const row = db.prepare('SELECT epoch, state FROM relay');
  const update = db.prepare('UPDATE relay SET state = ? WHERE epoch = ?');
  const read = () => row.get() as { readonly epoch: number; readonly state: string | null };
  const { epoch } = read();
  return {
    epoch,
    load: async () => {
      const { state } = read();
      return state === null ? undefined : (JSON.parse(state) as RelayState);
    },
    save: async (state) => update.run(JSON.stringify(state), epoch).changes === 1,
    release: async () => {
      db.close();
      unlock();
    },
  };
}
