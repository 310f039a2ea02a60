import type { History } from './history.js';
import { fields } from './history.js';
import type { Acknowledged } from './ledger.js';

/** What one service did for somebody, or heard from another, at a place in its log. */
export type Moment =
  | { readonly position: number; readonly told: Acknowledged; readonly heard?: undefined }
  | { readonly position: number; readonly told?: undefined; readonly heard: Heard };

/** News that reached a service when nobody could foresee it; what follows from it can be foreseen. */
export interface Heard {
  readonly type: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * When something reaches a service is a matter of luck, so the moments are read from its log: that
 * a grid is closing and that the service has answered, that a mediator was released, that an
 * observation was noted or followed.
 */
const NEWS: ReadonlySet<string> = new Set([
  'GridShut',
  'GridWorkMoved',
  'GridWorkOpen',
  'GridClosing',
  'GridWorkAnswered',
  'MediatorWithdrawn',
  'HazardFound',
  'ObservationFollowed',
]);

/** A service's moments in the order of its log. */
export function timelineOf(
  service: string,
  acknowledged: readonly Acknowledged[],
  history: History,
): readonly Moment[] {
  const told = acknowledged
    .filter((each) => each.service === service)
    .map((each): Moment => ({ position: each.position, told: each }));
  const heard = (history.get(service) ?? [])
    .filter(({ event, actor }) => NEWS.has(event.type) && isNews(event.type, actor))
    .map((recorded): Moment => {
      const { position, event } = recorded;
      return { position, heard: { type: event.type, facts: fields(recorded) } };
    });
  return [...told, ...heard].toSorted((a, b) => a.position - b.position);
}

/** People report hazards as well; those are in the ledger. */
function isNews(type: string, actor: string): boolean {
  return type !== 'HazardFound' || actor.startsWith('service:');
}
