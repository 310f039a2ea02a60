import type { AreaCode } from '#libs/contracts';
import { defineView } from '#libs/views';
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
export const gridsView = defineView<GridRow, GridRegistryEvent, 'grid'>({
  name: 'grids',
  version: 2,
  temporal: true,
  indexes: [],
  category: 'grid',
  key: 'grid',
  starts: {
    GridOpened: ({ event: { grid, at } }) => {
      const none = { predecessors: [], successors: [], keptOpenBy: [] };
      return { code: grid, status: 'OPEN', openedAt: at, since: at, ...none };
    },
  },
  changes: {
    GridClosing: (row, { event: { at } }) => {
      return { ...row, status: 'CLOSING', since: at, keptOpenBy: [] };
    },
    GridRetired: (row, { event }) => {
      const successors = event.successors.map((code) => ({ code, since: event.at }));
      return { ...row, status: 'RETIRED', since: event.at, successors };
    },
    GridRetirementRefused: (row, { event: { at, open } }) => {
      return { ...row, status: 'OPEN', since: at, keptOpenBy: open };
    },
    GridSuccessionEnded: (row, { event }) => {
      const predecessor = { code: event.predecessor, since: event.at };
      return event.taken ? { ...row, predecessors: [...row.predecessors, predecessor] } : row;
    },
  },
});
