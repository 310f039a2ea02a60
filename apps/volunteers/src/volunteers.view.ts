import type { Sealed } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { VolunteerDetails } from './volunteer.events.js';
import type { VolunteersEvent } from './volunteers.events.js';

export interface VolunteerRow {
  readonly id: string;
  readonly team: string;
  readonly sealed: Sealed<VolunteerDetails>;
}

/** Who is this volunteer, and in which team? There is no list of them: a team knows its people. */
export const volunteersView = defineView<VolunteerRow, VolunteersEvent, 'volunteer'>({
  name: 'volunteers',
  version: 3,
  temporal: true,
  indexes: [],
  key: 'volunteer',
  category: 'volunteer',
  starts: {
    VolunteerEnrolled: ({ event: { volunteer: id, team, sealed } }) => ({ id, team, sealed }),
  },
});
