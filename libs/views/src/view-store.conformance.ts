import type { Recorded } from '#libs/event';
import { defineView, type View, type ViewStore, type Where } from './view.js';

/** Opens a store under test that holds no rows yet. */
export type OpenViews = (views: readonly View[]) => ViewStore;

export interface CaseRow {
  readonly id: string;
  readonly area: string;
  readonly open: boolean;
  readonly rank: number;
  readonly mediator: string | null;
  /** No query names it, so it may be anything. */
  readonly notes: readonly string[];
}

export type CaseEvent =
  | { readonly type: 'CasePut'; readonly row: CaseRow }
  | { readonly type: 'CaseDropped'; readonly id: string }
  | { readonly type: 'Poisoned'; readonly id: string }
  | { readonly type: 'Elsewhere' };

export const casesView = defineView<CaseRow, CaseEvent>({
  name: 'cases',
  version: 1,
  indexes: [
    ['open', 'area', 'rank', 'id'],
    ['area', 'id'],
    ['mediator', 'id'],
  ],
  keyOf: ({ event }) => {
    if (event.type === 'Elsewhere') return undefined;
    return event.type === 'CasePut' ? event.row.id : event.id;
  },
  evolve: (row, { event }) => {
    if (event.type === 'CasePut') return event.row;
    return event.type === 'CaseDropped' ? undefined : row;
  },
});

interface HistoryRow {
  readonly id: string;
  readonly positions: readonly number[];
}

/** Which events reached a row, in which order; one of them it cannot take. */
export const historyView = defineView<HistoryRow, CaseEvent>({
  name: 'history',
  version: 1,
  indexes: [['id']],
  keyOf: (recorded) => casesView.keyOf(recorded),
  evolve: (row, recorded) => {
    if (recorded.event.type === 'Poisoned') throw new Error('poisoned');
    const id = casesView.keyOf(recorded) ?? '';
    return { id, positions: [...(row?.positions ?? []), recorded.position] };
  },
});

export const views = [casesView, historyView] as const satisfies readonly View[];

export function recorded(position: number, event: CaseEvent): Recorded<CaseEvent> {
  return {
    origin: 'sample',
    position,
    stream: 'sample-1',
    version: position,
    recordedAt: '2026-03-01T00:00:00.000Z',
    actor: 'li-1',
    commandId: `command-${position}`,
    event,
  };
}

export const caseRow = (id: string, parts: Partial<CaseRow> = {}): CaseRow => ({
  id,
  area: '430502',
  open: true,
  rank: 1,
  mediator: null,
  notes: ['一', '二'],
  ...parts,
});

export const put = (id: string, parts?: Partial<CaseRow>): CaseEvent => ({
  type: 'CasePut',
  row: caseRow(id, parts),
});

/** What every view store promises, whatever it keeps its rows in. */
export function viewStoreConformance(open: OpenViews): void {
  let store: ViewStore;
  let applied: number;

  beforeEach(() => {
    store = open(views);
    applied = 0;
  });
  afterEach(() => store.close());

  async function apply(...events: readonly CaseEvent[]): Promise<void> {
    const from = applied;
    applied += events.length;
    await store.apply(events.map((event, index) => recorded(from + index, event)));
  }

  const idsOf = (rows: readonly CaseRow[]) => rows.map(({ id }) => id).join(' ');
  const find = async (where: Where<CaseRow>) =>
    idsOf(await store.find(casesView, { ...where, orderBy: ['id'], limit: 100 }));

  describe('rows', () => {
    it('a store that holds nothing stands at position 0', async () => {
      expect(await store.position()).toBe(0);
      expect(await store.get(casesView, 'a')).toBeUndefined();
      expect(await find({})).toBe('');
      expect(await store.count(casesView, {})).toBe(0);
    });

    it('a row is found by its key as it was made', async () => {
      await apply(put('a', { mediator: '示例甲', rank: 2.5 }));
      expect(await store.get(casesView, 'a')).toEqual(
        caseRow('a', { mediator: '示例甲', rank: 2.5 }),
      );
    });

    it('a row that changes is found under its new fields only', async () => {
      await apply(put('a', { area: '430502' }), put('a', { area: '430503' }));
      expect(await find({ equals: { area: '430502' } })).toBe('');
      expect(await find({ equals: { area: '430503' } })).toBe('a');
      expect(await store.count(casesView, {})).toBe(1);
    });

    it('a row goes when its evolve answers none, and may come again', async () => {
      await apply(put('a'), put('b'), { type: 'CaseDropped', id: 'a' });
      expect(await store.get(casesView, 'a')).toBeUndefined();
      expect(await find({})).toBe('b');
      await apply({ type: 'CaseDropped', id: 'none' }, put('a', { rank: 9 }));
      expect(await store.get(casesView, 'a')).toEqual(caseRow('a', { rank: 9 }));
    });

    it('an event that is none of a view’s moves the position only', async () => {
      await apply({ type: 'Elsewhere' });
      expect(await store.position()).toBe(1);
      expect(await store.count(casesView, {})).toBe(0);
    });

    it('a view that the store does not keep is a mistake', async () => {
      const other = { ...casesView, name: 'other' };
      await expect(store.get(other, 'a')).rejects.toThrow();
      await expect(store.count(other, {})).rejects.toThrow();
    });
  });

  describe('rows and position move together', () => {
    it('what was applied before is passed over', async () => {
      const events = [put('a'), put('b'), put('a')].map((event, index) => recorded(index, event));
      await store.apply(events.slice(0, 2));
      await store.apply(events);
      await store.apply(events);
      expect(await store.get(historyView, 'a')).toEqual({ id: 'a', positions: [0, 2] });
      expect(await store.position()).toBe(3);
    });

    it('nothing to apply changes nothing', async () => {
      await apply(put('a'));
      await store.apply([]);
      expect(await store.position()).toBe(1);
    });

    it('when one view fails, no row of any view and no position has moved', async () => {
      await apply(put('a', { rank: 1 }));
      const failing = apply(put('a', { rank: 2 }), put('b'), { type: 'Poisoned', id: 'a' });
      await expect(failing).rejects.toThrow('poisoned');
      expect(await store.position()).toBe(1);
      expect(await store.get(casesView, 'a')).toEqual(caseRow('a', { rank: 1 }));
      expect(await find({})).toBe('a');
      expect(await store.get(historyView, 'a')).toEqual({ id: 'a', positions: [0] });
    });

    it('after a failure the same events can be applied again', async () => {
      const events = [recorded(0, put('a')), recorded(1, { type: 'Poisoned', id: 'a' })];
      await expect(store.apply(events)).rejects.toThrow('poisoned');
      await store.apply([...events.slice(0, 1), recorded(1, put('b'))]);
      expect(await store.get(historyView, 'a')).toEqual({ id: 'a', positions: [0] });
      expect(await store.position()).toBe(2);
    });
  });

  describe('finding', () => {
    beforeEach(() =>
      apply(
        put('a', { area: '4305', rank: 3 }),
        put('b', { area: '430502', rank: 1, mediator: 'm-1' }),
        put('c', { area: '430502001', rank: 3, open: false }),
        put('d', { area: '43050', rank: 2, mediator: 'm-1', open: false }),
        put('e', { area: '4306', rank: 3, mediator: 'm-2' }),
        put('f', { area: '', rank: -1 }),
      ),
    );

    it.each([
      ['true', { open: true }, 'a b e f'],
      ['false', { open: false }, 'c d'],
      ['null', { mediator: null }, 'a c f'],
      ['a text', { mediator: 'm-1' }, 'b d'],
      ['a number', { rank: 3 }, 'a c e'],
      ['a negative number', { rank: -1 }, 'f'],
      ['an empty text', { area: '' }, 'f'],
      ['several fields', { rank: 3, open: true, mediator: null }, 'a'],
      ['a value that no row has', { mediator: 'm-9' }, ''],
      ['no field', {}, 'a b c d e f'],
    ])('by %s', async (_, equals, ids) => {
      expect(await find({ equals })).toBe(ids);
      expect(await store.count(casesView, { equals })).toBe(ids === '' ? 0 : ids.split(' ').length);
    });

    it.each([
      ['', 'a b c d e f'],
      ['4', 'a b c d e'],
      ['4305', 'a b c d'],
      ['43050', 'b c d'],
      ['430502', 'b c'],
      ['430502001', 'c'],
      ['4305020011', ''],
      ['5', ''],
    ])('under the prefix "%s", which may be a code of its own', async (prefix, ids) => {
      const under = { field: 'area', prefix } as const;
      expect(await find({ under })).toBe(ids);
      expect(await store.count(casesView, { under })).toBe(ids === '' ? 0 : ids.split(' ').length);
    });

    it('under a prefix, what is no text is only under the empty one', async () => {
      expect(await find({ under: { field: 'mediator', prefix: 'm-1' } })).toBe('b d');
      expect(await find({ under: { field: 'mediator', prefix: '' } })).toBe('a b c d e f');
      expect(await find({ under: { field: 'mediator', prefix: 'null' } })).toBe('');
      expect(await find({ under: { field: 'rank', prefix: '3' } })).toBe('');
    });

    it('equal and under must both hold', async () => {
      const under = { field: 'area', prefix: '4305' } as const;
      expect(await find({ equals: { open: true }, under })).toBe('a b');
      expect(await store.count(casesView, { equals: { open: true }, under })).toBe(2);
    });
  });

  describe('order and pages', () => {
    const byRank = ['rank', 'id'] as const;

    it('texts are ordered by their code points, numbers by their size, nothing first', async () => {
      const texts = ['乙', 'b', '𠮷', 'Z', '\uff01', 'a', ''];
      await apply(...texts.map((area, index) => put(`t-${index}`, { area, rank: 10 - index })));
      const areas = await store.find(casesView, { orderBy: ['area', 'id'], limit: 100 });
      expect(areas.map(({ area }) => area)).toEqual(['', 'Z', 'a', 'b', '乙', '\uff01', '𠮷']);
      const ranks = await store.find(casesView, { orderBy: byRank, limit: 100 });
      expect(ranks.map(({ rank }) => rank)).toEqual([4, 5, 6, 7, 8, 9, 10]);
      await apply(put('t-1', { mediator: 'm-1' }));
      const held = await store.find(casesView, { orderBy: ['mediator', 'id'], limit: 100 });
      expect(held.at(-1)?.id).toBe('t-1');
    });

    it('pages follow each other and leave nothing out, rows of equal rank as well', async () => {
      const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
      await apply(...ids.map((id, index) => put(id, { rank: [2, 1, 2, 1, 2, 1, 3][index] ?? 0 })));
      const pages: string[] = [];
      let after: readonly (string | number)[] | undefined;
      for (let page = 0; page < 4; page += 1) {
        const rows = await store.find(casesView, {
          orderBy: byRank,
          limit: 2,
          ...(after && { after }),
        });
        pages.push(idsOf(rows));
        const last = rows.at(-1);
        after = last && [last.rank, last.id];
      }
      expect(pages).toEqual(['b d', 'f a', 'c e', 'g']);
    });

    it('a page after a row that has gone goes on from its place', async () => {
      await apply(put('a'), put('b'), put('c'), { type: 'CaseDropped', id: 'b' });
      const rows = await store.find(casesView, { orderBy: ['id'], after: ['b'], limit: 9 });
      expect(idsOf(rows)).toBe('c');
    });

    it('a limit of 0 finds nothing, and the count knows no limit', async () => {
      await apply(put('a'), put('b'));
      expect(await store.find(casesView, { orderBy: ['id'], limit: 0 })).toEqual([]);
      expect(await store.count(casesView, {})).toBe(2);
    });
  });
}
