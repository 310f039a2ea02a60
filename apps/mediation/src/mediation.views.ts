import { heardAppointmentsView } from '#libs/appointments';
import { viewList } from '#libs/views';
import { disputesView } from './disputes.view.js';
import { mediationEvents } from './mediation.events.js';

/** Everything that this service answers from. */
export const mediationViews = viewList(import.meta.url, mediationEvents, [
  disputesView,
  heardAppointmentsView,
]);
