import { DatabaseSync } from 'node:sqlite';
import { type Hash, hashFromBytes, hashToBytes } from '#libs/transparency';
import { LogDamaged } from './faults.js';
import type { StreamHead } from './log-state.js';
import { rowAdder } from './row-batches.js';
import { failedAs } from './sqlite-errors.js';

const INDEX_FORMAT = 1;
const BUSY_MS = 2_000;
/** A service has a handful of kinds of streams; more than this would be somebody's mistake. */
const KINDS_MAX = 1_000;

/** Up to where the index tells of the log, and the leaf hash of the last event before. */
export interface IndexMark {
  readonly position: number;
  readonly leaf: Hash | undefined;
}

/** The newest event of a stream, as the index keeps it. */
export interface IndexedHead extends StreamHead {
  readonly stream: string;
}

/** Where a command with this number begins. */
export interface IndexedCommand {
  readonly number: number;
  readonly position: number;
}

/** The file `index.db`: the newest event of each stream, and where each command begins. */
export type LogIndex = ReturnType<typeof openLogIndex>;

/**
 * Opens the index. It follows the log at a distance and only repeats what the log says, so that it
 * may be deleted at any time, and need not be durable: `synchronous = NORMAL` keeps it whole.
 */
export function openLogIndex(path: string) {
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    return indexIn(db);
  } catch (error) {
    db.close();
    if (!failedAs('notADatabase', error)) throw error;
    throw new LogDamaged(`${path} is no index: remove it, and it is made anew`, { cause: error });
  }
}

function indexIn(db: DatabaseSync) {
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    PRAGMA wal_autocheckpoint = 8000;`);
  const isOther = () => formatOf(db) !== INDEX_FORMAT;
  // Asked again when it is this process's turn: another may have made them meanwhile.
  if (isOther()) createTables(db, isOther);
  const head = db.prepare('SELECT position, version FROM head WHERE stream = ?');
  const firsts = db.prepare('SELECT position FROM command WHERE number = ?');
  const mark = db.prepare('SELECT position, leaf FROM mark');
  for (const statement of [head, firsts, mark]) statement.setReturnArrays(true);
  const setHeads = rowAdder(
    db,
    3,
    (rows) => `INSERT INTO head (stream, position, version) VALUES ${rows}
    ON CONFLICT (stream) DO UPDATE SET position = excluded.position, version = excluded.version
    WHERE excluded.position > head.position`,
  );
  const addCommands = rowAdder(
    db,
    2,
    (rows) => `INSERT OR IGNORE INTO command (number, position) VALUES ${rows}`,
  );
  const setMark = db.prepare(`INSERT INTO mark (id, position, leaf) VALUES (0, ?, ?)
    ON CONFLICT (id) DO UPDATE SET position = excluded.position, leaf = excluded.leaf`);
  const newest = newestNames(db);
  return {
    headOf: (stream: string): StreamHead | undefined => {
      if (newest.isAfterAll(stream)) return undefined;
      const row = head.get(stream) as unknown as readonly [number, number] | undefined;
      return row && { position: row[0], version: row[1] };
    },
    /** Positions at which the command may begin: each entry has to be looked at. */
    candidates: (command: number): readonly number[] =>
      newest.isAfterAllCommands(command)
        ? []
        : (firsts.all(command) as unknown as readonly [number][]).map(([position]) => position),
    /** The highest number of all commands in it; -1 when there is none. */
    newestCommand: (): number => {
      // Asked anew: another process may have added to the index.
      newest.forget();
      return newest.command();
    },
    mark: (): IndexMark => {
      const row = mark.get() as unknown as readonly [number, Uint8Array] | undefined;
      if (row === undefined) return { position: 0, leaf: undefined };
      return { position: row[0], leaf: hashFromBytes(row[1]) };
    },
    begin: (): void => db.exec('BEGIN IMMEDIATE'),
    addHeads: (heads: readonly IndexedHead[]): void => {
      setHeads(heads.flatMap(({ stream, position, version }) => [stream, position, version]));
      for (const { stream } of heads) newest.note(stream);
    },
    addCommands: (commands: readonly IndexedCommand[]): void => {
      addCommands(commands.flatMap(({ number, position }) => [number, position]));
      for (const { number } of commands) newest.noteCommand(number);
    },
    commit: (position: number, leaf: Hash): void => {
      setMark.run(position, hashToBytes(leaf));
      db.exec('COMMIT');
    },
    rollback: (): void => {
      if (db.isTransaction) db.exec('ROLLBACK');
    },
    /** Another process has added to the index. */
    refresh: (): void => newest.forget(),
    /** Forgets everything, for an index that tells of another log. */
    clear: (): void => {
      createTables(db, () => true);
      newest.forget();
    },
    close: (): void => db.close(),
  };
}

function formatOf(db: DatabaseSync): number {
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

function createTables(db: DatabaseSync, areWanted: () => boolean): void {
  db.exec('BEGIN IMMEDIATE');
  if (areWanted()) db.exec(TABLES);
  db.exec('COMMIT');
}

const TABLES = `
    DROP TABLE IF EXISTS head;
    DROP TABLE IF EXISTS command;
    DROP TABLE IF EXISTS mark;
    CREATE TABLE head (
      stream TEXT PRIMARY KEY,
      position INTEGER NOT NULL,
      version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE command (
      number INTEGER NOT NULL,
      position INTEGER NOT NULL,
      PRIMARY KEY (number, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE mark (
      id INTEGER PRIMARY KEY CHECK (id = 0),
      position INTEGER NOT NULL,
      leaf BLOB NOT NULL
    ) STRICT;
    PRAGMA user_version = ${INDEX_FORMAT};`;

/**
 * The greatest names in the index. Ids begin with their time (RFC 9562, versions 7 and 8), so that
 * a new one is greater than all of its kind, and need not be looked for among them.
 */
function newestNames(db: DatabaseSync) {
  const lastStream = db.prepare('SELECT max(stream) FROM head WHERE stream >= ? AND stream < ?');
  const lastCommand = db.prepare('SELECT max(number) FROM command');
  for (const statement of [lastStream, lastCommand]) statement.setReturnArrays(true);
  const value = (row: unknown): unknown => (row as readonly unknown[])[0];
  const streams = new Map<string, string>();
  let command: number | undefined;

  function lastOf(kind: string): string {
    const known = streams.get(kind);
    if (known !== undefined) return known;
    // The character after the hyphen ends the range of names that begin with `KIND-`.
    const last = textOf(value(lastStream.get(`${kind}-`, `${kind}.`)));
    if (streams.size < KINDS_MAX) streams.set(kind, last);
    return last;
  }

  function lastNumber(): number {
    command ??= Number(value(lastCommand.get()) ?? -1);
    return command;
  }

  return {
    isAfterAll: (stream: string): boolean => {
      const hyphen = stream.indexOf('-');
      // SQLite compares bytes, and this language UTF-16 units: for ASCII the order is the same.
      const isAscii = Buffer.byteLength(stream) === stream.length;
      return hyphen > 0 && isAscii && stream > lastOf(stream.slice(0, hyphen));
    },
    command: lastNumber,
    isAfterAllCommands: (number: number): boolean => number > lastNumber(),
    note: (stream: string): void => {
      const kind = stream.slice(0, Math.max(stream.indexOf('-'), 0));
      const last = streams.get(kind);
      if (last !== undefined && stream > last) streams.set(kind, stream);
    },
    noteCommand: (number: number): void => {
      if (command !== undefined && number > command) command = number;
    },
    forget: (): void => {
      streams.clear();
      command = undefined;
    },
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
