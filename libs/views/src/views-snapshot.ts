import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { openReadOnly } from '#libs/stored-log';
import { filedViews } from './sqlite-file.js';
import { tableOf } from './sqlite-sql.js';
import type { View } from './view.js';
import { generationFile, readPointer } from './views-pointer.js';

/** A row as it is stored, not believed yet. */
export interface StoredRow {
  readonly key: string;
  /** The row: JSON. */
  readonly row: string;
  /** The columns beside the row: what queries filter and order by, and what wrote it when. */
  readonly columns: Readonly<Record<string, SQLOutputValue>>;
}

/** A stream that a view does not take, as it is stored. */
export interface StoredPark {
  readonly view: string;
  readonly stream: string;
  readonly position: number;
  readonly reason: string;
}

/** 视图快照: the rows of one service's views as they were at one moment, all of one position. */
export interface ViewsSnapshot {
  readonly path: string;
  /** The first position that had not been applied. */
  readonly position: number;
  readonly parked: readonly StoredPark[];
  count(view: View): number;
  /** In the order of the keys' bytes. */
  rows(view: View): Iterable<StoredRow>;
  close(): void;
}

/** There are no views of these definitions in the folder: none, or those of another version. */
export class ViewsMissing extends Error {
  readonly code = 'VIEWS_MISSING';
  constructor(where: string, found: string) {
    super(`${where} has no views of this version, ${found}: take the version that made them`);
  }
}

/**
 * Reads the views in `dir` that answer now, while their service goes on; nothing is written there.
 * Until it is closed, the file of a service at work grows.
 *
 * @throws ViewsMissing, StoreUnreadable
 */
export function openViewsSnapshot(dir: string, views: readonly View[]): ViewsSnapshot {
  const pointer = existsSync(dir) ? readPointer(dir) : undefined;
  if (pointer === undefined) throw new ViewsMissing(dir, `it has ${filesIn(dir)}`);
  return openFileSnapshot(join(dir, generationFile(pointer.live)), views);
}

/** @throws ViewsMissing, StoreUnreadable */
export function openFileSnapshot(path: string, views: readonly View[]): ViewsSnapshot {
  const db = openReadOnly(path);
  try {
    db.exec('BEGIN');
    assertMadeBy(db, path, views);
    const { position } = db.prepare('SELECT position FROM applied').get() as { position: number };
    const parked = db
      .prepare('SELECT view, stream, position, reason FROM parked ORDER BY position, view')
      .all() as unknown as readonly StoredPark[];
    return {
      path,
      position,
      parked,
      count: (view) => {
        const counted = db.prepare(`SELECT count(*) AS rows FROM ${tableOf(view)}`).get();
        return Number(counted?.['rows']);
      },
      rows: (view) => storedRows(db, view),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

function assertMadeBy(db: DatabaseSync, path: string, views: readonly View[]): void {
  const filed = filedViews(db);
  for (const view of views) {
    const found = filed.find(({ name }) => name === view.name);
    if (found?.fingerprint === view.fingerprint && found.frozenAt === null) continue;
    const told = found === undefined ? `not ${view.name}` : `but another ${view.name}`;
    throw new ViewsMissing(path, told);
  }
}

function filesIn(dir: string): string {
  const names = existsSync(dir) ? readdirSync(dir) : [];
  return names.filter((name) => /^views-.*\.db$/.test(name)).join(', ') || 'no views';
}

function* storedRows(db: DatabaseSync, view: View): Iterable<StoredRow> {
  const all = db.prepare(`SELECT * FROM ${tableOf(view)} ORDER BY key`);
  for (const { id: _, key, row, ...columns } of all.iterate()) {
    yield { key: String(key), row: String(row), columns };
  }
}
