import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MongoCollection, MongoDatabase } from '#libs/mongo';
import { KeysUnreadable } from './faults.js';
import { inTransaction, openKeyFile } from './key-file.js';
import type { KeyDocument, OwnDocument } from './mongo-keys.js';

const TIMEOUT_MS = 5_000;
const PAGE = 1_000;
const FORMAT = 1;

/** All keys of a service, for who moves them from one store to another. */
export interface KeptKeys {
  readonly logKey: Uint8Array;
  readonly subjects: readonly {
    readonly subject: string;
    /** Null once it was destroyed, at `destroyedAt` (RFC 3339). */
    readonly key: Uint8Array | null;
    readonly destroyedAt: string | null;
  }[];
}

/** Undefined when the folder has none. */
export function keysInFolder(dir: string): KeptKeys | undefined {
  const path = join(dir, 'keys.db');
  if (!existsSync(path)) return undefined;
  const db = openKeyFile(path, TIMEOUT_MS);
  try {
    const own = db.prepare('SELECT key FROM log_key').get() as { key: Uint8Array };
    const subjects = db
      .prepare('SELECT subject, key, destroyed_at AS destroyedAt FROM subject_key ORDER BY id')
      .all() as unknown as KeptKeys['subjects'];
    return { logKey: own.key, subjects };
  } finally {
    db.close();
  }
}

/** Into a folder that has none. */
export function putKeysInFolder(dir: string, { logKey, subjects }: KeptKeys): void {
  const db = openKeyFile(join(dir, 'keys.db'), TIMEOUT_MS);
  const add = db.prepare('INSERT INTO subject_key (subject, key, destroyed_at) VALUES (?, ?, ?)');
  try {
    inTransaction(db, () => {
      db.prepare('UPDATE log_key SET key = ?').run(logKey);
      for (const { subject, key, destroyedAt } of subjects) add.run(subject, key, destroyedAt);
    });
  } finally {
    db.close();
  }
}

/** Undefined when the database has none. */
export async function keysInDatabase(database: MongoDatabase): Promise<KeptKeys | undefined> {
  const own = await database.collection<OwnDocument>('log_key').findOne({ _id: 'log' });
  if (own === null) return undefined;
  if (own.format > FORMAT) throw new KeysUnreadable(`the keys have store format ${own.format}`);
  const found = await database.collection<KeyDocument>('subject_keys').find().toArray();
  const subjects = found.map(({ _id, key, destroyedAt }) => ({ subject: _id, key, destroyedAt }));
  return { logKey: own.key, subjects };
}

/** Into a database that has none. */
export async function putKeysInDatabase(
  database: MongoDatabase,
  { logKey, subjects }: KeptKeys,
): Promise<void> {
  const stored: MongoCollection<KeyDocument> = database.collection('subject_keys');
  for (let at = 0; at < subjects.length; at += PAGE) {
    const page = subjects.slice(at, at + PAGE).map(({ subject, key, destroyedAt }) => ({
      _id: subject,
      key: key && Buffer.from(key),
      destroyedAt,
    }));
    await stored.insertMany(page, { ordered: true });
  }
  // Last: with it they count as there.
  const own = { _id: 'log', key: Buffer.from(logKey), format: FORMAT };
  await database.collection<OwnDocument>('log_key').insertOne(own);
}
