import { defineView } from '#libs/views';
import type { VolunteersEvent } from './volunteers.events.js';

export interface VolunteerRow {
  readonly id: string;
  readonly team: string;
  readonly name: string;
  /** The day on which a minor comes of age, null for an adult. */
  readonly adultFrom: string | null;
}

/** Who is this volunteer, and in which team? There is no list of them: a team knows its people. */
export const volunteersView = defineView<VolunteerRow, VolunteersEvent>({
  name: 'volunteers',
  version: 1,
  indexes: [],
  keyOf: ({ event }) => (event.type === 'VolunteerEnrolled' ? event.volunteer : undefined),
  evolve: (row, { event }) => {
    if (event.type !== 'VolunteerEnrolled') return row;
    const { volunteer: id, team, name, adultFrom } = event;
    return { id, team, name, adultFrom };
  },
});
