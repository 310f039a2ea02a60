import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openReadOnly } from './read-only-file.js';

/** Tiles are numbered through: the level in front of the place within the level. */
const LEVEL = 2 ** 40;
/** No event takes less of the file than this, its row's own bytes among them. */
const ROW_BYTES_MIN = 16;
/** More than any length of an entry, so that a length and a position fit one number. */
export const PREVIOUS_UNIT = 2 ** 17;
const NUL = `CAST(x'00' AS TEXT)`;

/** Where events lie. */
export interface Extent {
  /** The position after the last of the events that can be one log's. */
  readonly head: number;
  /** Rows at positions that no event of this file can have, a few of them, as text. */
  readonly strays: readonly string[];
}

/** A row of the tiles, as it is stored: either may have any length. */
export interface StoredTile {
  readonly root: Uint8Array;
  readonly hashes: Uint8Array;
}

type JoinedEntries = readonly [entries: Uint8Array | null, numbers: string | null];
/** The entry is a blob and the previous position a number or null, unless the table was changed. */
export type EventRow = readonly [position: number, entry: unknown, previous: unknown];

/** 事件原状: what `log.db` holds, read as it lies and believed in nothing. */
export type StoredEvents = ReturnType<typeof openStoredEvents>;

/**
 * Opens `DIR/log.db`.
 *
 * @throws StoreUnreadable when it is not there or cannot be opened here; what `tellsOfDamage` knows
 * when it is no such database
 */
export function openStoredEvents(dir: string) {
  const db = openReadOnly(join(dir, 'log.db'));
  try {
    return {
      db,
      extent: () => extentOf(db),
      ...entriesIn(db),
      ...tilesIn(db),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

function entriesIn(db: DatabaseSync) {
  const joined = db.prepare(
    `SELECT CAST(group_concat(entry, ${NUL}) AS BLOB),
       group_concat(length(entry) + ifnull(previous - (previous < 0), -1) * ${PREVIOUS_UNIT})
     FROM event WHERE position >= ? AND position < ?`,
  );
  const rows = db.prepare(
    `SELECT position, entry, previous FROM event WHERE position >= ? AND position < ?
     ORDER BY position`,
  );
  for (const statement of [joined, rows]) statement.setReturnArrays(true);
  return {
    /**
     * Entries one after the other, with a zero byte between two, and a number for each, divided by
     * commas: the entry's length, and `PREVIOUS_UNIT` times the position that its row names as the
     * stream's event before, -1 for none; what the row has below 0 becomes one less, so that it is
     * not taken for none. One row for all costs half of what a row for each would.
     */
    joined: (from: number, to: number) => joined.get(from, to) as unknown as JoinedEntries,
    /** The same, row by row: also where some are missing or of another kind. */
    rows: (from: number, to: number) => rows.all(from, to) as unknown as readonly EventRow[],
  };
}

function tilesIn(db: DatabaseSync) {
  const tile = db.prepare('SELECT root, hashes FROM tile WHERE id = ?');
  const roots = db.prepare('SELECT root FROM tile WHERE id >= ? AND id < ? ORDER BY id');
  return {
    tile: (level: number, index: number) =>
      tile.get(level * LEVEL + index) as unknown as StoredTile | undefined,
    /** Stored roots of tiles of a level, from one up to, not including, another. */
    tileRoots: (level: number, from: number, to: number): readonly Uint8Array[] =>
      (roots.all(level * LEVEL + from, level * LEVEL + to) as { root: Uint8Array }[]).map(
        ({ root }) => root,
      ),
    /** Numbers of stored tiles beyond those that each level has, a few of them, as text. */
    strayTiles: (counts: readonly number[]): readonly string[] => strayTiles(db, counts),
  };
}

function strayTiles(db: DatabaseSync, counts: readonly number[]): readonly string[] {
  const expected = counts.map(
    (count, level) => `(id >= ${level * LEVEL} AND id < ${level * LEVEL + count})`,
  );
  const sql = `SELECT CAST(id AS TEXT) AS id FROM tile WHERE NOT (${[...expected, '0'].join(' OR ')})
    ORDER BY tile.id LIMIT 20`;
  return (db.prepare(sql).all() as { id: string }[]).map(({ id }) => id);
}

/** A single row at a huge position must not make the log seem as long as that. */
function extentOf(db: DatabaseSync): Extent {
  const { bytes } = db
    .prepare(
      `SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)
         AS bytes`,
    )
    .get() as { bytes: number };
  const limit = Math.ceil(bytes / ROW_BYTES_MIN);
  const newest = db.prepare('SELECT max(position) AS newest FROM event WHERE position < ?');
  const strays = db.prepare(
    // Two ranges of the key: with OR between them SQLite would read every row.
    `SELECT CAST(position AS TEXT) AS position FROM (
       SELECT position FROM event WHERE position < 0
       UNION ALL SELECT position FROM event WHERE position >= ? ORDER BY position LIMIT 20)`,
  );
  return {
    head: Math.max((newest.get(limit) as { newest: number | null }).newest ?? -1, -1) + 1,
    strays: (strays.all(limit) as { position: string }[]).map(({ position }) => position),
  };
}
