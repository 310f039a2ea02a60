import { z } from 'zod';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';
import { openMemoryViews } from '../../libs/views/src/memory-views.js';
import { openMongoViews } from '../../libs/views/src/mongo-view-generations.js';
import { openMongoViewsFile } from '../../libs/views/src/mongo-views.js';
import { MongoViewsFile, ViewsTakenOver } from '../../libs/views/src/mongo-views-file.js';
import {
  type CaseEvent,
  type CaseRow,
  casesView,
  put,
  recorded,
  streamOf,
  views,
} from '../../libs/views/src/sample-views.conformance.js';
import { defineView, type View } from '../../libs/views/src/view.js';
import type { ViewStore } from '../../libs/views/src/view-store.js';
import { mongoFixture } from './mongodb-fixture.ts';

const fixture = await mongoFixture();
afterAll(() => fixture?.close());

const scheduler = new SystemClock();
const any = z.looseObject({});
const events = { CasePut: any, CaseRanked: any, CaseDropped: any, Poisoned: any };

function newDatabase() {
  if (fixture === undefined) throw new Error('no server');
  return fixture.mongo.database(fixture.newDatabase());
}

const skip = (id: string, position: number): CaseEvent => ({
  type: 'DeliverySkipped',
  ...{ handler: 'view:history', origin: 'sample', stream: `case-${id}`, position },
});

/** Rows come, change, go, come again; a stream is parked and taken up again. */
const history: readonly CaseEvent[] = [
  put('a'),
  put('b', { rank: 2 }),
  { type: 'CaseRanked', id: 'a', rank: 5 },
  { type: 'Poisoned', id: 'b' },
  { type: 'CaseRanked', id: 'b', rank: 6 },
  { type: 'CaseDropped', id: 'a' },
  skip('b', 3),
  put('a', { rank: 9 }),
  { type: 'CaseDropped', id: 'a' },
  { type: 'CaseRanked', id: 'b', rank: 7 },
];

async function shown(store: ViewStore): Promise<unknown> {
  const rows = await Promise.all(views.map((view) => store.page(view as View, '', 100)));
  const then = [];
  for (let asOf = 0; asOf < (await store.position()); asOf += 1) {
    then.push(await store.count(casesView, { equals: { open: true, mediator: null }, asOf }));
  }
  return { rows, then, parked: await store.parked(), position: await store.position() };
}

(fixture === undefined ? describe.skip : describe)('views in MongoDB', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'that were cut off before their position moved from %i on are the same after a replay',
    async (from) => {
      const all = history.map((event, position) => recorded(position, event));
      const database = newDatabase();
      const file = new MongoViewsFile(database, 1);
      const store = await openMongoViewsFile(file, views);
      await store.apply(all.slice(0, from));
      const cut = new Error('cut off');
      Object.defineProperty(file, 'moveOn', { value: () => Promise.reject(cut) });
      await expect(store.apply(all.slice(from))).rejects.toThrow(cut);

      const again = await openMongoViewsFile(new MongoViewsFile(database, 1), views);
      expect(await again.position()).toBe(from);
      await again.apply(all.slice(from));
      const memory = openMemoryViews(views);
      await memory.apply(all);
      expect(await shown(again)).toEqual(await shown(memory));
    },
  );

  it('that another process writes are given up', async () => {
    const database = newDatabase();
    const open = () => openMongoViewsFile(new MongoViewsFile(database, 1), views);
    const [one, other] = [await open(), await open()];
    await one.apply([recorded(0, put('a'))]);
    await expect(other.apply([recorded(0, { type: 'Elsewhere' })])).rejects.toThrow(ViewsTakenOver);
  });

  it('that another process wrote late are read again by the one that holds the lease', async () => {
    const database = newDatabase();
    const held = new MongoViewsFile(database, 1, async () => undefined);
    const holder = await openMongoViewsFile(held, views);
    const late = await openMongoViewsFile(new MongoViewsFile(database, 1), views);
    const [first, second] = [recorded(0, put('a')), recorded(1, put('b'))];
    await late.apply([first]);
    await expect(holder.apply([first])).rejects.toThrow(ViewsTakenOver);
    await holder.apply([first, second]);
    expect(await holder.position()).toBe(2);
    const memory = openMemoryViews(views);
    await memory.apply([first, second]);
    expect(await shown(holder)).toEqual(await shown(memory));
  });

  it('are written only while the lease is held', async () => {
    const database = newDatabase();
    const lost = new Error('not held');
    const file = new MongoViewsFile(database, 1, () => Promise.reject(lost));
    const store = await openMongoViewsFile(file, views);
    await expect(store.apply([recorded(0, put('a'))])).rejects.toBe(lost);
    expect(await file.rows('cases').countDocuments()).toBe(0);
  });

  it('keep a row that was made again, whoever removes the one before it late', async () => {
    const database = newDatabase();
    const open = () => openMongoViewsFile(new MongoViewsFile(database, 1), views);
    const late = await open();
    await late.apply([recorded(0, put('a'))]);
    const one = await open();
    await one.apply([recorded(1, { type: 'CaseDropped', id: 'a' }), recorded(2, put('a'))]);
    await expect(late.apply([recorded(1, { type: 'CaseDropped', id: 'a' })])).rejects.toThrow(
      ViewsTakenOver,
    );
    expect(await one.get(casesView, 'a')).toBeDefined();
  });

  it('have every index that their queries are told to take', async () => {
    const database = newDatabase();
    await openMongoViewsFile(new MongoViewsFile(database, 1), views);
    const indexes = await database.collection('g1_view_cases').indexes();
    const keys = indexes.map(({ key }) => Object.keys(key as object).join());
    expect(keys).toContain('f_open,a6_area,f_rank,f_id');
    expect(keys).toContain('f_open,f_rank,f_id');
    expect(keys).toContain('f_area,f_id');
  });

  it('are read through these indexes and no others', async () => {
    if (fixture?.server.kind !== 'mongod') {
      process.stderr.write('left out: how queries are run, which FerretDB does not tell\n');
      return;
    }
    const database = newDatabase();
    const store = await openMongoViewsFile(new MongoViewsFile(database, 1), views);
    await store.apply([recorded(0, put('a'))]);
    const key = { f_open: 1, a4_area: 1, f_rank: 1, f_id: 1 } as const;
    const asked = { $and: [{ f_open: 1 }, { a4_area: '4305' }] };
    const found = database.collection('g1_view_cases').find(asked).hint(key);
    const told = JSON.stringify(await found.sort({ f_rank: 1, f_id: 1 }).explain());
    expect(told).toContain('IXSCAN');
    expect(told).not.toMatch(/COLLSCAN|"stage":"SORT"/);
  });
});

(fixture === undefined ? describe.skip : describe)('generations in MongoDB', () => {
  let log: EventLog;
  let commits = 0;

  beforeEach(() => {
    log = openMemoryLog({ origin: 'sample', events, now: () => '2026-03-01T00:00:00.000Z' });
  });

  async function append(...some: readonly CaseEvent[]): Promise<void> {
    for (const event of some) {
      commits += 1;
      const asked = { commandId: `command-${commits}`, actor: 'li-1', fingerprint: '', reads: [] };
      await log.append({ ...asked, writes: [{ stream: streamOf(event), events: [event] }] });
    }
  }

  const changed = defineView<CaseRow, CaseEvent, 'id'>({
    name: 'cases',
    version: 2,
    indexes: [['id']],
    key: 'id',
    starts: { CasePut: ({ event }) => ({ ...event.row, rank: 100 }) },
    changes: { CasePut: (_, { event }) => event.row },
  });

  it('are made anew beside the one that answers, compared, and gone back to', async () => {
    const database = newDatabase();
    const store = openMongoViews(database, [casesView], { scheduler });
    await append(put('a'), put('b', { rank: 4 }));
    await store.apply(await log.read(0, 10));
    await database.collection<{ _id: string }>('g1_view_cases').deleteOne({ _id: 'b' });
    const { generation, comparisons } = await store.rebuild(log);
    expect(generation).toBe(2);
    expect(comparisons).toMatchObject([{ view: 'cases', missing: 1, extra: 0, different: 0 }]);
    expect(await store.get(casesView, 'b')).toMatchObject({ rank: 4 });
    expect(store.status()).toMatchObject({ generation: 2, before: 1 });
    await append(put('c'));
    expect(await store.back(log)).toBe(1);
    expect(await store.get(casesView, 'b')).toBeUndefined();
    expect(await store.get(casesView, 'c')).toBeDefined();
    await store.close();
    const after = openMongoViews(database, [casesView], { scheduler });
    await after.opened;
    expect(after.status()).toMatchObject({ generation: 1, before: 2 });
    await after.close();
  });

  it('of another definition answer what they still know, until the new one is made', async () => {
    const database = newDatabase();
    const before = openMongoViews(database, [casesView], { scheduler });
    await append(put('a'), put('b'));
    await before.apply(await log.read(0, 10));
    await before.close();
    const after = openMongoViews(database, [changed], { scheduler });
    await after.opened;
    expect(after.isOutdated).toBe(true);
    expect(await after.get(changed, 'a')).toMatchObject({ rank: 1 });
    await append(put('a', { rank: 7 }));
    await after.apply(await log.read(2, 10));
    await expect(after.get(changed, 'a')).rejects.toThrow('it is made anew');
    expect(await after.get(changed, 'b')).toMatchObject({ rank: 1 });
    expect((await after.rebuild(log)).comparisons).toBeNull();
    expect(after.isOutdated).toBe(false);
    expect(await after.get(changed, 'b')).toMatchObject({ rank: 100 });
    await after.close();
  });
});
