import { IndexMissing } from './faults.js';
import type { Query } from './query.js';
import { type CaseRow, casesView, put, type UnderTest } from './sample-views.conformance.js';
import type { Scalar } from './view.js';

type Asked = Omit<Query<CaseRow>, 'limit'>;

export function queriesConformance(under: UnderTest): void {
  const find = async (asked: Asked, limit = 100) =>
    (await under().store.find(casesView, { limit, ...asked })).map(({ id }) => id).join(' ');
  const count = async ({ orderBy: _, ...where }: Asked) => under().store.count(casesView, where);

  beforeEach(() =>
    under().apply(
      put('a', { area: '4305', rank: 3 }),
      put('b', { area: '430502', rank: 1, mediator: 'm-1' }),
      put('c', { area: '430502001', rank: 3, open: false }),
      put('d', { area: '43050', rank: 2, mediator: 'm-1', open: false }),
      put('e', { area: '4306', rank: 3, mediator: 'm-2' }),
      put('f', { area: '', rank: -1 }),
    ),
  );

  it.each<[string, Asked, string]>([
    ['a text', { equals: { mediator: 'm-1' }, orderBy: ['id'] }, 'b d'],
    ['nothing', { equals: { mediator: null }, orderBy: ['id'] }, 'a c f'],
    ['a number', { equals: { rank: 3 }, orderBy: ['id'] }, 'a c e'],
    ['an empty text', { equals: { area: '' }, orderBy: ['area', 'id'] }, 'f'],
    ['a value that no row has', { equals: { mediator: 'm-9' }, orderBy: ['id'] }, ''],
    ['true', { equals: { open: true }, orderBy: ['area', 'rank', 'id'] }, 'f a b e'],
    [
      'false, backwards',
      { equals: { open: false }, orderBy: ['area', 'rank', 'id'], descending: true },
      'c d',
    ],
    ['no condition', { orderBy: ['rank', 'id'] }, 'f b d a c e'],
    ['a range', { range: { field: 'rank', from: 1, to: 3 }, orderBy: ['rank', 'id'] }, 'b d'],
    [
      'a range that is open above',
      { range: { field: 'rank', from: 2 }, orderBy: ['rank', 'id'], descending: true },
      'e c a d',
    ],
    [
      'a range that is open below',
      { range: { field: 'rank', to: 2 }, orderBy: ['rank', 'id'] },
      'f b',
    ],
    ['any value', { range: { field: 'mediator' }, orderBy: ['mediator', 'id'] }, 'b d e'],
    [
      'a prefix in its own order',
      { under: { field: 'area', prefix: '43050' }, orderBy: ['area', 'id'] },
      'd b c',
    ],
    [
      'a prefix of nothing',
      { under: { field: 'area', prefix: '' }, orderBy: ['area', 'id'] },
      'f a d b c e',
    ],
    [
      'an area in another order',
      { under: { field: 'area', prefix: '4305' }, orderBy: ['rank', 'id'] },
      'b d a c',
    ],
    [
      'a county in another order',
      { under: { field: 'area', prefix: '430502' }, orderBy: ['rank', 'id'] },
      'b c',
    ],
    [
      'all areas in another order',
      { under: { field: 'area', prefix: '' }, orderBy: ['rank', 'id'] },
      'f b d a c e',
    ],
    [
      'what is open in an area',
      { equals: { open: true }, under: { field: 'area', prefix: '4305' }, orderBy: ['rank', 'id'] },
      'b a',
    ],
  ])('finds and counts by %s', async (_, asked, ids) => {
    expect(await find(asked)).toBe(ids);
    expect(await count(asked)).toBe(ids === '' ? 0 : ids.split(' ').length);
  });

  it.each<[string, Asked, string]>([
    ['a field without an index', { equals: { notes: [] }, orderBy: [] }, '["notes"]'],
    ['an order that no index has', { orderBy: ['open', 'id'] }, '["open","id"]'],
    [
      'a condition behind the order',
      { equals: { mediator: 'm-1', rank: 1 }, orderBy: ['id'] },
      '["mediator","rank","id"]',
    ],
    [
      'an area whose code is of no such length',
      { under: { field: 'area', prefix: '43050' }, orderBy: ['rank', 'id'] },
      '[{"under":"area"},"rank","id"]',
    ],
    [
      'two ranges',
      { under: { field: 'area', prefix: '43' }, range: { field: 'rank' }, orderBy: ['area'] },
      'declare',
    ],
  ])('refuses %s, and names the index', async (_, asked, index) => {
    await expect(find(asked)).rejects.toThrow(IndexMissing);
    await expect(find(asked)).rejects.toThrow(index);
  });

  it('counts by a field, in its order, each value as it is', async () => {
    const { store } = under();
    expect(await store.countBy(casesView, 'open', {})).toEqual([
      { value: false, count: 2 },
      { value: true, count: 4 },
    ]);
    expect(await store.countBy(casesView, 'rank', {})).toEqual([
      { value: -1, count: 1 },
      { value: 1, count: 1 },
      { value: 2, count: 1 },
      { value: 3, count: 3 },
    ]);
    expect(await store.countBy(casesView, 'mediator', { equals: { open: true } })).toEqual([
      { value: null, count: 2 },
      { value: 'm-1', count: 1 },
      { value: 'm-2', count: 1 },
    ]);
    await expect(store.countBy(casesView, 'notes', {})).rejects.toThrow(IndexMissing);
  });

  it('texts are ordered by their code points, numbers by their size, nothing first', async () => {
    const texts = ['乙', 'b', '𠮷', 'Z', '\uff01', 'a'];
    await under().apply(...texts.map((area, index) => put(`t-${index}`, { area })));
    const rows = await under().store.find(casesView, { orderBy: ['area', 'id'], limit: 100 });
    const areas = rows.map(({ area }) => area).filter((area) => texts.includes(area));
    expect(areas).toEqual(['Z', 'a', 'b', '乙', '\uff01', '𠮷']);
  });

  it.each([false, true])(
    'pages follow each other and leave nothing out (backwards: %s)',
    async (descending) => {
      const orderBy = ['rank', 'id'] as const;
      const pages: string[] = [];
      let after: readonly Scalar[] | undefined;
      for (let page = 0; page < 4; page += 1) {
        const asked = { orderBy, descending, limit: 2, ...(after && { after }) };
        const rows = await under().store.find(casesView, asked);
        pages.push(rows.map(({ id }) => id).join(' '));
        const last = rows.at(-1);
        after = last && [last.rank, last.id];
      }
      expect(pages).toEqual(descending ? ['e c', 'a d', 'b f', ''] : ['f b', 'd a', 'c e', '']);
    },
  );

  it('a page goes on from its place, whether its row has moved or gone', async () => {
    const { apply } = under();
    const asked = { under: { field: 'area', prefix: '4305' }, orderBy: ['rank', 'id'] } as const;
    expect(await find(asked, 2)).toBe('b d');
    await apply({ type: 'CaseDropped', id: 'd' }, { type: 'CaseRanked', id: 'b', rank: 9 });
    expect(await find({ ...asked, after: [2, 'd'] })).toBe('a c b');
    expect(await find({ ...asked, under: { field: 'area', prefix: '43' }, after: [3, 'c'] })).toBe(
      'e b',
    );
  });

  it('a limit of 0 finds nothing', async () => {
    expect(await find({ orderBy: ['id'] }, 0)).toBe('');
  });
}
