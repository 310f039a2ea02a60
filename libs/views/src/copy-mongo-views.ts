import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { MongoDatabase } from '#libs/mongo';
import { fieldsOf } from './view-names.js';
import { MongoViewsFile } from './mongo-views-file.js';
import { openSqliteViewsFile } from './sqlite-views.js';
import type { View } from './view.js';
import { generationFile, writePointer } from './views-pointer.js';

interface Pointer {
  readonly _id: string;
  readonly live: number;
}

/**
 * Copies the rows that answer now out of MongoDB into a file of views, as they are stored: for who
 * holds them against rebuilt ones. Their service should rest: rows that move meanwhile differ.
 *
 * @returns whether there were views of these definitions
 */
export async function copyMongoViews(
  database: MongoDatabase,
  dir: string,
  views: readonly View[],
): Promise<boolean> {
  const pointer = await database.collection<Pointer>('pointer').findOne({ _id: 'live' });
  if (pointer === null) return false;
  const file = new MongoViewsFile(database, pointer.live);
  const made = await file.found();
  const isSame = views.every(({ name, fingerprint }) =>
    made?.views.some((view) => view.name === name && view.fingerprint === fingerprint),
  );
  if (made === undefined || !isSame) return false;
  const path = join(dir, generationFile(1));
  await openSqliteViewsFile(path, views).close();
  const db = new DatabaseSync(path);
  try {
    db.exec('BEGIN');
    for (const view of views) await copyRows(db, file, view);
    const park = db.prepare('INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?)');
    for (const [view, of] of await file.parks()) {
      for (const [stream, { position, key, reason, waiting }] of of) {
        park.run(view, stream, position, key, reason, JSON.stringify(waiting));
      }
    }
    db.prepare('UPDATE applied SET position = ?, complete = 1').run(made.applied);
    db.exec('COMMIT');
  } finally {
    db.close();
  }
  writePointer(dir, { live: 1, before: null });
  return true;
}

async function copyRows(db: DatabaseSync, file: MongoViewsFile, view: View): Promise<void> {
  const fields = fieldsOf(view.indexes).map((field) => `f_${field}`);
  const names = ['key', 'row', 'stream', 'position', 'since', ...fields];
  const holders = names.map(() => '?').join(', ');
  const insert = db.prepare(
    `INSERT INTO view_${view.name} (${names.join(', ')}) VALUES (${holders})`,
  );
  for await (const each of file.rows(view.name).find().sort({ _id: 1 })) {
    const columns = each as unknown as Readonly<Record<string, string | number | null>>;
    const values = fields.map((field) => columns[field] ?? null);
    insert.run(each._id, each.row, each.stream, each.position, each.since, ...values);
  }
}
