import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { openReadOnly } from '#libs/stored-log';
import { tableOf } from './sqlite-sql.js';
import type { View } from './view.js';
import { viewsFile } from './views-file.js';

/** A row as it is stored, not believed yet. */
export interface StoredRow {
  readonly key: string;
  /** The row: JSON. */
  readonly row: string;
  /** The columns beside the row, by their names: what queries filter and order by. */
  readonly columns: Readonly<Record<string, SQLOutputValue>>;
}

/** 视图快照: the rows of one service's views as they were at one moment, all of one position. */
export interface ViewsSnapshot {
  /** The first position that had not been applied. */
  readonly position: number;
  count(view: View): number;
  /** In the order of the keys' bytes. */
  rows(view: View): Iterable<StoredRow>;
  close(): void;
}

/** There is no file of these views in the folder: no views, or those of another version. */
export class ViewsMissing extends Error {
  readonly code = 'VIEWS_MISSING';
  constructor(dir: string, file: string, found: readonly string[]) {
    const instead = found.length === 0 ? 'no views' : found.join(', ');
    super(`${dir} has no ${file}, it has ${instead}: take the version that made them`);
  }
}

/**
 * Reads the views in `dir` as they are now, while their service goes on; nothing is written there.
 * Until it is closed, the file of a service at work grows.
 *
 * @throws ViewsMissing, StoreUnreadable
 */
export function openViewsSnapshot(dir: string, views: readonly View[]): ViewsSnapshot {
  const file = viewsFile(views);
  if (!existsSync(join(dir, file))) throw new ViewsMissing(dir, file, viewsFilesIn(dir));
  const db = openReadOnly(join(dir, file));
  try {
    db.exec('BEGIN');
    const { position } = db.prepare('SELECT position FROM applied').get() as { position: number };
    return {
      position,
      count: (view) => {
        const counted = db.prepare(`SELECT count(*) AS rows FROM ${tableOf(view)}`).get();
        return Number(counted?.rows);
      },
      rows: (view) => storedRows(db, view),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

function viewsFilesIn(dir: string): readonly string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir).filter((name) => /^views-.*\.db$/.test(name));
}

function* storedRows(db: DatabaseSync, view: View): Iterable<StoredRow> {
  const all = db.prepare(`SELECT * FROM ${tableOf(view)} ORDER BY key`);
  for (const { key, row, ...columns } of all.iterate()) {
    yield { key: String(key), row: String(row), columns };
  }
}
