import fc from 'fast-check';
import { NotTemporal, RowParked } from './faults.js';
import {
  type CaseEvent,
  caseRow,
  casesView,
  historyView,
  put,
  recorded,
  type UnderTest,
} from './sample-views.conformance.js';
import type { ViewStore } from './view-store.js';

const id = fc.constantFrom('a', 'b', 'c');
const area = fc.constantFrom('4305', '430502', '4306');
const event: fc.Arbitrary<CaseEvent> = fc.oneof(
  fc.tuple(id, area, fc.nat(3)).map(([key, at, rank]) => put(key, { area: at, rank })),
  fc.tuple(id, fc.nat(3)).map(([key, rank]) => ({ type: 'CaseRanked', id: key, rank }) as const),
  id.map((key) => ({ type: 'CaseDropped', id: key }) as const),
);

/** All answers that a screen could show, as one text. */
async function answers(store: ViewStore, asOf?: number): Promise<string> {
  const at = asOf === undefined ? {} : { asOf };
  const byArea = { under: { field: 'area', prefix: '4305' }, orderBy: ['rank', 'id'] } as const;
  const got = await Promise.all(
    ['a', 'b', 'c'].map((key) =>
      store.get(casesView, key, at).catch((error: unknown) => (error as Error).name),
    ),
  );
  return JSON.stringify([
    got,
    await store.find(casesView, { ...byArea, limit: 2, ...at }),
    await store.find(casesView, { ...byArea, limit: 2, after: [1, 'b'], descending: true, ...at }),
    await store.count(casesView, { under: byArea.under, ...at }),
    await store.countBy(casesView, 'rank', at),
    await store.countBy(casesView, 'open', at),
  ]);
}

export function temporalConformance(under: UnderTest): void {
  it('rows are answered as they were after an event', async () => {
    const { store, apply } = under();
    await apply(put('a', { rank: 1 }), put('b'), { type: 'CaseRanked', id: 'a', rank: 2 });
    await apply({ type: 'CaseDropped', id: 'a' });
    const ranks = async (asOf: number) => (await store.get(casesView, 'a', { asOf }))?.rank;
    expect([
      await ranks(-1),
      await ranks(0),
      await ranks(1),
      await ranks(2),
      await ranks(3),
    ]).toEqual([undefined, 1, 1, 2, undefined]);
    expect(await store.get(casesView, 'b', { asOf: 3 })).toEqual(caseRow('b'));
    expect(await store.get(casesView, 'b', { asOf: 0 })).toBeUndefined();
  });

  it('a view that keeps no past says so', async () => {
    const { store, apply } = under();
    await apply(put('a'));
    await expect(store.get(historyView, 'a', { asOf: 0 })).rejects.toThrow(NotTemporal);
    await expect(store.count(historyView, { asOf: 0 })).rejects.toThrow(NotTemporal);
  });

  it('a row that was parked then is parked in answers as of then', async () => {
    const { store, apply } = under();
    await apply(put('a', { rank: 1 }));
    await store.apply([recorded(1, { type: 'CaseRanked', id: 'b', rank: 1 }, 'case-b')]);
    await store.apply([recorded(2, put('b', { rank: 5 }))]);
    const skip = { handler: 'view:cases', origin: 'sample', stream: 'case-b', position: 1 };
    await store.apply([recorded(3, { type: 'DeliverySkipped', ...skip })]);
    await expect(store.get(casesView, 'b', { asOf: 2 })).rejects.toThrow(RowParked);
    expect(await store.get(casesView, 'b', { asOf: 3 })).toEqual(caseRow('b', { rank: 5 }));
    expect(await store.count(casesView, { asOf: 2 })).toBe(1);
    expect(await store.get(casesView, 'b', { asOf: 0 })).toBeUndefined();
  });

  it('whatever happened, what is asked later is what was answered then', async () => {
    const { store } = under();
    let at = 0;
    const property = fc.asyncProperty(fc.array(event, { maxLength: 20 }), async (events) => {
      const told: [asOf: number, answers: string][] = [];
      for (const one of events) {
        await store.apply([recorded(at, one)]);
        told.push([at, await answers(store)]);
        at += 1;
      }
      for (const [asOf, then] of told) expect(await answers(store, asOf)).toBe(then);
    });
    await fc.assert(property, { numRuns: 40 });
  }, 60_000);
}
