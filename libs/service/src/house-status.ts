import type { ConsumerStatus } from '#libs/event-bus';
import type { Rebuilding } from '#libs/views';
import type { ServiceRoom } from './service-room.js';

/** How far something is behind. */
interface Lag {
  readonly lagEvents: number;
  /** Seconds since the oldest event that it does not have was recorded. */
  readonly lagSeconds: number;
}

/** 现况: how far a service is, in numbers; nothing in it tells of a record or a person. */
export interface ServiceStatus {
  readonly service: string;
  /** Events in its log. */
  readonly head: number;
  /** Why its log records nothing, if so. */
  readonly readOnly?: string;
  readonly views: Lag & {
    readonly position: number;
    readonly parked: number;
    /** Views that stand still: their rows are of an older definition, or still to be made. */
    readonly frozen: number;
    readonly generation: number | null;
    /** How far a new generation is that is being made beside the one that answers. */
    readonly rebuild: Rebuilding | null;
    readonly states: readonly { readonly name: string; readonly state: string }[];
  };
  readonly heard: readonly (Omit<ConsumerStatus, 'oldestAt'> & Lag)[];
  /** Whether it shows no personal data, since it has had no news of appointments for too long. */
  readonly masked: boolean;
  /** Seconds since it last knew for certain who holds which post. */
  readonly newsSeconds: number;
  readonly parked: {
    readonly streams: number;
    readonly queued: number;
    readonly oldestSeconds: number;
  };
}

export function houseStatus(
  rooms: readonly ServiceRoom[],
  now: string,
): Promise<readonly ServiceStatus[]> {
  return Promise.all(rooms.map((room) => statusOf(room, now)));
}

async function statusOf(room: ServiceRoom, now: string): Promise<ServiceStatus> {
  const { log } = room.stores;
  const { ageMs, isOld } = await room.news.status();
  const parked = (await Promise.all(room.parkedWork.map((work) => work.list()))).flat();
  return {
    service: room.name,
    head: await log.head(),
    ...(log.readOnly !== undefined && { readOnly: log.readOnly }),
    views: await viewsOf(room, now),
    heard: (await room.transport.heard()).map(({ oldestAt, ...each }) => ({
      ...each,
      lagEvents: each.head - each.position,
      lagSeconds: secondsSince(oldestAt, now),
    })),
    masked: isOld,
    newsSeconds: Math.round(ageMs) / 1000,
    parked: {
      streams: parked.length,
      queued: parked.reduce((sum, { queued }) => sum + queued, 0),
      oldestSeconds: Math.max(0, ...parked.map(({ since }) => secondsSince(since, now))),
    },
  };
}

async function viewsOf({ stores }: ServiceRoom, now: string): Promise<ServiceStatus['views']> {
  const { position, head, frontier, parked, ...made } = await stores.views.status();
  const frozen = (made.views ?? []).filter(({ state }) => state !== 'live');
  const frozenAt = frozen.map((view) => view.position);
  const reached = Math.min(frontier, ...frozenAt);
  const [oldest] = reached < head ? await stores.log.read(reached, 1) : [];
  return {
    position: Math.min(position, ...frozenAt),
    parked: parked.length,
    frozen: frozen.length,
    lagEvents: Math.max(0, head - reached),
    lagSeconds: secondsSince(oldest?.recordedAt, now),
    generation: made.generation ?? null,
    rebuild: made.rebuild ?? null,
    states: (made.views ?? []).map(({ name, state }) => ({ name, state })),
  };
}

/** 0 when there is nothing, or a clock was set back. */
function secondsSince(time: string | undefined, now: string): number {
  const ms = time === undefined || time === '' ? 0 : Date.parse(now) - Date.parse(time);
  return Math.max(0, Math.round(ms) / 1000);
}
