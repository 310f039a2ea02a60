import fc from 'fast-check';
import type { DomainEvent, Recorded } from '#libs/event';
import { Commands, type EventLog, openMemoryLog } from '#libs/event-log';
import { openMemoryKeys, requestFingerprints, Sealing } from '#libs/privacy';
import { newId } from '#libs/service';
import { LiveViews, openMemoryViews, Projector, type View, type ViewRow } from '#libs/views';
import { AreaService } from '../src/area.service.js';
import { areasView } from '../src/areas.view.js';
import { gridRegistryEvents } from '../src/grid-registry.events.js';
import { GridService } from '../src/grid.service.js';
import { gridsView } from '../src/grids.view.js';
import { holdersView } from '../src/holders.view.js';
import { PostService } from '../src/post.service.js';
import { postsView } from '../src/posts.view.js';
import { NOW } from './registry.js';

const clock = { now: () => NOW };
/** They outlive a registry, as its log does. */
const keys = openMemoryKeys();

/** The registry in memory: its real services over the given log, which others may read as well. */
export function openRegistry(log: EventLog = emptyLog()) {
  const store = openMemoryViews([areasView, gridsView, postsView, holdersView]);
  const sealing = new Sealing(keys);
  const views = new LiveViews(new Projector(log, store), store);
  const commands = new Commands(log, requestFingerprints(keys));
  return {
    log,
    views,
    sealing,
    areas: new AreaService(commands, views, clock),
    grids: new GridService(commands, clock, sealing, { asked: ['grid-registry', 'mediation'] }),
    posts: new PostService(commands, clock, sealing),
  };
}

export function emptyLog(): EventLog {
  return openMemoryLog({
    origin: 'grid-registry',
    events: gridRegistryEvents,
    now: () => clock.now(),
  });
}

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

/** An event as a log hands it over to a reaction. */
export function fromLog<Event extends DomainEvent>(event: Event, position = 0): Recorded<Event> {
  return {
    origin: 'grid-registry',
    position,
    stream: 'spec',
    version: 0,
    recordedAt: NOW,
    actor: 'spec',
    commandId: newId(),
    event,
  };
}

/** The events of a log from a position on. */
export async function eventsOf(log: EventLog, from = 0): Promise<readonly DomainEvent[]> {
  return (await log.read(from, 10_000)).map(({ event }) => event);
}

/** All that a registry keeps: the bytes of its log, then the rows of its views, as text. */
export async function keptBy({ log, views }: ReturnType<typeof openRegistry>): Promise<string> {
  const entries = await log.entries(0, await log.head());
  const rows = await Promise.all([
    views.all(areasView),
    views.all(gridsView),
    views.all(postsView),
    views.all(holdersView),
  ]);
  return Buffer.concat(entries).toString('utf8') + JSON.stringify(rows);
}

/** All rows of a view, by their keys, after the events of `streams`, taken in turns: each stream in its order. */
export async function rowsInTurns<Row extends ViewRow>(
  view: View<Row>,
  { streams, turns }: { readonly streams: StreamsOfEvents; readonly turns: readonly string[] },
): Promise<readonly Row[]> {
  const { log, views } = openRegistry();
  const taken = new Map<string, number>();
  for (const stream of turns) {
    const next = taken.get(stream) ?? 0;
    taken.set(stream, next + 1);
    await tell(log, { [stream]: streams[stream]?.slice(next, next + 1) ?? [] });
  }
  return views.all(view);
}

/** Every stream's name as often as it has events, stream by stream. */
export const inTurn = (streams: StreamsOfEvents): readonly string[] =>
  Object.entries(streams).flatMap(([stream, events]) => events.map(() => stream));

/** The same in any order: streams interleave, while each keeps its own order. */
export function anyTurns(streams: StreamsOfEvents): fc.Arbitrary<readonly string[]> {
  const turns = [...inTurn(streams)];
  return fc.shuffledSubarray(turns, { minLength: turns.length });
}
