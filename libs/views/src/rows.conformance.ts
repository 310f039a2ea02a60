import {
  caseRow,
  casesView,
  historyView,
  put,
  recorded,
  type UnderTest,
} from './sample-views.conformance.js';

const ids = async ({ store }: ReturnType<UnderTest>) =>
  (await store.find(casesView, { orderBy: ['id'], limit: 100 })).map(({ id }) => id).join(' ');

export function rowsConformance(under: UnderTest): void {
  it('a store that holds nothing stands at position 0', async () => {
    const { store } = under();
    expect(await store.position()).toBe(0);
    expect(await store.get(casesView, 'a')).toBeUndefined();
    expect(await ids(under())).toBe('');
    expect(await store.count(casesView, {})).toBe(0);
  });

  it('a row is found by its key as it was made', async () => {
    const { store, apply } = under();
    const row = { mediator: '示例甲', rank: 2.5 };
    await apply(put('a', row));
    expect(await store.get(casesView, 'a')).toEqual(caseRow('a', row));
  });

  it('a row that changes is found under its new fields only', async () => {
    const { store, apply } = under();
    await apply(put('a', { area: '430502' }), put('a', { area: '430503' }));
    const inArea = (area: string) => store.count(casesView, { equals: { area } });
    expect([await inArea('430502'), await inArea('430503')]).toEqual([0, 1]);
    expect(await store.count(casesView, {})).toBe(1);
  });

  it('a row goes when its function answers none, and may come again', async () => {
    const { store, apply } = under();
    await apply(put('a'), put('b'), { type: 'CaseDropped', id: 'a' });
    expect(await store.get(casesView, 'a')).toBeUndefined();
    expect(await ids(under())).toBe('b');
    await apply(put('a', { rank: 9 }));
    expect(await store.get(casesView, 'a')).toEqual(caseRow('a', { rank: 9 }));
  });

  it('an event that is none of a view’s moves the position only', async () => {
    const { store, apply } = under();
    await apply({ type: 'Elsewhere' });
    expect(await store.position()).toBe(1);
    expect(await store.count(casesView, {})).toBe(0);
  });

  it('a view that the store does not keep is a mistake', async () => {
    const { store } = under();
    const other = { ...casesView, name: 'other' };
    await expect(store.get(other, 'a')).rejects.toThrow('not kept');
    await expect(store.count(other, {})).rejects.toThrow('not kept');
  });

  it('what was applied before is passed over', async () => {
    const { store } = under();
    const events = [put('a'), put('b'), put('a')].map((event, index) => recorded(index, event));
    await store.apply(events.slice(0, 2));
    await store.apply(events);
    await store.apply(events);
    expect(await store.get(historyView, 'a')).toEqual({ id: 'a', positions: [0, 2] });
    expect(await store.position()).toBe(3);
  });

  it('nothing to apply changes nothing', async () => {
    const { store, apply } = under();
    await apply(put('a'));
    await store.apply([]);
    expect(await store.position()).toBe(1);
  });

  it('all rows come page by page in the order of their keys', async () => {
    const { store, apply } = under();
    await apply(put('b'), put('乙'), put('a'), put('\u{1F33E}'), put('\uFF21'));
    const pages = [await store.page(casesView, '', 3), await store.page(casesView, '乙', 3)];
    expect(pages.map((page) => page.map(({ key }) => key))).toEqual([
      ['a', 'b', '乙'],
      ['\uFF21', '\u{1F33E}'],
    ]);
    expect(pages[0]?.[0]?.row).toEqual(caseRow('a'));
  });
}
