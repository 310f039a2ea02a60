import type { Sealed } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { VolunteerDetails } from './volunteer.events.js';
import type { VolunteersEvent } from './volunteers.events.js';

export interface VolunteerRow {
  readonly id: string;
  readonly team: string;
  /** Empty when they do not sign in. */
  readonly account: string;
  readonly sealed: Sealed<VolunteerDetails>;
}

/** Who is this volunteer, and in which team? There is no list of them: a team knows its people. */
export const volunteersView = defineView<VolunteerRow, VolunteersEvent, 'volunteer'>({
  name: 'volunteers',
  version: 4,
  temporal: true,
  indexes: [['account', 'id']],
  key: 'volunteer',
  category: 'volunteer',
  starts: {
    VolunteerEnrolled: ({ event: { volunteer: id, team, account = '', sealed } }) => {
      return { id, team, account, sealed };
    },
  },
});
