import type { AreaCode } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { GridEvent } from './grid.events.js';
import type { GridRegistryEvent } from './grid-registry.events.js';

/** Another grid that this one came from or went into. */
export interface GridLink {
  readonly code: AreaCode;
  readonly since: string;
}

export interface GridRow {
  readonly code: AreaCode;
  readonly status: 'OPEN' | 'CLOSING' | 'RETIRED';
  readonly openedAt: string;
  /** Since when it has had its status. */
  readonly since: string;
  readonly predecessors: readonly GridLink[];
  readonly successors: readonly GridLink[];
  /** What kept it open at the last attempt to close it. */
  readonly keptOpenBy: readonly { readonly service: string; readonly count: number }[];
}

/** Where does this grid come from, and what became of it? */
export const gridsView = defineView<GridRow, GridRegistryEvent>({
  name: 'grids',
  version: 1,
  indexes: [],
  keyOf: ({ stream, event }) =>
    'grid' in event && stream.startsWith('grid-') ? event.grid : undefined,
  evolve: (row, { event }) => {
    if (event.type === 'GridOpened') return opened(event);
    return row && 'grid' in event ? { ...row, ...changes(row, event) } : row;
  },
});

function opened({ grid, at }: Extract<GridEvent, { type: 'GridOpened' }>): GridRow {
  const none = { predecessors: [], successors: [], keptOpenBy: [] };
  return { code: grid, status: 'OPEN', openedAt: at, since: at, ...none };
}

function changes(
  row: GridRow,
  event: Extract<GridRegistryEvent, { grid: AreaCode }>,
): Partial<GridRow> {
  const { at } = event;
  switch (event.type) {
    case 'GridClosing':
      return { status: 'CLOSING', since: at, keptOpenBy: [] };
    case 'GridRetired': {
      const successors = event.successors.map((code) => ({ code, since: at }));
      return { status: 'RETIRED', since: at, successors };
    }
    case 'GridRetirementRefused':
      return { status: 'OPEN', since: at, keptOpenBy: event.open };
    case 'GridSuccessionEnded': {
      const predecessor = { code: event.predecessor, since: at };
      return event.taken ? { predecessors: [...row.predecessors, predecessor] } : {};
    }
    default: // Names and answers are no part of the history.
      return {};
  }
}
