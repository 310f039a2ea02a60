import { gridRegistryEvents } from '../../grid-registry/src/grid-registry.events.js';
import { gridRegistryViews } from '../../grid-registry/src/grid-registry.views.js';
import { inspectionsEvents } from '../../inspections/src/inspections.events.js';
import { inspectionsViews } from '../../inspections/src/inspections.views.js';
import { mediationEvents } from '../../mediation/src/mediation.events.js';
import { mediationViews } from '../../mediation/src/mediation.views.js';
import { volunteersEvents } from '../../volunteers/src/volunteers.events.js';
import { volunteersViews } from '../../volunteers/src/volunteers.views.js';
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
  { name: 'grid-registry', events: gridRegistryEvents, views: gridRegistryViews },
  { name: 'mediation', events: mediationEvents, views: mediationViews },
  { name: 'volunteers', events: volunteersEvents, views: volunteersViews },
  { name: 'inspections', events: inspectionsEvents, views: inspectionsViews },
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
