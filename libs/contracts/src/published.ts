import type { EventSchemas } from './event-schema.js';
import { gridClosingPublishedEvents } from './grid-closing.events.js';
import { gridRegistryPublishedEvents } from './grid-registry.events.js';
import { gridWorkPublishedEvents } from './grid-work.events.js';
import { inspectionsPublishedEvents } from './inspections.events.js';
import { volunteersPublishedEvents } from './volunteers.events.js';

const ofServices: Readonly<Record<string, EventSchemas>> = {
  'grid-registry': { ...gridRegistryPublishedEvents, ...gridClosingPublishedEvents },
  mediation: gridWorkPublishedEvents,
  volunteers: { ...volunteersPublishedEvents, ...gridWorkPublishedEvents },
  inspections: { ...inspectionsPublishedEvents, ...gridWorkPublishedEvents },
};

/**
 * What a service lets others read of its log, by its name: all that leaves its process. Every other
 * event is its own matter.
 */
export function publishedEventsOf(service: string): EventSchemas {
  return Object.hasOwn(ofServices, service) ? (ofServices[service] ?? {}) : {};
}
