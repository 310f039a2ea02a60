import type { Recorded } from '#libs/event';
import type { Town } from './town.js';

const EVENTS_MAX = 100_000;

/** 史实: everything that the services have recorded, by service. */
export type History = ReadonlyMap<string, readonly Recorded[]>;

export async function historyOf(town: Town): Promise<History> {
  const history = new Map<string, readonly Recorded[]>();
  for (const [name, { log }] of town.disks) history.set(name, await log.read(0, EVENTS_MAX));
  return history;
}

/** An event's fields by name, for who compares and does not decide. */
export function fields({ event }: Recorded): Readonly<Record<string, unknown>> {
  return { ...event };
}

export function ofType(events: readonly Recorded[] | undefined, type: string): readonly Recorded[] {
  return (events ?? []).filter(({ event }) => event.type === type);
}
