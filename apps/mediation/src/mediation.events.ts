import { appointmentEvents } from '#libs/appointments';
import { adoptedCalendarEvents } from '#libs/calendar';
import type { EventsOf } from '#libs/contracts';
import { knownGridEvents } from '#libs/grid-work';
import { disputeEvents } from './dispute.events.js';
import { mediatorEvents } from './mediator.events.js';

/** Everything that this service's log may hold. */
export const mediationEvents = {
  ...disputeEvents,
  ...knownGridEvents,
  ...appointmentEvents,
  ...mediatorEvents,
  ...adoptedCalendarEvents,
};

export type MediationEvent = EventsOf<typeof mediationEvents>;
