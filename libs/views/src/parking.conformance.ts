import { RowParked } from './faults.js';
import {
  caseRow,
  casesView,
  historyView,
  put,
  recorded,
  type CaseEvent,
  type UnderTest,
} from './sample-views.conformance.js';

const poison = (id: string): CaseEvent => ({ type: 'Poisoned', id });
const skipped = (id: string, position: number, handler = 'view:history'): CaseEvent => ({
  type: 'DeliverySkipped',
  handler,
  origin: 'sample',
  stream: `case-${id}`,
  position,
});

export function parkingConformance(under: UnderTest): void {
  it('an event that a view cannot take parks its stream for that view; all else goes on', async () => {
    const { store, apply } = under();
    await apply(put('a'), poison('a'), put('a', { rank: 7 }), put('b'));
    expect(await store.position()).toBe(4);
    expect(await store.get(casesView, 'a')).toEqual(caseRow('a', { rank: 7 }));
    expect(await store.get(historyView, 'b')).toEqual({ id: 'b', positions: [3] });
    await expect(store.get(historyView, 'a')).rejects.toThrow(RowParked);
    await expect(store.get(historyView, 'a')).rejects.toThrow('event 1 of case-a: poisoned');
    const park = { view: 'history', stream: 'case-a', position: 1, key: 'a', waiting: 2 };
    expect(await store.parked()).toMatchObject([{ ...park, reason: 'poisoned' }]);
  });

  it('a page with a row that is parked is refused; one without goes on', async () => {
    const { store, apply } = under();
    await apply(put('a'), put('b'), poison('b'), put('c'));
    const page = { orderBy: ['id'] } as const;
    expect(await store.find(historyView, { ...page, limit: 1 })).toMatchObject([{ id: 'a' }]);
    await expect(store.find(historyView, { ...page, limit: 2 })).rejects.toThrow(RowParked);
    const rest = { ...page, after: ['b'], limit: 2 };
    expect(await store.find(historyView, rest)).toMatchObject([{ id: 'c' }]);
    expect(await store.find(casesView, { ...page, limit: 9 })).toHaveLength(3);
  });

  it('a change without a row, and a row of another stream, are faults that park', async () => {
    const { store, apply } = under();
    await apply({ type: 'CaseRanked', id: 'a', rank: 1 }, put('b'));
    await store.apply([recorded(2, { type: 'CaseRanked', id: 'b', rank: 5 }, 'case-other')]);
    expect(await store.get(casesView, 'b')).toEqual(caseRow('b'));
    const reasons = (await store.parked())
      .filter(({ view }) => view === 'cases')
      .map(({ reason }) => reason);
    expect(reasons).toEqual([
      'CaseRanked came before the event that starts its row of cases',
      'row b of cases is written by stream case-b: stream case-other cannot touch it',
    ]);
    await expect(store.get(casesView, 'a')).rejects.toThrow(RowParked);
  });

  it('what is tried again and fails again stays parked, with nothing lost', async () => {
    const { store, apply } = under();
    await apply(put('a'), poison('a'), put('a'));
    expect(await store.retry('history', 'case-a')).toBe(false);
    expect(await store.parked()).toMatchObject([{ position: 1, waiting: 2 }]);
    expect(await store.retry('history', 'case-b')).toBe(false);
    expect(await store.retry('nothing', 'case-a')).toBe(false);
  });

  it('an event that is skipped is left out, and its stream taken up again', async () => {
    const { store, apply } = under();
    await apply(put('a'), poison('a'), put('a'), poison('a'), put('a'), skipped('a', 1));
    await expect(store.get(historyView, 'a')).rejects.toThrow('event 3 of case-a');
    await apply(skipped('a', 3), put('a'));
    expect(await store.get(historyView, 'a')).toEqual({ id: 'a', positions: [0, 2, 4, 7] });
    expect(await store.parked()).toEqual([]);
  });

  it('a skip of anything else changes nothing', async () => {
    const { store, apply } = under();
    await apply(put('a'), poison('a'));
    await apply(skipped('a', 0), skipped('b', 1), skipped('a', 1, 'view:cases'));
    await apply(skipped('a', 1, 'reaction:history'));
    await apply({ ...skipped('a', 1), origin: 'other' } as CaseEvent);
    expect(await store.parked()).toHaveLength(1);
  });
}
