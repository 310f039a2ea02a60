import type { DomainEvent } from '#libs/event';
import { EventBus, EventBusTransport, openMemoryCheckpoints } from '#libs/event-bus';
import { Commands, type EventLog, openMemoryLog } from '#libs/event-log';
import { requestFingerprints } from '#libs/privacy';
import { GridWorkReaction, KnownGridService, newId } from '#libs/service';
import { LiveViews, openMemoryViews, Projector } from '#libs/views';
import { DisputeService } from '../src/dispute.service.js';
import { disputesView } from '../src/disputes.view.js';
import { mediationEvents } from '../src/mediation.events.js';
import { MediatorService } from '../src/mediator.service.js';
import { MediationGridWork } from '../src/grid-work.service.js';
import { NOW } from './disputes.js';
import { keys, sealing } from './sealed.js';

const clock = { now: () => NOW };

/** Mediation in memory: its real services over the given log, which others may read as well. */
export function openMediation(log: EventLog = emptyLog(), bus = new EventBus()) {
  const store = openMemoryViews([disputesView]);
  const commands = new Commands(log, requestFingerprints(keys));
  const transport = new EventBusTransport(bus, openMemoryCheckpoints());
  const views = new LiveViews(new Projector(log, store), store);
  const disputes = new DisputeService(commands, clock, sealing, transport, { days: 30 });
  const grids = new KnownGridService(commands, clock);
  return {
    log,
    transport,
    views,
    disputes,
    grids,
    gridWork: new GridWorkReaction(grids, new MediationGridWork(disputes, views)),
    mediators: new MediatorService(commands, clock),
  };
}

export function emptyLog(): EventLog {
  return openMemoryLog({ origin: 'mediation', events: mediationEvents, now: clock.now });
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
