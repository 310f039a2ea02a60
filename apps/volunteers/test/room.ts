import type { DomainEvent } from '#libs/event';
import { EventBus, EventBusTransport, openMemoryCheckpoints } from '#libs/event-bus';
import { type CommandMeta, Commands, type EventLog, openMemoryLog } from '#libs/event-log';
import { requestFingerprints } from '#libs/privacy';
import { GridWorkReaction, KnownGridService, newId, SteppedClock } from '#libs/service';
import { LiveViews, openMemoryViews, Projector } from '#libs/views';
import { VolunteersGridWork } from '../src/grid-work.service.js';
import { ObservationService } from '../src/observation.service.js';
import { observationsView } from '../src/observations.view.js';
import { patrolsView } from '../src/patrols.view.js';
import { ShiftService } from '../src/shift.service.js';
import { TeamService } from '../src/team.service.js';
import { teamsView } from '../src/teams.view.js';
import { VolunteerService } from '../src/volunteer.service.js';
import { volunteersEvents } from '../src/volunteers.events.js';
import { volunteersView } from '../src/volunteers.view.js';
import { id, NOW } from './patrols.js';
import { keys, sealing } from './sealed.js';

const clock = new SteppedClock(Date.parse(NOW));

/** Volunteers in memory: its real services over the given log, which others may read as well. */
export function openVolunteers(log: EventLog = emptyLog(), bus = new EventBus()) {
  const store = openMemoryViews([teamsView, volunteersView, patrolsView, observationsView]);
  const views = new LiveViews(new Projector(log, store), store);
  const commands = new Commands(log, requestFingerprints(keys));
  const transport = new EventBusTransport(bus, openMemoryCheckpoints(), clock);
  const teams = new TeamService(commands, clock, transport);
  const shifts = new ShiftService(commands, sealing, clock, transport);
  const grids = new KnownGridService(commands, clock);
  return {
    log,
    transport,
    views,
    teams,
    shifts,
    volunteers: new VolunteerService(commands, sealing, clock),
    observations: new ObservationService(commands, sealing, clock),
    gridWork: new GridWorkReaction(grids, new VolunteersGridWork(shifts, teams, views)),
  };
}

export function emptyLog(): EventLog {
  return openMemoryLog({ origin: 'volunteers', events: volunteersEvents, now: () => clock.now() });
}

/** Who asks for what in a spec: another request with each command id. */
export const meta = (last: string, actor = 'spec'): CommandMeta => ({
  commandId: id(last),
  actor,
  request: last,
});

export type StreamsOfEvents = Readonly<Record<string, readonly DomainEvent[]>>;

/** Puts events into streams as they are: where a spec begins. */
export async function tell(log: EventLog, streams: StreamsOfEvents): Promise<void> {
  const writes = Object.entries(streams).map(([stream, events]) => ({ stream, events }));
  const commit = {
    commandId: newId(),
    actor: 'spec',
    fingerprint: '',
    reads: [],
    writes,
  };
  const outcome = await log.append(commit);
  if (outcome.status !== 'committed') throw new Error(`the log answers ${outcome.status}`);
}

/** The events of a log from a position on. */
export async function eventsOf(log: EventLog, from = 0): Promise<readonly DomainEvent[]> {
  return (await log.read(from, 10_000)).map(({ event }) => event);
}
