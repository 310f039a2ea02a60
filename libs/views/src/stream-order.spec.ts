import fc from 'fast-check';
import type { Recorded } from '#libs/event';
import { openMemoryViews } from './memory-views.js';
import {
  type CaseEvent,
  casesView,
  historyView,
  put,
  recorded,
  views,
} from './sample-views.conformance.js';
import type { ViewStore } from './view-store.js';

/** Three streams, of which one is poisoned until its event is skipped. */
const streams: Readonly<Record<string, readonly CaseEvent[]>> = {
  'case-a': [put('a'), { type: 'CaseRanked', id: 'a', rank: 4 }, put('a', { area: '4306' })],
  'case-b': [put('b'), { type: 'CaseDropped', id: 'b' }, put('b', { rank: 2 })],
  'case-c': [
    put('c'),
    { type: 'CaseRanked', id: 'c', rank: 1 },
    { type: 'Poisoned', id: 'c' },
    { type: 'CaseRanked', id: 'c', rank: 2 },
    put('c', { area: '4307' }),
  ],
};
const turns = Object.entries(streams).flatMap(([stream, events]) => events.map(() => stream));
const anyOrder = fc.record({
  order: fc.shuffledSubarray(turns, { minLength: turns.length }),
  /** After how many events the poisoned one is skipped, at the earliest. */
  skipAfter: fc.nat(turns.length),
  batch: fc.integer({ min: 1, max: 5 }),
  retries: fc.boolean(),
});

/** The streams' events in one order, with the skip in it. */
function logOf(order: readonly string[], skipAfter: number): readonly Recorded[] {
  const log: Recorded[] = [];
  const taken = new Map<string, number>();
  const versions = new Map<number, number>();
  let poisonedAt: number | undefined;
  let isSkipped = false;
  const skip = (): void => {
    if (poisonedAt === undefined || isSkipped || log.length < skipAfter) return;
    isSkipped = true;
    const left = { handler: 'view:history', origin: 'sample', stream: 'case-c' };
    const event = { type: 'DeliverySkipped', ...left, position: poisonedAt } as const;
    log.push(recorded(log.length, event));
  };
  for (const stream of order) {
    const next = taken.get(stream) ?? 0;
    taken.set(stream, next + 1);
    const event = streams[stream]?.[next];
    if (event === undefined) throw new Error('there is no such event');
    if (event.type === 'Poisoned') poisonedAt = log.length;
    versions.set(log.length, next);
    log.push(recorded(log.length, event));
    skip();
  }
  skipAfter = 0;
  skip();
  return log.map((each) => ({ ...each, version: versions.get(each.position) ?? 0 }));
}

/** All rows; which position an event had differs, so its place in the stream stands for it. */
async function rowsOf(store: ViewStore, log: readonly Recorded[]): Promise<unknown> {
  const history = await store.page(historyView, '', 10);
  return {
    cases: await store.page(casesView, '', 10),
    history: history.map(({ key, row }) => [key, row.positions.map((at) => log[at]?.version)]),
    parked: await store.parked(),
  };
}

it('the order between streams does not matter, whatever is parked, tried again and skipped', async () => {
  const property = fc.asyncProperty(anyOrder, async ({ order, skipAfter, batch, retries }) => {
    const log = logOf(order, skipAfter);
    const store = openMemoryViews(views);
    for (let from = 0; from < log.length; from += batch) {
      await store.apply(log.slice(from, from + batch));
      if (retries)
        for (const { view, stream } of await store.parked()) await store.retry(view, stream);
    }
    const straight = logOf(turns, 0);
    const other = openMemoryViews(views);
    await other.apply(straight);
    expect(await rowsOf(store, log)).toEqual(await rowsOf(other, straight));
    expect(await store.parked()).toEqual([]);
  });
  await fc.assert(property, { numRuns: 200 });
});
