import { appointmentEvents } from '#libs/appointments';
import type { EventsOf } from '#libs/contracts';
import { knownGridEvents } from '#libs/grid-work';
import { observationEvents } from './observation.events.js';
import { shiftEvents } from './shift.events.js';
import { teamEvents } from './team.events.js';
import { volunteerEvents } from './volunteer.events.js';

/** Everything that this service's log may hold. */
export const volunteersEvents = {
  ...knownGridEvents,
  ...appointmentEvents,
  ...observationEvents,
  ...shiftEvents,
  ...teamEvents,
  ...volunteerEvents,
};

export type VolunteersEvent = EventsOf<typeof volunteersEvents>;
