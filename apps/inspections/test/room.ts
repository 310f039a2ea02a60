import { type Calendar, chinaCalendar } from '#libs/calendar';
import type { DomainEvent } from '#libs/event';
import { EventBus, EventBusTransport, openMemoryCheckpoints } from '#libs/event-bus';
import { Commands, type EventLog, openMemoryLog } from '#libs/event-log';
import { requestFingerprints } from '#libs/privacy';
import {
  AdoptedCalendars,
  GridWorkReaction,
  KnownGridService,
  newId,
  type Scheduler,
  SteppedClock,
} from '#libs/service';
import { LiveViews, openMemoryViews, Projector } from '#libs/views';
import { CorrectRechecksTimer } from '../src/correct-rechecks.timer.js';
import { InspectionsGridWork } from '../src/grid-work.service.js';
import { HazardService } from '../src/hazard.service.js';
import { hazardsView } from '../src/hazards.view.js';
import { InspectionService } from '../src/inspection.service.js';
import { inspectionsEvents } from '../src/inspections.events.js';
import { inspectionsView } from '../src/inspections.view.js';
import { MarkOverdueTimer } from '../src/mark-overdue.timer.js';
import { MarkRechecksLateTimer } from '../src/mark-rechecks-late.timer.js';
import { OpenHazardReaction } from '../src/open-hazard.reaction.js';
import { PlaceService } from '../src/place.service.js';
import { placesView } from '../src/places.view.js';
import { NOW } from './hazards.js';
import { keys, sealing } from './sealed.js';

/** A clock that stands still until a spec moves it. */
export const clockAt = (time = NOW) => new SteppedClock(Date.parse(time));

/** Inspections in memory: its real services over the given log, which others may read as well. */
export function openInspections(
  log: EventLog = emptyLog(),
  clock: Scheduler = clockAt(),
  calendar: Calendar = chinaCalendar,
) {
  const store = openMemoryViews([placesView, inspectionsView, hazardsView]);
  const commands = new Commands(log, requestFingerprints(keys));
  const transport = new EventBusTransport(new EventBus(), openMemoryCheckpoints(), clock);
  const views = new LiveViews(new Projector(log, store), store);
  const places = new PlaceService(commands, clock, transport);
  const calendars = new AdoptedCalendars({ service: 'inspections', calendar }, commands, clock);
  const settings = { recheckDays: 3 };
  const hazards = new HazardService(commands, sealing, clock, transport, settings, calendars);
  const work = new InspectionsGridWork(places, hazards, views);
  return {
    log,
    views,
    places,
    hazards,
    work,
    inspections: new InspectionService(commands, clock, transport),
    grids: new GridWorkReaction(new KnownGridService(commands, clock), work),
    observations: new OpenHazardReaction(hazards),
    timer: new MarkOverdueTimer(clock, hazards, views),
    markLate: new MarkRechecksLateTimer(clock, hazards, views),
    correct: new CorrectRechecksTimer(clock, calendars, hazards, views),
  };
}

export function emptyLog(): EventLog {
  return openMemoryLog({ origin: 'inspections', events: inspectionsEvents, now: () => NOW });
}

/** Puts events into streams as they are: where a spec begins. */
export async function tell(
  log: EventLog,
  streams: Readonly<Record<string, readonly DomainEvent[]>>,
): Promise<void> {
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
