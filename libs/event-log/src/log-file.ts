import { DatabaseSync } from 'node:sqlite';
import { type CompletedTile, type Hash, hashFromBytes, hashToBytes } from '#libs/transparency';
import { LogDamaged } from './faults.js';
import { chainQuery, JOINED_ENTRIES, type JoinedEntries, takeApart } from './joined-entries.js';
import { failedAs } from './sqlite-errors.js';

/** Format 1 kept JSON without hashes; nothing of it could be proven. */
export const STORE_FORMAT = 2;
/** Tiles are numbered through: the level in front of the place within the level. */
const LEVEL = 2 ** 40;
/** How long a write waits for another process, which holds everything up; then it is tried again. */
const BUSY_MS = 50;
/** While the file is opened: another process may be making its tables, or mending it after a kill. */
const OPENING_MS = 10_000;
/**
 * Of the file, so much is read through memory: the events of a stream lie far apart, and a system
 * call for each costs a third of loading it. The pages belong to the system's cache either way.
 */
const MAPPED_BYTES = 256 * 1024 * 1024;
/** Of a new file: some events of half a kilobyte leave less of a page empty, and fewer to write. */
const PAGE_BYTES = 8_192;
/** 32 MB of them wait in the write-ahead log, which keeps that size and is written over. */
const CHECKPOINT_PAGES = 4_000;

/** So many entries are read into one piece of memory, which is kept as long as one of them is. */
const RUN = 256;

/** A stored event: its position and the bytes of its entry. */
export type EntryRow = readonly [position: number, entry: Uint8Array];

/** The file `log.db`: entries as they were hashed, and the full tiles over them. */
export type LogFile = ReturnType<typeof openLogFile>;

/**
 * Opens the file, and makes its tables when it is new.
 *
 * @throws LogDamaged when it is no event log of format 2 or later
 */
export function openLogFile(path: string, { readOnly }: { readonly readOnly: boolean }) {
  const db = new DatabaseSync(path, { timeout: OPENING_MS, readOnly });
  try {
    const format = readOnly ? formatOf(db) : prepareFile(db);
    if (format < STORE_FORMAT) {
      throw new LogDamaged(
        `${path} has store format ${format}, this version reads ${STORE_FORMAT}`,
      );
    }
    const opened = {
      path,
      format,
      db,
      ...reading(path, db),
      ...(readOnly ? refusing : writing(db)),
    };
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    return opened;
  } catch (error) {
    db.close();
    if (failedAs('notADatabase', error)) {
      throw new LogDamaged(`${path} is not an event log`, { cause: error });
    }
    throw error;
  }
}

function reading(path: string, db: DatabaseSync) {
  const page = db.prepare(
    'SELECT position, entry FROM event WHERE position >= ? ORDER BY position LIMIT ?',
  );
  const range = db.prepare(
    `SELECT ${JOINED_ENTRIES} FROM event WHERE position >= ? AND position < ?`,
  );
  const one = db.prepare('SELECT entry FROM event WHERE position = ?');
  const newest = db.prepare('SELECT coalesce(max(position), -1) FROM event');
  const hashes = db.prepare('SELECT hashes FROM tile WHERE id = ?');
  const tiles = db.prepare('SELECT count(*) FROM tile WHERE id >= ? AND id < ?');
  const roots = db.prepare('SELECT root FROM tile WHERE id >= ? AND id < ? ORDER BY id');
  const chain = db.prepare(chainQuery());
  for (const statement of [chain, page, range, one, newest, hashes, tiles, roots]) {
    statement.setReturnArrays(true);
  }
  const value = (row: unknown): unknown => (row as readonly unknown[] | undefined)?.[0];
  const apart = (row: JoinedEntries): readonly Uint8Array[] => {
    const entries = takeApart(row);
    if (entries !== undefined) return entries;
    throw new LogDamaged(`${path} has an entry that is none`);
  };
  return {
    /** The position after the newest event. */
    head: (): number => Number(value(newest.get())) + 1,
    page: (from: number, limit: number) => page.all(from, limit) as unknown as readonly EntryRow[],
    /** Entries from one position up to, not including, another: as many as are there. */
    range: (from: number, to: number): readonly Uint8Array[] => {
      const entries: Uint8Array[] = [];
      for (let at = from; at < to; at += RUN) {
        const row = range.get(at, Math.min(at + RUN, to)) as unknown as JoinedEntries;
        for (const entry of apart(row)) entries.push(entry);
      }
      return entries;
    },
    entry: (position: number) => value(one.get(position)) as Uint8Array | undefined,
    /** An event, the one before it in its stream, and so on: as many as are read at once. */
    chain: (position: number): readonly Uint8Array[] => {
      const row = chain.get(position) as unknown as JoinedEntries | undefined;
      return row === undefined ? [] : apart(row);
    },
    tile: (level: number, index: number) =>
      value(hashes.get(level * LEVEL + index)) as Uint8Array | undefined,
    tileCount: (level: number): number =>
      Number(value(tiles.get(level * LEVEL, (level + 1) * LEVEL))),
    /** Roots of the full tiles `from` to `to` of a level, as many of them as there are. */
    tileRoots: (level: number, from: number, to: number): readonly Hash[] =>
      (roots.all(level * LEVEL + from, level * LEVEL + to) as unknown as readonly unknown[]).map(
        (row) => hashFromBytes(value(row) as Uint8Array),
      ),
    /** What `work` reads is of one moment, whatever other processes commit meanwhile. */
    ofOneMoment: <Found>(work: () => Found): Found => {
      db.exec('BEGIN');
      try {
        return work();
      } finally {
        if (db.isTransaction) db.exec('ROLLBACK');
      }
    },
    close: (): void => db.close(),
  };
}

function writing(db: DatabaseSync) {
  const addEntry = db.prepare('INSERT INTO event (position, previous, entry) VALUES (?, ?, ?)');
  const addTile = db.prepare('INSERT INTO tile (id, root, hashes) VALUES (?, ?, ?)');
  return {
    /** @returns false when another process is writing */
    begin: (): boolean => {
      try {
        db.exec('BEGIN IMMEDIATE');
        return true;
      } catch (error) {
        if (failedAs('busy', error)) return false;
        throw error;
      }
    },
    commit: (): void => db.exec('COMMIT'),
    rollback: (): void => {
      if (db.isTransaction) db.exec('ROLLBACK');
    },
    /** `previous` repeats what the entry says, so that a stream can be followed in one query. */
    addEntry: (position: number, previous: number | null, entry: Uint8Array): void =>
      void addEntry.run(position, previous, entry),
    addTile: ({ level, index, root, hashes }: CompletedTile): void =>
      void addTile.run(level * LEVEL + index, hashToBytes(root), hashes),
  };
}

const refuse = (): never => {
  throw new Error('the log was opened for reading only');
};
const refusing = {
  begin: refuse,
  commit: refuse,
  rollback: refuse,
  addEntry: refuse,
  addTile: refuse,
} satisfies Record<keyof ReturnType<typeof writing>, () => never>;

function formatOf(db: DatabaseSync): number {
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

function prepareFile(db: DatabaseSync): number {
  // FULL: an answered command survives a power cut (reference measurements: it is affordable).
  db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA mmap_size = ${MAPPED_BYTES};`);
  if (formatOf(db) === 0) createTables(db);
  return formatOf(db);
}

function createTables(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE');
  // Another process may have made them while this one waited.
  if (formatOf(db) === 0) {
    // The triggers are a guard rail against mistakes, not a protection against an attacker.
    db.exec(`
      CREATE TABLE event (
        position INTEGER PRIMARY KEY,
        previous INTEGER,
        entry BLOB NOT NULL
      ) STRICT;
      CREATE TABLE tile (id INTEGER PRIMARY KEY, root BLOB NOT NULL, hashes BLOB NOT NULL) STRICT;
      ${['event', 'tile'].map(guards).join('')}
      PRAGMA user_version = ${STORE_FORMAT};`);
  }
  db.exec('COMMIT');
}

function guards(table: string): string {
  return `
    CREATE TRIGGER ${table}_kept BEFORE DELETE ON ${table}
      BEGIN SELECT RAISE(ABORT, '${table}s are never deleted'); END;
    CREATE TRIGGER ${table}_unaltered BEFORE UPDATE ON ${table}
      BEGIN SELECT RAISE(ABORT, '${table}s are never changed'); END;`;
}
