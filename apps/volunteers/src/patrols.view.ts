import type { AreaCode } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { ShiftEvent, ShiftRisk } from './shift.events.js';
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
export const patrolsView = defineView<PatrolRow, VolunteersEvent>({
  name: 'patrols',
  version: 1,
  indexes: [
    ['grid', 'startsAt', 'id'],
    ['open', 'grid', 'id'],
  ],
  keyOf: ({ stream, event }) =>
    'shift' in event && stream.startsWith('shift-') ? event.shift : undefined,
  evolve: (row, { event }) => {
    if (event.type === 'ShiftPublished') return published(event);
    if (row === undefined) throw new Error(`${event.type} came before the shift`);
    return { ...row, ...changes(row, event) };
  },
});

function published(event: Extract<ShiftEvent, { type: 'ShiftPublished' }>): PatrolRow {
  const { shift: id, team, grid, startsAt, endsAt, risk } = event;
  const facts = { id, team, grid, startsAt, endsAt, risk };
  return { ...facts, status: 'PUBLISHED', open: true, volunteer: null, minutes: null, moves: [] };
}

function changes(row: PatrolRow, event: VolunteersEvent): Partial<PatrolRow> {
  switch (event.type) {
    case 'ShiftClaimed':
      return { status: 'CLAIMED', volunteer: event.volunteer };
    case 'ShiftCheckedIn':
      return { status: 'CHECKED_IN' };
    case 'ShiftCheckedOut':
      return { status: 'CHECKED_OUT' };
    case 'HoursConfirmed':
      return { status: 'CONFIRMED', open: false, minutes: event.minutes };
    case 'ShiftCancelled':
      return { status: 'CANCELLED', open: false };
    case 'ShiftMoved': {
      const move = { from: event.from, to: event.grid, at: event.at };
      return { grid: event.grid, moves: [...row.moves, move] };
    }
    default: // Other streams name shifts too; this one holds nothing else.
      return {};
  }
}
