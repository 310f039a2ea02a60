import type { AreaCode } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { ShiftRisk } from './shift.events.js';
import type { MoveRow } from './teams.view.js';
import type { VolunteersEvent } from './volunteers.events.js';

export type PatrolStatus =
  'PUBLISHED' | 'CLAIMED' | 'CHECKED_IN' | 'CHECKED_OUT' | 'CONFIRMED' | 'CANCELLED';

export interface PatrolRow {
  readonly id: string;
  readonly team: string;
  readonly grid: AreaCode;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly risk: ShiftRisk;
  readonly status: PatrolStatus;
  /** Whether anything is still to be done. */
  readonly open: boolean;
  readonly volunteer: string | null;
  /** What was confirmed; null until then. */
  readonly minutes: number | null;
  readonly moves: readonly MoveRow[];
}

/** Which patrols are there in an area, and where does each stand? */
export const patrolsView = defineView<PatrolRow, VolunteersEvent, 'shift'>({
  name: 'patrols',
  version: 2,
  temporal: true,
  indexes: [
    [{ under: 'grid' }, 'startsAt', 'id'],
    ['open', 'grid', 'id'],
  ],
  category: 'shift',
  key: 'shift',
  starts: {
    ShiftPublished: ({ event: { shift: id, team, grid, startsAt, endsAt, risk } }) => {
      const facts = { id, team, grid, startsAt, endsAt, risk };
      const nobody = { volunteer: null, minutes: null, moves: [] };
      return { ...facts, status: 'PUBLISHED', open: true, ...nobody };
    },
  },
  changes: {
    ShiftClaimed: (row, { event: { volunteer } }) => ({ ...row, status: 'CLAIMED', volunteer }),
    ShiftCheckedIn: (row) => ({ ...row, status: 'CHECKED_IN' }),
    ShiftCheckedOut: (row) => ({ ...row, status: 'CHECKED_OUT' }),
    HoursConfirmed: (row, { event: { minutes } }) => {
      return { ...row, status: 'CONFIRMED', open: false, minutes };
    },
    ShiftCancelled: (row) => ({ ...row, status: 'CANCELLED', open: false }),
    ShiftMoved: (row, { event: { from, grid, at } }) => {
      return { ...row, grid, moves: [...row.moves, { from, to: grid, at }] };
    },
  },
});
