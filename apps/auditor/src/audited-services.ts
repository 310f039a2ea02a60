import { gridRegistryEvents } from '../../grid-registry/src/grid-registry.events.js';
import { areasView } from '../../grid-registry/src/areas.view.js';
import { gridsView } from '../../grid-registry/src/grids.view.js';
import { holdersView } from '../../grid-registry/src/holders.view.js';
import { postsView } from '../../grid-registry/src/posts.view.js';
import { hazardsView } from '../../inspections/src/hazards.view.js';
import { inspectionsEvents } from '../../inspections/src/inspections.events.js';
import { inspectionsView } from '../../inspections/src/inspections.view.js';
import { placesView } from '../../inspections/src/places.view.js';
import { disputesView } from '../../mediation/src/disputes.view.js';
import { mediationEvents } from '../../mediation/src/mediation.events.js';
import { observationsView } from '../../volunteers/src/observations.view.js';
import { patrolsView } from '../../volunteers/src/patrols.view.js';
import { teamsView } from '../../volunteers/src/teams.view.js';
import { volunteersEvents } from '../../volunteers/src/volunteers.events.js';
import { volunteersView } from '../../volunteers/src/volunteers.view.js';
import { type EventSchemas, logEvents } from '#libs/contracts';
import type { View } from '#libs/views';
import { CannotRun } from './command.js';

/** 受审服务: the events that it records, and the views that it answers from, in its module's order. */
export interface AuditedService {
  readonly name: string;
  readonly events: EventSchemas;
  readonly views: readonly View[];
}

/** Every service, as its module registers it: a test holds the two against each other. */
export const auditedServices: readonly AuditedService[] = [
  {
    name: 'grid-registry',
    events: gridRegistryEvents,
    views: [areasView, gridsView, postsView, holdersView],
  },
  { name: 'mediation', events: mediationEvents, views: [disputesView] },
  {
    name: 'volunteers',
    events: volunteersEvents,
    views: [teamsView, volunteersView, patrolsView, observationsView],
  },
  {
    name: 'inspections',
    events: inspectionsEvents,
    views: [placesView, inspectionsView, hazardsView],
  },
];

/** Everything that a service's log may hold: its own events, and those that every log has. */
export function eventsOf({ events }: AuditedService): EventSchemas {
  return { ...logEvents, ...events };
}

/** @throws CannotRun when this version knows no such service */
export function auditedService(name: string): AuditedService {
  const found = auditedServices.find((service) => service.name === name);
  if (found !== undefined) return found;
  const known = auditedServices.map((service) => service.name).join(', ');
  throw new CannotRun(`there is no service ${name}: the services are ${known}`);
}
