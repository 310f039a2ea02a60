import { heardAppointmentsView } from '#libs/appointments';
import { viewList } from '#libs/views';
import { hazardsView } from './hazards.view.js';
import { inspectionsView } from './inspections.view.js';
import { placesView } from './places.view.js';
import { inspectionsEvents } from './inspections.events.js';

/** Everything that this service answers from. */
export const inspectionsViews = viewList(import.meta.url, inspectionsEvents, [
  placesView,
  inspectionsView,
  hazardsView,
  heardAppointmentsView,
]);
