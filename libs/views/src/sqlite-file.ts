import { DatabaseSync } from 'node:sqlite';
import type { Held, Parked, Unparked } from './folding.js';
import { createIndexes, createTables, type KeptView } from './sqlite-sql.js';
import { SqliteTable } from './sqlite-table.js';
import type { View } from './view.js';
import { FULL, type RowChanges, WaitingRows } from './waiting-rows.js';

/** A view as the file keeps it: by the definition that made it. */
export interface FiledView extends KeptView {
  readonly version: number;
  readonly fingerprint: string;
  /** Where its rows stopped, since its definition is no more the one that made them. */
  readonly frozenAt: number | null;
}

/** How a file is written: in small steps that survive, or at once and then made durable. */
export type Writing = 'live' | 'bulk';

/** What a batch does, and the first position behind it. */
export interface Folded {
  readonly done: RowChanges;
  readonly position: number;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS applied (position INTEGER NOT NULL, complete INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS view (name TEXT PRIMARY KEY, version INTEGER NOT NULL,
    fingerprint TEXT NOT NULL, indexes TEXT NOT NULL, temporal INTEGER NOT NULL, frozen_at INTEGER)
    STRICT;
  CREATE TABLE IF NOT EXISTS parked (view TEXT NOT NULL, stream TEXT NOT NULL,
    position INTEGER NOT NULL, key TEXT, reason TEXT NOT NULL, waiting TEXT NOT NULL,
    PRIMARY KEY (view, stream)) STRICT;
  CREATE TABLE IF NOT EXISTS unparked (view TEXT NOT NULL, stream TEXT NOT NULL, key TEXT,
    position INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;
  INSERT INTO applied SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM applied);`;

// NORMAL: rows and position move together, so a power cut costs a replay and no row. A row that
// changes often is then copied from the journal into its place once for many changes.
const LIVE = `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000;
  PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 67108864;`;
// Nothing reads the file before it is complete and durable: until then a crash costs all of it.
const BULK = `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000;
  PRAGMA locking_mode = EXCLUSIVE;`;

/** 视图文件: one generation of a service's views, as it lies on disk. */
export type SqliteFile = ReturnType<typeof openSqliteFile>;

/** Opens a file of views; a new one is given the tables of `views`. */
export function openSqliteFile(path: string, views: readonly View[], writing: Writing) {
  const db = new DatabaseSync(path, { timeout: 5000 });
  try {
    db.exec(writing === 'live' ? LIVE : BULK);
    db.exec(TABLES);
    addViews(db, views);
    if (writing === 'live') freezeOthers(db, views);
    const filed = filedViews(db);
    for (const view of filed) db.exec(createTables(view));
    if (writing === 'live') for (const view of filed) db.exec(createIndexes(view));
    return { db, filed, ...contents(db, filed, writing === 'live' ? FULL : 1) };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Into a file that has none yet; one that has some keeps those that it has. */
function addViews(db: DatabaseSync, views: readonly View[]): void {
  if (filedViews(db).length > 0) return;
  const add = db.prepare('INSERT INTO view VALUES (?, ?, ?, ?, ?, NULL)');
  for (const { name, version, fingerprint, indexes, temporal } of views) {
    add.run(name, version, fingerprint, JSON.stringify(indexes), Number(temporal));
  }
}

/** What another definition made goes no further: it would mix the rows of two. */
function freezeOthers(db: DatabaseSync, views: readonly View[]): void {
  const same = new Set(views.map(({ fingerprint }) => fingerprint));
  const freeze = db.prepare(
    'UPDATE view SET frozen_at = (SELECT position FROM applied) WHERE name = ? AND frozen_at IS NULL',
  );
  for (const { name, fingerprint } of filedViews(db)) if (!same.has(fingerprint)) freeze.run(name);
}

export function filedViews(db: DatabaseSync): readonly FiledView[] {
  const rows = db.prepare('SELECT * FROM view ORDER BY rowid').all();
  return rows.map(({ name, version, fingerprint, indexes, temporal, frozen_at }) => ({
    name: String(name),
    version: Number(version),
    fingerprint: String(fingerprint),
    indexes: JSON.parse(String(indexes)) as FiledView['indexes'],
    temporal: temporal === 1,
    frozenAt: frozen_at === null ? null : Number(frozen_at),
  }));
}

function contents(db: DatabaseSync, filed: readonly FiledView[], full: number) {
  const tables = new Map(filed.map((view) => [view.name, new SqliteTable(db, view)]));
  const parks = new Map(filed.map(({ name }) => [name, parksOf(db, name)]));
  const waiting = new WaitingRows(full);
  const write = writer(db, tables);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  let applied = Number(db.prepare('SELECT position FROM applied').get()?.['position'] ?? 0);

  /** Reads are of one moment and cost no lock each; writes are all there or none. */
  function inTransaction<Made>(work: () => Made): Made {
    begin.run();
    try {
      const made = work();
      commit.run();
      return made;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      for (const table of tables.values()) table.forget();
      throw error;
    }
  }

  /** Writes down what waits: before anybody reads the tables. */
  function settle(): void {
    if (waiting.isEmpty) return;
    inTransaction(() => write(waiting.all(), applied));
    waiting.clear();
  }

  function takeParks({ changes }: RowChanges): void {
    for (const [{ name }, { parks: changed }] of changes) {
      for (const [stream, parked] of changed) {
        if (parked === undefined) parks.get(name)?.delete(stream);
        else parks.get(name)?.set(stream, parked);
      }
    }
  }

  return {
    tables,
    parks,
    settle,
    /** The first position that has not been read; the file may be behind it. */
    position: (): number => applied,
    /** The row as the newest event left it. */
    held: (view: string, key: string): Held | undefined => {
      const row = waiting.isEmpty ? undefined : waiting.held(view, key);
      return row === undefined ? tables.get(view)?.held(key) : (row ?? undefined);
    },
    unparked: (): readonly Unparked[] =>
      db.prepare('SELECT * FROM unparked').all() as unknown as readonly Unparked[],
    /**
     * Rows, parks and the position after them, all or nothing.
     *
     * @param work finds out what is done to the rows, of which nothing changes meanwhile
     */
    save(work: () => Folded): void {
      const { done, position, waits } = inTransaction(() => {
        const folded = work();
        const events = folded.position - applied;
        const waits = waiting.mayTake(folded.done, events);
        if (!waits) {
          write(waiting.all(), applied);
          write(folded.done, folded.position);
        }
        return { ...folded, waits };
      });
      if (waits) waiting.take(done, position - applied);
      else waiting.clear();
      applied = position;
      takeParks(done);
      if (waiting.isFull) settle();
    },
    /**
     * Ends filling in bulk, step by step: indexes, and the mark that nothing is missing. Who opens
     * the file next finds it as it is kept when it answers, and has nothing to write.
     */
    *completing(): Generator<undefined, void> {
      settle();
      for (const view of filed) {
        for (const index of createIndexes(view).split('\n')) {
          yield;
          db.exec(index);
        }
      }
      db.exec('UPDATE applied SET complete = 1; PRAGMA journal_mode = WAL;');
    },
    close: (): void => {
      if (!db.isOpen) return;
      try {
        settle();
      } finally {
        db.close();
      }
    },
  };
}

function writer(db: DatabaseSync, tables: ReadonlyMap<string, SqliteTable>) {
  const move = db.prepare('UPDATE applied SET position = ?');
  const park = db.prepare('INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?, ?, ?)');
  const unpark = db.prepare('DELETE FROM parked WHERE view = ? AND stream = ?');
  const addUnparked = db.prepare('INSERT INTO unparked VALUES (?, ?, ?, ?, ?)');

  return ({ changes, unparked }: RowChanges, position: number): void => {
    for (const [{ name }, { rows, past, parks: changed }] of changes) {
      const table = tables.get(name);
      for (const was of past) table?.addPast(was);
      for (const [key, held] of rows) {
        if (held === undefined) table?.remove(key);
        else table?.put(key, held);
      }
      for (const [stream, parked] of changed) {
        if (parked === undefined) unpark.run(name, stream);
        else {
          const { position: at, key, reason, waiting } = parked;
          park.run(name, stream, at, key, reason, JSON.stringify(waiting));
        }
      }
    }
    for (const each of unparked) {
      addUnparked.run(each.view, each.stream, each.key, each.position, each.until);
    }
    move.run(position);
  };
}

function parksOf(db: DatabaseSync, view: string): Map<string, Parked> {
  const rows = db.prepare('SELECT * FROM parked WHERE view = ?').all(view);
  return new Map(
    rows.map(({ stream, position, key, reason, waiting }) => [
      String(stream),
      {
        position: Number(position),
        key: key === null ? null : String(key),
        reason: String(reason),
        waiting: JSON.parse(String(waiting)) as Parked['waiting'],
      },
    ]),
  );
}
