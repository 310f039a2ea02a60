import { heardAppointmentsView } from '#libs/appointments';
import { viewList } from '#libs/views';
import { observationsView } from './observations.view.js';
import { patrolsView } from './patrols.view.js';
import { teamsView } from './teams.view.js';
import { volunteersView } from './volunteers.view.js';
import { volunteersEvents } from './volunteers.events.js';

/** Everything that this service answers from. */
export const volunteersViews = viewList(import.meta.url, volunteersEvents, [
  teamsView,
  volunteersView,
  patrolsView,
  observationsView,
  heardAppointmentsView,
]);
