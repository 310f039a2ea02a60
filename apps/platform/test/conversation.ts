import { AreaService } from '../../grid-registry/src/area.service.js';
import { areasView } from '../../grid-registry/src/areas.view.js';
import { gridRegistryEvents } from '../../grid-registry/src/grid-registry.events.js';
import { GridService } from '../../grid-registry/src/grid.service.js';
import { gridsView } from '../../grid-registry/src/grids.view.js';
import { holdersView } from '../../grid-registry/src/holders.view.js';
import { MovePostsReaction } from '../../grid-registry/src/move-posts.reaction.js';
import { PostService } from '../../grid-registry/src/post.service.js';
import { postsView } from '../../grid-registry/src/posts.view.js';
import { RecordGridWorkReaction } from '../../grid-registry/src/record-grid-work.reaction.js';
import { DisputeService } from '../../mediation/src/dispute.service.js';
import { disputesView } from '../../mediation/src/disputes.view.js';
import { EnlistMediatorReaction } from '../../mediation/src/enlist-mediator.reaction.js';
import { mediationEvents } from '../../mediation/src/mediation.events.js';
import { MediatorService } from '../../mediation/src/mediator.service.js';
import { MediationGridWork } from '../../mediation/src/grid-work.service.js';
import { MoveMediatorReaction } from '../../mediation/src/move-mediator.reaction.js';
import { ReturnDisputesReaction } from '../../mediation/src/return-disputes.reaction.js';
import { chinaCalendar } from '#libs/calendar';
import type { EventSchemas } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { Commands, type EventLog, openMemoryLog } from '#libs/event-log';
import { openMemoryKeys, requestFingerprints, Sealing, type SubjectKeys } from '#libs/privacy';
import {
  AdoptedCalendars,
  type Clock,
  GridWorkReaction,
  KnownGridService,
  type Neighbours,
} from '#libs/service';
import { LiveViews, openMemoryViews, Projector, type View, type ViewStore } from '#libs/views';

export type Hear = (recorded: Recorded) => Promise<void>;

/** A service without Nest and GraphQL: its log, its answers, and what it does on hearing others. */
export interface Participant {
  readonly log: EventLog;
  readonly views: LiveViews;
  /** `ORIGIN.EventType`, as its reactions declare it. */
  readonly hears: ReadonlyMap<string, Hear>;
}

/** What a service is kept in. */
export interface Kept {
  readonly log: EventLog;
  readonly keys: SubjectKeys;
  readonly views: ViewStore;
}

export interface Keeps {
  readonly origin: 'grid-registry' | 'mediation';
  readonly events: EventSchemas;
  readonly views: readonly View[];
}

export const registryKeeps: Keeps = {
  origin: 'grid-registry',
  events: gridRegistryEvents,
  views: [areasView, gridsView, postsView, holdersView],
};
export const mediationKeeps: Keeps = {
  origin: 'mediation',
  events: mediationEvents,
  views: [disputesView],
};

export function keptInMemory({ origin, events, views }: Keeps, clock: Clock): Kept {
  const log = openMemoryLog({ origin, events, now: () => clock.now() });
  return { log, keys: openMemoryKeys(), views: openMemoryViews(views) };
}

/** The registry, asking itself and mediation when a grid closes. */
export function registryOver({ log, keys, views: store }: Kept, clock: Clock) {
  const commands = new Commands(log, requestFingerprints(keys));
  const sealing = new Sealing(keys);
  const views = new LiveViews(new Projector(log, store), store);
  const asked = ['grid-registry', 'mediation'] as const;
  const grids = new GridService(commands, clock, sealing, { asked });
  const posts = new PostService(commands, clock, sealing);
  return {
    log,
    views,
    grids,
    posts,
    areas: new AreaService(commands, views, clock),
    hears: hearsOf(new MovePostsReaction(grids, posts, views), new RecordGridWorkReaction(grids)),
  };
}

export function mediationOver(
  { log, keys, views: store }: Kept,
  clock: Clock,
  neighbours: Neighbours,
) {
  const commands = new Commands(log, requestFingerprints(keys));
  const sealing = new Sealing(keys);
  const views = new LiveViews(new Projector(log, store), store);
  const term = { days: 30, holidayShift: true, consentDays: 3 };
  const published = { service: 'mediation', calendar: chinaCalendar };
  const calendars = new AdoptedCalendars(published, commands, clock);
  const disputes = new DisputeService(commands, clock, sealing, neighbours, term, calendars);
  const mediators = new MediatorService(commands, clock);
  const grids = new KnownGridService(commands, clock);
  return {
    log,
    commands,
    views,
    disputes,
    hears: hearsOf(
      new GridWorkReaction(grids, new MediationGridWork(disputes, views)),
      new EnlistMediatorReaction(mediators),
      new MoveMediatorReaction(mediators),
      new ReturnDisputesReaction(mediators, disputes, views),
    ),
  };
}

/**
 * Reads from the reactions what Nest reads from them: which method handles which event. What hears
 * is named like the method.
 */
function hearsOf(...reactions: readonly object[]): ReadonlyMap<string, Hear> {
  const hears = new Map<string, Hear>();
  for (const reaction of reactions) {
    const kind = Object.getPrototypeOf(reaction) as Record<string, Hear>;
    for (const name of Object.getOwnPropertyNames(kind)) {
      const method = kind[name];
      const patterns: unknown = method && Reflect.getMetadata('microservices:pattern', method);
      for (const pattern of (patterns ?? []) as readonly string[]) {
        if (hears.has(pattern)) throw new Error(`two reactions to ${pattern}: write a chain here`);
        const hear: Hear = async (recorded) => method?.call(reaction, recorded);
        const handler = `${reaction.constructor.name}.${name}`;
        hears.set(pattern, Object.defineProperty(hear, 'name', { value: handler }));
      }
    }
  }
  return hears;
}
