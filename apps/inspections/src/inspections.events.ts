import { appointmentEvents } from '#libs/appointments';
import { adoptedCalendarEvents } from '#libs/calendar';
import type { EventsOf } from '#libs/contracts';
import { knownGridEvents } from '#libs/grid-work';
import { hazardEvents } from './hazard.events.js';
import { inspectionEvents } from './inspection.events.js';
import { placeEvents } from './place.events.js';

/** Everything that this service's log may hold. */
export const inspectionsEvents = {
  ...placeEvents,
  ...inspectionEvents,
  ...hazardEvents,
  ...knownGridEvents,
  ...appointmentEvents,
  ...adoptedCalendarEvents,
};

export type InspectionsEvent = EventsOf<typeof inspectionsEvents>;
