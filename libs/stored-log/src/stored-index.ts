import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openReadOnly } from './read-only-file.js';

const PAGE = 1_000;
const COLUMNS_PAGE = 4_000;

export type IndexedHead = readonly [stream: string, position: number, version: number];
export type IndexedCommand = readonly [number: number, position: number];

/** 索引原状: what `index.db` holds, read as it lies. */
export type StoredIndex = NonNullable<ReturnType<typeof openStoredIndex>>;

/** Opens `DIR/index.db`, and reads it as it is now; undefined when there is none. */
export function openStoredIndex(dir: string) {
  const path = join(dir, 'index.db');
  if (!existsSync(path)) return undefined;
  const db = openReadOnly(path);
  db.exec('BEGIN');
  const marks = db.prepare('SELECT position, leaf FROM mark');
  const headOf = db.prepare('SELECT position FROM head WHERE stream = ?');
  const hasCommand = db.prepare('SELECT 1 FROM command WHERE number = ? AND position = ?');
  return {
    db,
    /** Up to where it tells of the log; one row, or none when it tells of nothing. */
    marks: () => marks.all() as unknown as readonly { position: number; leaf: Uint8Array }[],
    /** Some rows at a time, in their order. */
    heads: () =>
      pagesOf<IndexedHead>(db, 'stream, position, version FROM head', 'stream', ([stream]) => [
        stream,
      ]),
    commands: () =>
      pagesOf<IndexedCommand>(
        db,
        'number, position FROM command',
        'number, position',
        (row) => row,
      ),
    /** The same rows as two lists of numbers, divided by commas: a third of the time of rows. */
    commandColumns: () => commandColumns(db),
    headOf: (stream: string) => (headOf.get(stream) as { position: number } | undefined)?.position,
    hasCommand: (number: number, position: number): boolean =>
      hasCommand.get(number, position) !== undefined,
    close: (): void => db.close(),
  };
}

/** Commands by their numbers, and at which positions they begin. */
export type CommandColumns = readonly [numbers: string, positions: string];

function* commandColumns(db: DatabaseSync): Generator<CommandColumns> {
  const pageOf = (where: string) =>
    db.prepare(`SELECT group_concat(number), group_concat(position) FROM (
      SELECT number, position FROM command ${where} ORDER BY number, position
      LIMIT ${COLUMNS_PAGE})`);
  const [first, next] = [pageOf(''), pageOf('WHERE (number, position) > (?, ?)')];
  for (const statement of [first, next]) statement.setReturnArrays(true);
  let page = first.get() as unknown as CommandColumns | readonly [null, null];
  for (let before: readonly bigint[] = []; page[0] !== null;) {
    yield page;
    const last = page.map(lastIn);
    // A table that somebody else has made may hold what has no order: it comes to an end as well.
    if (!isAfter(last, before)) return;
    page = next.get(...last) as unknown as typeof page;
    before = last;
  }
}

/** The last number of a list; 0 where it is none. */
function lastIn(list: string): bigint {
  const number = list.slice(list.lastIndexOf(',') + 1);
  return /^-?\d+$/.test(number) ? BigInt(number) : 0n;
}

function isAfter([number = 0n, position = 0n]: readonly bigint[], before: readonly bigint[]) {
  const [last, lastPosition = 0n] = before;
  return last === undefined || number > last || (number === last && position > lastPosition);
}

/** A page at a time costs half of what a cursor would, and no more memory. */
function* pagesOf<Row>(
  db: DatabaseSync,
  rows: string,
  key: string,
  keyOf: (row: Row) => readonly (string | number)[],
): Generator<readonly Row[]> {
  const order = `ORDER BY ${key} LIMIT ${PAGE}`;
  const after = key.replaceAll(/\w+/g, '?');
  const first = db.prepare(`SELECT ${rows} ${order}`);
  const next = db.prepare(`SELECT ${rows} WHERE (${key}) > (${after}) ${order}`);
  for (const statement of [first, next]) statement.setReturnArrays(true);
  let page = first.all() as unknown as readonly Row[];
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    yield page;
    page = next.all(...keyOf(last)) as unknown as readonly Row[];
  }
}
