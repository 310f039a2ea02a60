import type { AreaCode, ObservationText, Sealed } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { FollowUp } from './observation.events.js';
import type { VolunteersEvent } from './volunteers.events.js';

/** Noted and not yet answered, or what inspections made of it. */
export type ObservationOutcome = 'NOTED' | FollowUp;

export interface ObservationRow {
  readonly id: string;
  readonly shift: string;
  readonly grid: AreaCode;
  readonly sealed: Sealed<ObservationText>;
  readonly notedAt: string;
  readonly outcome: ObservationOutcome;
  readonly hazardId: string | null;
}

/** What was noted on a patrol, and what has become of it? */
export const observationsView = defineView<ObservationRow, VolunteersEvent>({
  name: 'observations',
  version: 3,
  indexes: [
    ['shift', 'notedAt', 'id'],
    ['grid', 'outcome', 'id'],
  ],
  keyOf: ({ event }) => ('observation' in event ? event.observation : undefined),
  evolve: (row, { event }) => {
    if (event.type === 'ObservationNoted') {
      const { observation: id, shift, grid, sealed, at: notedAt } = event;
      return { id, shift, grid, sealed, notedAt, outcome: 'NOTED', hazardId: null };
    }
    if (event.type !== 'ObservationFollowed') return row;
    if (row === undefined) throw new Error('an observation was followed before it was noted');
    return { ...row, outcome: event.status, hazardId: event.hazard };
  },
});
