import type { Scheduler } from '#libs/scheduler';
import { json, type Middleware, plainRoutes } from './plain-routes.js';
import type { ServiceRoom } from './service-room.js';

/** Views are read up to the log at each question: further behind than this, that takes too long. */
const BEHIND_MAX = 10_000;
/** Shorter than an orchestrator's patience, so that it hears what is wrong. */
const STORES_MS = 2_000;
/** What other processes are asked for is only said, and makes nobody wait. */
const BUS_MS = 500;

/** 健康: the state of one service in words that tell nothing of its content. */
export interface ServiceHealth {
  readonly service: string;
  readonly stores: 'open' | 'failing';
  /** `unknown` while the stores fail. */
  readonly views: 'caught up' | 'behind' | 'unknown';
  /** A log that records nothing still answers; `/status` and the process's messages say why. */
  readonly log: 'writable' | 'read-only';
  /** Whatever it is, the service serves: what it has not heard, it hears later. */
  readonly bus: 'caught up' | 'catching up' | 'stopped' | 'unreachable';
}

export interface Health {
  readonly status: 'ready' | 'unready';
  readonly services: readonly ServiceHealth[];
}

/**
 * `/livez`: the process answers. `/healthz`: 200 when it can answer questions, else 503. Neither
 * takes a token: orchestrators ask them. A gateway that runs alone is ready once it listens, since
 * it answers for the services that are there.
 */
export function healthRoutes(
  rooms: readonly ServiceRoom[],
  { clock }: { readonly clock: Scheduler },
): Middleware {
  /** Many who ask at once are one question to the stores. */
  let asked: Promise<Health> | undefined;

  return plainRoutes((request, path) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    if (path === '/livez') return Promise.resolve(json({ status: 'alive' }));
    if (path !== '/healthz') return undefined;
    asked ??= healthOf(rooms, clock).finally(() => (asked = undefined));
    return asked.then((health) => ({
      ...json(health),
      status: health.status === 'ready' ? 200 : 503,
    }));
  });
}

async function healthOf(rooms: readonly ServiceRoom[], clock: Scheduler): Promise<Health> {
  const services = await Promise.all(rooms.map((room) => serviceHealth(room, clock)));
  return { status: services.every(isReady) ? 'ready' : 'unready', services };
}

const isReady = ({ stores, views }: ServiceHealth): boolean =>
  stores === 'open' && views === 'caught up';

async function serviceHealth(room: ServiceRoom, clock: Scheduler): Promise<ServiceHealth> {
  const { name: service, stores } = room;
  const [views, bus] = await Promise.all([
    within(clock, STORES_MS, viewsState(room)),
    within(clock, BUS_MS, busState(room)),
  ]);
  return {
    service,
    stores: views === undefined ? 'failing' : 'open',
    views: views ?? 'unknown',
    log: stores.log.readOnly === undefined ? 'writable' : 'read-only',
    bus: bus ?? 'unreachable',
  };
}

async function viewsState({ stores }: ServiceRoom): Promise<ServiceHealth['views']> {
  const { head, frontier } = await stores.views.status();
  return head - frontier > BEHIND_MAX ? 'behind' : 'caught up';
}

async function busState({ transport }: ServiceRoom): Promise<ServiceHealth['bus']> {
  const heard = await transport.heard();
  if (transport.absentOrigins().length > 0) return 'unreachable';
  if (heard.some(({ stopped }) => stopped !== undefined)) return 'stopped';
  return heard.some(({ position, head }) => position < head) ? 'catching up' : 'caught up';
}

/** Undefined when it fails or takes longer: which of the two is for the process's own messages. */
async function within<Answer>(
  clock: Scheduler,
  limitMs: number,
  work: Promise<Answer>,
): Promise<Answer | undefined> {
  const done = new AbortController();
  const answer = work.catch(() => undefined);
  const late = clock.sleep(limitMs, done.signal).then(() => undefined);
  return Promise.race([answer, late]).finally(() => done.abort());
}
