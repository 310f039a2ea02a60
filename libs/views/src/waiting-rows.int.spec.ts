import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteViews } from './open-views.js';
import {
  type CaseEvent,
  casesView,
  historyView,
  put,
  recorded,
  views,
} from './sample-views.conformance.js';
import type { SqliteViews } from './sqlite-views.js';
import { viewsPosition } from './views-position.js';

const FULL = 500;

let dir: string;
let store: SqliteViews;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fengqiao-waiting-'));
  store = openSqliteViews(dir, views);
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

/** As many as one batch of a reader that is far behind: of each case some events. */
function batch(from: number, size = FULL, cases = 90) {
  return Array.from({ length: size }, (_, index) => {
    const position = from + index;
    const id = `c-${(position * 7) % cases}`;
    const isDropped = position % 41 === 40 && position >= cases;
    const event: CaseEvent = isDropped
      ? { type: 'CaseDropped', id }
      : put(id, { rank: position, area: `43050${position % 9}` });
    return recorded(position, event);
  });
}

const inFile = <Found>(read: (db: DatabaseSync) => Found): Found => {
  const db = new DatabaseSync(join(dir, 'views-1.db'));
  try {
    return read(db);
  } finally {
    db.close();
  }
};

/** Everything in the file, whichever number a row has been given. */
const contents = () =>
  inFile((db) => {
    const tables = ['applied', 'parked', 'unparked', 'view_cases', 'view_history'];
    return [...tables, 'view_cases_past'].map((table) =>
      db
        .prepare(`SELECT * FROM ${table}`)
        .all()
        .map(({ id: _, ...columns }) => JSON.stringify(columns))
        .toSorted(),
    );
  });

it('what full batches did comes to the same rows as one event after the other', async () => {
  const events = [...batch(0), ...batch(FULL), ...batch(2 * FULL)];
  const poisoned = recorded(events.length, { type: 'Poisoned', id: 'c-1' });
  for (let from = 0; from < events.length; from += FULL) {
    await store.apply(events.slice(from, from + FULL));
  }
  await store.apply([poisoned]);
  await store.close();
  const together = contents();
  await store.close();
  rmSync(dir, { recursive: true });
  store = openSqliteViews(dir, views);
  for (const event of [...events, poisoned]) await store.apply([event]);
  expect(together).toEqual(contents());
  expect(together.map((rows) => rows.length > 0)).toEqual([true, true, false, true, true, true]);
});

it('the file stands where its rows do, whenever its process is killed', async () => {
  await store.apply(batch(0));
  expect(await store.position()).toBe(FULL);
  expect(viewsPosition(dir)).toBe(0);
  expect(inFile((db) => db.prepare('SELECT * FROM view_cases').all())).toEqual([]);
  await store.count(casesView, {});
  expect(viewsPosition(dir)).toBe(FULL);
  expect(inFile((db) => db.prepare('SELECT * FROM view_cases').all())).not.toEqual([]);
});

it('whatever is asked, the answer has what was applied before', async () => {
  const newest = (position: number) => put(`n-${position}`, { area: `99${position}` });
  const asked = [
    () => store.get(casesView, 'n-0'),
    () => store.find(casesView, { orderBy: ['id'], limit: 1, equals: { area: '991' } }),
    () => store.count(casesView, { equals: { area: '992' } }),
    () => store.countBy(casesView, 'id', { equals: { area: '993' } }),
    () => store.page(casesView, 'n-3', 1),
  ];
  for (const [index, ask] of asked.entries()) {
    const from = index * FULL;
    const last = { ...recorded(from + FULL - 1, newest(index)) };
    await store.apply([...batch(from, FULL - 1), last]);
    const answer = await ask();
    expect(JSON.stringify(answer)).toMatch(/n-\d|^1$/);
  }
});

it('what parks a stream is in the file at once, with all before it', async () => {
  await store.apply(batch(0));
  const poisoned = recorded(2 * FULL - 1, { type: 'Poisoned', id: 'c-1' });
  await store.apply([...batch(FULL, FULL - 1), poisoned]);
  expect(viewsPosition(dir)).toBe(2 * FULL);
  expect(inFile((db) => db.prepare('SELECT position FROM parked').all())).toEqual([
    { position: 2 * FULL - 1 },
  ]);
});

it('what waits is limited', async () => {
  const rounds = 21;
  for (let round = 0; round < rounds; round += 1) {
    await store.apply(batch(round * FULL, FULL, 1_000_000));
  }
  expect(viewsPosition(dir)).toBeGreaterThan(0);
});

it('what could not be written down waits on', async () => {
  inFile((db) => {
    db.exec(`CREATE TRIGGER full BEFORE INSERT ON view_history BEGIN
      SELECT RAISE(ABORT, 'the disk is full'); END`);
  });
  await store.apply(batch(0));
  await expect(store.get(historyView, 'c-0')).rejects.toThrow('the disk is full');
  const next = [recorded(FULL, put('c-0'))];
  await expect(store.apply(next)).rejects.toThrow('the disk is full');
  expect(await store.position()).toBe(FULL);
  expect(inFile((db) => db.prepare('SELECT * FROM view_cases').all())).toEqual([]);
  inFile((db) => db.exec('DROP TRIGGER full'));
  await store.apply(next);
  expect(await store.get(historyView, 'c-0')).toMatchObject({
    positions: [0, 90, 180, 270, 360, FULL],
  });
});
