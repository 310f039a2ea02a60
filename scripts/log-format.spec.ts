import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Entry, openSignedLog } from '#libs/event-log';
import { openStores } from '../libs/service/src/stores.ts';
import { tableIn } from './readme/pages.ts';
import { root } from './temporary-tree.ts';

const page = readFileSync(join(root, 'docs/log-format.md'), 'utf8');
const vectors = JSON.parse(readFileSync(join(root, 'docs/vectors/entries.json'), 'utf8')) as {
  readonly entries: readonly [{ entry: Entry; bytes: string; leaf: string }];
};
const [first] = vectors.entries;

describe('the example of an entry', () => {
  const rows = tableIn(page, '#').slice(1);
  const bytes = rows.map(([, , example = '']) => example.replaceAll(' ', '')).join('');

  test('is the first of the vectors, byte by byte', () => expect(`90${bytes}`).toBe(first.bytes));

  test('has the leaf hash that the page says', () => {
    const leaf = createHash('sha256')
      .update(Buffer.from(`00${first.bytes}`, 'hex'))
      .digest('hex');
    expect([leaf, page.includes(`\`${leaf}\``)]).toEqual([first.leaf, true]);
  });

  test('has every field of an entry, under its name', () => {
    const named = rows.map(([, name]) => name);
    const { stream: _, ...rest } = first.entry;
    expect(named.toSorted()).toEqual(
      ['format', 'category', 'stream id', ...Object.keys(rest)].toSorted(),
    );
  });
});

describe('the files of a log', () => {
  let folder: string;
  let found: readonly string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fengqiao-format-'));
    const now = () => '2026-03-01T00:00:00.000Z';
    const options = { installation: 'sample.example', dataDir: folder, now, events: {}, views: [] };
    const stores = openStores({ ...options, name: 'sample' });
    found = readdirSync(join(folder, 'sample'));
    await stores.close();
    const signed = openSignedLog(join(folder, 'other'), {
      origin: 'o',
      name: 'o',
      events: {},
      now,
    });
    await signed.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are all named, and no others', () => {
    const named = tableIn(page, 'file').slice(1);
    const other = /^(?:views-\w+|consumer)\.db|^live-views\.json$|-(?:wal|shm|journal)$/;
    expect(named.map(([name]) => name).toSorted()).toEqual(
      found.filter((name) => !other.test(name)).toSorted(),
    );
  });

  const plain = (sql: string) =>
    sql.replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/ \)/g, ')').trim();

  test.each(['log.db', 'index.db', 'checkpoints.db', 'keys.db'])('%s has these tables', (file) => {
    const [, section = ''] = page.split(`### ${file}\n`);
    const [, version, sql = ''] =
      /user_version` is (\d+)[^]*?```sql\n([^]*?)```/.exec(section) ?? [];
    const db = new DatabaseSync(join(folder, 'sample', file), { readOnly: true });
    const tables = db.prepare("SELECT sql FROM sqlite_schema WHERE type = 'table'").all();
    const format = db.prepare('PRAGMA user_version').get();
    db.close();
    const told = sql.split(';').map(plain).filter(Boolean);
    expect(told.toSorted()).toEqual(tables.map((row) => plain(String(row.sql))).toSorted());
    expect(format).toEqual({ user_version: Number(version) });
  });
});
