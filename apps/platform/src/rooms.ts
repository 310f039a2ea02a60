import { gridRegistry } from '../../grid-registry/src/grid-registry.module.js';
import { inspections } from '../../inspections/src/inspections.module.js';
import { mediation } from '../../mediation/src/mediation.module.js';
import { volunteers } from '../../volunteers/src/volunteers.module.js';
import type { ServiceHost, ServiceRoom, Settings } from '#libs/service';

/** What the services are told of the settings. */
export type ServiceSettings = Pick<
  Settings,
  'mediationDays' | 'holidayShift' | 'consentDays' | 'recheckDays'
>;

/** Wires one service. */
export type WireService = (host: ServiceHost, settings: ServiceSettings) => ServiceRoom;

/** The services that this process runs: the only list of them. */
export const services: Readonly<Record<string, WireService>> = {
  'grid-registry': gridRegistry,
  mediation: (host, { mediationDays: days, holidayShift, consentDays }) =>
    mediation(host, { days, holidayShift, consentDays }),
  volunteers,
  inspections: (host, { recheckDays }) => inspections(host, { recheckDays }),
};

export function serviceRooms(host: ServiceHost, settings: ServiceSettings): readonly ServiceRoom[] {
  return Object.values(services).map((wire) => wire(host, settings));
}
