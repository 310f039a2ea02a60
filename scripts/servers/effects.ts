import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { logEvents } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { openSqliteLog, positionText } from '#libs/event-log';
import type { Acknowledged } from './desk.ts';
import { SERVICES } from './house.ts';
import { root } from './server.ts';

/** What is recorded in a service, as far as a check needs it. */
export type Logs = ReadonlyMap<string, readonly Recorded[]>;

const READ = 1000;

/** Reads the stopped services' logs, whole. */
export async function readLogs(dataDir: string): Promise<Logs> {
  const logs = new Map<string, readonly Recorded[]>();
  for (const name of Object.keys(SERVICES)) logs.set(name, await readLog(dataDir, name));
  return logs;
}

async function readLog(dataDir: string, name: string): Promise<readonly Recorded[]> {
  const path = join(root, 'dist', 'apps', name, 'src', `${name}.events.js`);
  const module = (await import(pathToFileURL(path).href)) as Record<string, typeof logEvents>;
  const events = { ...logEvents, ...Object.values(module)[0] };
  const now = (): string => new Date().toISOString();
  const log = openSqliteLog(join(dataDir, name), { origin: name, events, now });
  try {
    const all: Recorded[] = [];
    for (let more = await log.read(0, READ); more.length > 0;) {
      all.push(...more);
      more = await log.read(all.length, READ);
    }
    return all;
  } finally {
    await log.close();
  }
}

/** Which event must have an effect where; `if` narrows it. */
interface Hears {
  readonly event: string;
  readonly of: string;
  readonly in: readonly string[];
  readonly if?: (event: Readonly<Record<string, unknown>>) => boolean;
}

const WORKING = ['mediation', 'volunteers', 'inspections'];
const isMediator = ({ kind }: Readonly<Record<string, unknown>>): boolean => kind === 'MEDIATOR';
const HEARS: readonly Hears[] = [
  { event: 'GridOpened', of: 'grid-registry', in: WORKING },
  { event: 'GridClosing', of: 'grid-registry', in: WORKING },
  { event: 'HolderAppointed', of: 'grid-registry', in: ['mediation'], if: isMediator },
  { event: 'HolderReleased', of: 'grid-registry', in: ['mediation'], if: isMediator },
  ...WORKING.flatMap((of) => [
    { event: 'GridWorkMoved', of, in: ['grid-registry'] },
    { event: 'GridWorkOpen', of, in: ['grid-registry'] },
  ]),
  { event: 'ObservationNoted', of: 'volunteers', in: ['inspections'] },
  {
    event: 'HazardFound',
    of: 'inspections',
    in: ['volunteers'],
    if: ({ observation }) => observation !== null,
  },
];

/** What is not as it must be: each acknowledged command once, each reaction's effect once. */
export function findings(logs: Logs, acknowledged: readonly Acknowledged[]): readonly string[] {
  return [
    ...acknowledged.flatMap((each) => commandFault(logs, each)),
    ...[...logs].flatMap(([name, events]) => twice(name, events)),
    ...HEARS.flatMap((hears) => unheard(logs, hears)),
  ];
}

/** A command's events stand together: in two places, it was taken twice. */
function commandFault(logs: Logs, { actor, commandId, position }: Acknowledged): readonly string[] {
  const [service = ''] = position.split('@', 1);
  const own = (logs.get(service) ?? []).filter(
    (each) => each.commandId === commandId && each.actor === actor,
  );
  const first = own[0]?.position ?? 0;
  if (own.length === 0) return [`${position}: the acknowledged command ${commandId} is not there`];
  const isOnce = own.every((each, index) => each.position === first + index);
  return isOnce ? [] : [`${position}: the command ${commandId} was taken more than once`];
}

/** One cause may write several events, but the same one to a stream only once. */
function twice(service: string, events: readonly Recorded[]): readonly string[] {
  const seen = new Set<string>();
  return events.flatMap(({ cause, stream, event, position }) => {
    if (cause === undefined) return [];
    const effect = JSON.stringify([cause, stream, event.type]);
    if (seen.has(effect)) return [`${service}@${position}: ${event.type} again for ${cause}`];
    seen.add(effect);
    return [];
  });
}

function unheard(logs: Logs, hears: Hears): readonly string[] {
  const causes = (logs.get(hears.of) ?? []).filter(
    ({ event }) => event.type === hears.event && (hears.if?.(event as never) ?? true),
  );
  return hears.in.flatMap((service) => {
    const answered = new Set((logs.get(service) ?? []).map(({ cause }) => cause));
    return causes
      .map(({ position }) => positionText(hears.of, position))
      .filter((cause) => !answered.has(cause))
      .map((cause) => `${service}: no effect of ${hears.event} ${cause}`);
  });
}
