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
export const observationsView = defineView<ObservationRow, VolunteersEvent, 'observation'>({
  name: 'observations',
  version: 4,
  temporal: true,
  indexes: [
    ['shift', 'notedAt', 'id'],
    ['grid', 'outcome', 'id'],
  ],
  key: 'observation',
  category: 'observation',
  starts: {
    ObservationNoted: ({ event: { observation: id, shift, grid, sealed, at: notedAt } }) => {
      return { id, shift, grid, sealed, notedAt, outcome: 'NOTED', hazardId: null };
    },
  },
  changes: {
    ObservationFollowed: (row, { event: { status: outcome, hazard: hazardId } }) => {
      return { ...row, outcome, hazardId };
    },
  },
});
