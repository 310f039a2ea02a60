import type { Recorded } from '#libs/event';
import { defineView, type View } from './view.js';
import type { ViewStore } from './view-store.js';

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
  | { readonly type: 'CasePut'; readonly id: string; readonly row: CaseRow }
  | { readonly type: 'CaseRanked'; readonly id: string; readonly rank: number }
  | { readonly type: 'CaseDropped'; readonly id: string }
  | { readonly type: 'Poisoned'; readonly id: string }
  | { readonly type: 'Elsewhere' }
  | {
      readonly type: 'DeliverySkipped';
      readonly handler: string;
      readonly origin: string;
      readonly stream: string;
      readonly position: number;
    };

export const casesView = defineView<CaseRow, CaseEvent, 'id'>({
  name: 'cases',
  version: 1,
  temporal: true,
  indexes: [
    ['id'],
    ['area', 'id'],
    ['rank', 'id'],
    ['mediator', 'id'],
    ['open', 'area', 'rank', 'id'],
    ['open', 'mediator', 'rank', 'id'],
    [{ under: 'area' }, 'rank', 'id'],
    ['open', { under: 'area' }, 'rank', 'id'],
  ],
  key: 'id',
  starts: { CasePut: ({ event }) => event.row },
  changes: {
    CasePut: (_, { event }) => event.row,
    CaseRanked: (row, { event: { rank } }) => ({ ...row, rank }),
    CaseDropped: () => undefined,
  },
});

interface HistoryRow {
  readonly id: string;
  readonly positions: readonly number[];
}

/** Which events reached a row, in which order; one of them it cannot take. */
export const historyView = defineView<HistoryRow, CaseEvent, 'id'>({
  name: 'history',
  version: 1,
  indexes: [['id']],
  key: 'id',
  starts: {
    CasePut: ({ position, event: { id } }) => ({ id, positions: [position] }),
  },
  changes: {
    CasePut: (row, { position }) => ({ ...row, positions: [...row.positions, position] }),
    CaseRanked: (row, { position }) => ({ ...row, positions: [...row.positions, position] }),
    Poisoned: () => {
      throw new Error('poisoned');
    },
  },
});

export const views = [casesView, historyView] as const satisfies readonly View[];

export const streamOf = (event: CaseEvent): string =>
  'id' in event ? `case-${event.id}` : 'log-s';

export function recorded(
  position: number,
  event: CaseEvent,
  stream = streamOf(event),
): Recorded<CaseEvent> {
  return {
    origin: 'sample',
    position,
    stream,
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
  id,
  row: caseRow(id, parts),
});

/** Applies events behind those that were applied. */
export type Apply = (...events: readonly CaseEvent[]) => Promise<void>;

/** The store under test, new for each test. */
export type UnderTest = () => { readonly store: ViewStore; readonly apply: Apply };
