import { gridRegistry } from '../../grid-registry/src/grid-registry.module.js';
import { inspections } from '../../inspections/src/inspections.module.js';
import { mediation } from '../../mediation/src/mediation.module.js';
import { volunteers } from '../../volunteers/src/volunteers.module.js';
import type { ServiceHost, ServiceRoom, Settings } from '#libs/service';

/** The services that this process runs: the only list of them. */
export function serviceRooms(host: ServiceHost, settings: Settings): readonly ServiceRoom[] {
  return [
    gridRegistry(host),
    mediation(host, { days: settings.mediationDays }),
    volunteers(host),
    inspections(host),
  ];
}
