import type { DomainEvent } from '#libs/event';
import { EventBus, EventBusTransport, openMemoryCheckpoints } from '#libs/event-bus';
import { Commands, type EventLog, openMemoryLog } from '#libs/event-log';
import { requestFingerprints } from '#libs/privacy';
import { type Calendar, chinaCalendar } from '#libs/calendar';
import {
  AdoptedCalendars,
  GridWorkReaction,
  KnownGridService,
  newId,
  type Scheduler,
  SteppedClock,
} from '#libs/service';
import { LiveViews, openMemoryViews, Projector } from '#libs/views';
import { CorrectTermsTimer } from '../src/correct-terms.timer.js';
import { DisputeService } from '../src/dispute.service.js';
import { disputesView } from '../src/disputes.view.js';
import { MarkTermsPassedTimer } from '../src/mark-terms-passed.timer.js';
import { mediationEvents } from '../src/mediation.events.js';
import { MediatorService } from '../src/mediator.service.js';
import { MediationGridWork } from '../src/grid-work.service.js';
import { MEDIATION_TERM, NOW } from './disputes.js';
import { keys, sealing } from './sealed.js';

const standing = new SteppedClock(Date.parse(NOW));

/** What a room has unless a spec says otherwise. */
interface Given {
  readonly bus?: EventBus;
  readonly clock?: Scheduler;
  /** The calendar that the program comes with. */
  readonly calendar?: Calendar;
}

/** Mediation in memory: its real services over the given log, which others may read as well. */
export function openMediation(
  log: EventLog = emptyLog(),
  { bus = new EventBus(), clock = standing, calendar = chinaCalendar }: Given = {},
) {
  const store = openMemoryViews([disputesView]);
  const commands = new Commands(log, requestFingerprints(keys));
  const transport = new EventBusTransport(bus, openMemoryCheckpoints(), clock);
  const views = new LiveViews(new Projector(log, store), store);
  const calendars = new AdoptedCalendars({ service: 'mediation', calendar }, commands, clock);
  const disputes = new DisputeService(
    commands,
    clock,
    sealing,
    transport,
    MEDIATION_TERM,
    calendars,
  );
  const grids = new KnownGridService(commands, clock);
  return {
    log,
    transport,
    views,
    disputes,
    calendars,
    markTermsPassed: new MarkTermsPassedTimer(clock, disputes, views),
    correctTerms: new CorrectTermsTimer(clock, calendars, disputes, views),
    grids,
    gridWork: new GridWorkReaction(grids, new MediationGridWork(disputes, views)),
    mediators: new MediatorService(commands, clock),
  };
}

export function emptyLog(): EventLog {
  return openMemoryLog({ origin: 'mediation', events: mediationEvents, now: () => standing.now() });
}

/** Puts events into streams as they are: where a spec begins. */
export async function tell(
  log: EventLog,
  streams: Readonly<Record<string, readonly DomainEvent[]>>,
): Promise<void> {
  const writes = Object.entries(streams).map(([stream, events]) => ({ stream, events }));
  const outcome = await log.append({
    commandId: newId(),
    actor: 'spec',
    fingerprint: '',
    reads: [],
    writes,
  });
  if (outcome.status !== 'committed') throw new Error(`the log answers ${outcome.status}`);
}

/** The events of a log from a position on. */
export async function eventsOf(log: EventLog, from = 0): Promise<readonly DomainEvent[]> {
  return (await log.read(from, 10_000)).map(({ event }) => event);
}
