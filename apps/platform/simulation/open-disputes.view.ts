import type { MediationEvent } from '../../mediation/src/mediation.events.js';
import { defineView } from '#libs/views';

export interface OpenDisputesRow {
  readonly grid: string;
  readonly count: number;
}

/** Planted: how many disputes were reported in a grid, counted by all of their streams together. */
export const openDisputesView = defineView<OpenDisputesRow, MediationEvent, 'grid'>({
  name: 'open_disputes',
  version: 1,
  indexes: [],
  key: 'grid',
  category: 'dispute',
  starts: { DisputeReported: ({ event: { grid } }) => ({ grid, count: 1 }) },
  changes: { DisputeReported: (row) => ({ ...row, count: row.count + 1 }) },
});
