import fc from 'fast-check';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryViews } from './memory-views.js';
import { openSqliteViews } from './open-views.js';
import type { Query } from './query.js';
import {
  type CaseEvent,
  type CaseRow,
  caseRow,
  casesView,
  historyView,
  put,
  recorded,
  views,
} from './sample-views.conformance.js';
import type { View } from './view.js';
import { viewStoreConformance } from './view-store.conformance.js';

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
  { weight: 6, arbitrary: fc.record(fields).map((row) => put(row.id, row)) },
  { weight: 2, arbitrary: id.map((key) => ({ type: 'CaseDropped', id: key }) as const) },
  { weight: 1, arbitrary: id.map((key) => ({ type: 'Poisoned', id: key }) as const) },
  {
    weight: 1,
    arbitrary: fc.tuple(id, fc.nat(15)).map(([key, position]) => ({
      type: 'DeliverySkipped' as const,
      handler: 'view:history',
      origin: 'sample',
      stream: `case-${key}`,
      position,
    })),
  },
);
const order = fc.constantFrom<{ orderBy: Query<CaseRow>['orderBy']; after: fc.Arbitrary<unknown> }>(
  { orderBy: ['id'], after: fc.tuple(id) },
  { orderBy: ['area', 'id'], after: fc.tuple(area, id) },
  { orderBy: ['area', 'rank', 'id'], after: fc.tuple(area, rank, id) },
  { orderBy: ['open', 'area', 'rank', 'id'], after: fc.tuple(fc.boolean(), area, rank, id) },
  { orderBy: ['rank', 'id'], after: fc.tuple(rank, id) },
);
const sometimes = <Value>(arbitrary: fc.Arbitrary<Value>) =>
  fc.option(arbitrary, { freq: 1, nil: undefined });
const query: fc.Arbitrary<Query<CaseRow>> = order.chain(({ orderBy, after }) =>
  fc.record({
    orderBy: fc.constant(orderBy),
    after: sometimes(after as fc.Arbitrary<readonly (string | number)[]>),
    limit: fc.nat(10),
    descending: fc.boolean(),
    equals: sometimes(
      fc.oneof(fc.record({ open: fc.boolean() }), fc.record({ area }), fc.record({ mediator })),
    ),
    under: sometimes(fc.record({ field: fc.constant('area' as const), prefix: area })),
    range: sometimes(
      fc.record(
        { field: fc.constantFrom('rank', 'area'), from: rank, to: rank },
        { requiredKeys: ['field'] },
      ),
    ),
    asOf: sometimes(fc.nat(14)),
  }),
);

it('whatever is asked, SQLite answers or refuses as the memory does', async () => {
  let answered = 0;
  const sample = fc.record({
    events: fc.array(event, { minLength: 15, maxLength: 25 }),
    queries: fc.array(query, { minLength: 1, maxLength: 30 }),
  });
  const told = (asking: Promise<unknown>) => asking.catch((error: unknown) => String(error));
  const property = fc.asyncProperty(sample, async ({ events, queries }) => {
    const stores = [openMemoryViews(views), openSqliteViews(newDir(), views)] as const;
    const ask = async (store: (typeof stores)[number]) => {
      await store.apply(events.map((one, position) => recorded(position, one)));
      const asked = queries.map(async (one) => [
        await told(store.find(casesView, one)),
        await told(store.count(casesView, one)),
        await told(store.countBy(casesView, 'mediator', one)),
      ]);
      return [await Promise.all(asked), await store.parked(), await store.page(historyView, '', 9)];
    };
    const [memory, sqlite] = await Promise.all(stores.map(ask));
    await Promise.all(stores.map((store) => store.close()));
    answered += JSON.stringify(sqlite).split('"notes"').length - 1;
    expect(sqlite).toEqual(JSON.parse(JSON.stringify(memory)));
  });
  await fc.assert(property, { numRuns: 100 });
  expect(answered).toBeGreaterThan(300);
}, 60_000);

describe('opened again', () => {
  it('rows, parked streams and position are as they were left', async () => {
    const dir = newDir();
    const before = openSqliteViews(dir, views);
    const poisoned = { type: 'Poisoned', id: 'b' } as const;
    await before.apply([put('a'), put('b'), poisoned].map((one, at) => recorded(at, one)));
    const parked = await before.parked();
    await before.close();
    const after = openSqliteViews(dir, views);
    expect(await after.position()).toBe(3);
    expect(await after.get(casesView, 'a')).toEqual(caseRow('a'));
    expect(await after.parked()).toEqual(parked);
    expect(parked).toHaveLength(1);
    await after.close();
    expect(filesIn(dir)).toHaveLength(1);
  });

  it.each<[string, readonly View[]]>([
    ['what defines a view', [{ ...casesView, fingerprint: 'other' }, historyView]],
    ['which views there are', [casesView]],
  ])('changed in %s, they start anew in another file, and the old one goes', async (_, changed) => {
    const dir = newDir();
    const before = openSqliteViews(dir, views);
    await before.apply([recorded(0, put('a'))]);
    await before.close();
    expect(filesIn(dir)).toEqual(['views-1.db']);
    const after = openSqliteViews(dir, changed);
    expect(await after.position()).toBe(0);
    expect(await after.get(casesView, 'a')).toBeUndefined();
    await after.close();
    expect(filesIn(dir)).toEqual(['views-2.db']);
  });
});
