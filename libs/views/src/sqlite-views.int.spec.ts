import fc from 'fast-check';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openMemoryLog } from '#libs/event-log';
import { openMemoryViews } from './memory-views.js';
import { Projector } from './projector.js';
import { openSqliteViews } from './sqlite-views.js';
import type { Query, View } from './view.js';
import {
  type CaseEvent,
  type CaseRow,
  caseRow,
  casesView,
  historyView,
  put,
  recorded,
  views,
  viewStoreConformance,
} from './view-store.conformance.js';

let folder: string;
let opened = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-views-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function newDir(): string {
  opened += 1;
  return join(folder, String(opened));
}

const filesIn = (dir: string) => readdirSync(dir).filter((name) => name.endsWith('.db'));

describe('views in SQLite', () => {
  viewStoreConformance((kept) => openSqliteViews(newDir(), kept));
});

// The last code point is no character: it marks the end of all that begins with a prefix.
const text = fc
  .string({ unit: 'binary', maxLength: 3 })
  .filter((value) => !value.includes('\u{10FFFF}'));
const area = fc.oneof(fc.constantFrom('', '4', '43', '4305', '43050', '430502', '4306'), text);
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const rank = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ noNaN: true }));
const mediator = fc.oneof(fc.constant(null), area);
const fields = { id, area, rank, mediator, open: fc.boolean() };

const event: fc.Arbitrary<CaseEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.record(fields).map((row) => put(row.id, row)) },
  { weight: 1, arbitrary: id.map((dropped) => ({ type: 'CaseDropped', id: dropped }) as const) },
);
const order = fc.constantFrom<{ orderBy: Query<CaseRow>['orderBy']; after: fc.Arbitrary<unknown> }>(
  { orderBy: ['id'], after: fc.tuple(id) },
  { orderBy: ['area', 'id'], after: fc.tuple(area, id) },
  { orderBy: ['open', 'area', 'rank', 'id'], after: fc.tuple(fc.boolean(), area, rank, id) },
  { orderBy: ['rank', 'area', 'id'], after: fc.tuple(rank, area, id) },
);
const query: fc.Arbitrary<Query<CaseRow>> = order.chain(({ orderBy, after }) =>
  fc.record(
    {
      orderBy: fc.constant(orderBy),
      after: after as fc.Arbitrary<readonly (string | number)[]>,
      limit: fc.nat(10),
      equals: fc.record(fields, { requiredKeys: [] }),
      under: fc.record({ field: fc.constantFrom('area', 'mediator', 'id'), prefix: area }),
    },
    { requiredKeys: ['orderBy', 'limit'] },
  ),
);

it('whatever is asked, SQLite answers as the memory does', async () => {
  const sample = fc.record({
    events: fc.array(event, { maxLength: 15 }),
    queries: fc.array(query, { minLength: 1, maxLength: 20 }),
  });
  const property = fc.asyncProperty(sample, async ({ events, queries }) => {
    const stores = [openMemoryViews(views), openSqliteViews(newDir(), views)] as const;
    const ask = async (store: (typeof stores)[number]) => {
      await store.apply(events.map((one, position) => recorded(position, one)));
      const asked = queries.map(async (one) => [
        await store.find(casesView, one),
        await store.count(casesView, one),
      ]);
      return Promise.all(asked);
    };
    const [memory, sqlite] = await Promise.all(stores.map(ask));
    await Promise.all(stores.map((store) => store.close()));
    expect(sqlite).toEqual(JSON.parse(JSON.stringify(memory)));
  });
  await fc.assert(property, { numRuns: 150 });
}, 60_000);

describe('opened again', () => {
  it('rows and position are as they were left', async () => {
    const dir = newDir();
    const before = openSqliteViews(dir, views);
    await before.apply([recorded(0, put('a')), recorded(1, put('b'))]);
    await before.close();
    const after = openSqliteViews(dir, views);
    expect(await after.position()).toBe(2);
    expect(await after.get(casesView, 'a')).toEqual(caseRow('a'));
    await after.close();
    expect(filesIn(dir)).toHaveLength(1);
  });

  it.each<[string, readonly View[]]>([
    ['the version of a view', [{ ...casesView, version: 2 }, historyView]],
    ['the indexes of a view', [{ ...casesView, indexes: [['id']] }, historyView]],
    ['which views there are', [casesView]],
  ])('changed in %s, they start anew in another file, and the old one goes', async (_, changed) => {
    const dir = newDir();
    const before = openSqliteViews(dir, views);
    await before.apply([recorded(0, put('a'))]);
    const files = filesIn(dir);
    await before.close();
    for (const rest of ['-wal', '-shm']) writeFileSync(join(dir, `${files[0]}${rest}`), '');
    writeFileSync(join(dir, 'log.db'), 'no view');

    const after = openSqliteViews(dir, changed);
    expect(await after.position()).toBe(0);
    expect(await after.get(casesView, 'a')).toBeUndefined();
    await after.close();
    const left = readdirSync(dir);
    expect(left).toContain('log.db');
    expect(left.filter((name) => name.startsWith(files[0] ?? ''))).toEqual([]);
    expect(left.filter((name) => name.startsWith('views-'))).toHaveLength(1);
  });

  it('a new generation is filled from the log', async () => {
    const dir = newDir();
    const events = { CasePut: z.strictObject({ row: z.custom<CaseRow>() }) };
    const log = openMemoryLog({ origin: 'sample', events, now: () => '2026-03-01T00:00:00.000Z' });
    const asked = { actor: 'li-1', fingerprint: '', reads: [] };
    for (const name of ['a', 'b', 'a']) {
      const commandId = `command-${await log.head()}`;
      const writes = [{ stream: `case-${name}`, events: [put(name)] }];
      await log.append({ ...asked, commandId, writes });
    }
    const first = openSqliteViews(dir, views);
    await new Projector(log, first).catchUp();
    await first.close();

    const second = openSqliteViews(dir, [casesView, { ...historyView, version: 2 }]);
    expect(await second.position()).toBe(0);
    await new Projector(log, second).catchUp();
    expect(await second.get(historyView, 'a')).toEqual({ id: 'a', positions: [0, 2] });
    expect(await second.count(casesView, {})).toBe(2);
    await second.close();
  });
});

it('the name of a view that could be SQL is refused', () => {
  const dir = newDir();
  for (const name of ['cases; DROP TABLE applied', 'Cases', '1', '']) {
    expect(() => openSqliteViews(dir, [{ ...casesView, name }])).toThrow(/is not a view name/);
  }
});
