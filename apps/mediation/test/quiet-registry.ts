import { gridRegistryPublishedEvents } from '#libs/contracts';
import { EventBus } from '#libs/event-bus';
import { openMemoryLog } from '#libs/event-log';

/**
 * A bus on which the registry is heard and has nothing to tell: it is known for certain who holds
 * which post, so that a service alone on it shows personal data.
 */
export function busOfQuietRegistry(): EventBus {
  const bus = new EventBus();
  const now = () => '2026-03-01T00:00:00.000Z';
  const events = gridRegistryPublishedEvents;
  bus.publish(openMemoryLog({ origin: 'grid-registry', events, now }));
  return bus;
}
