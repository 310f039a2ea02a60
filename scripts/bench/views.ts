import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSignedLog, type SignedLog } from '#libs/event-log';
import { openMemoryKeys, Sealing } from '#libs/privacy';
import { SystemClock } from '#libs/scheduler';
import { LiveViews, openViewGenerations, Projector, readPointer, type View } from '#libs/views';
import { appendMany } from './append.ts';
import { type Measured, quantile } from './figures.ts';
import { benchEvents, eventSource, idSource } from './sample-events.ts';
import { notesView, type NoteRow, renewedViews } from './sample-views.ts';

const BATCH = 1_000;
const PAGE = 20;
const PAGES_MS = 500;
const EVENTS_A_DISPUTE = 12;
/** What a prefecture has open at once: in a batch of a thousand events hardly one comes twice. */
const OPEN_DISPUTES = 2_000;
const QUERY_EVERY_MS = 2;
const QUIET_MS = 4_000;

/** A service's log and the folder of its views. */
export interface BenchService {
  readonly dir: string;
  readonly signed: SignedLog;
}

export function openBenchLog(dir: string): SignedLog {
  return openSignedLog(dir, {
    origin: 'bench',
    name: 'bench.localhost/bench',
    events: benchEvents,
    now: () => new Date().toISOString(),
    onFault: (error) => process.stderr.write(`${String(error)}\n`),
  });
}

/** A log of disputes with twelve events each, of which some hundreds go on at a time. */
export async function fillBenchLog(dir: string, count: number): Promise<void> {
  const signed = openBenchLog(dir);
  const newId = idSource();
  const eventOf = eventSource(new Sealing(openMemoryKeys()), newId);
  const streams = { versions: new Map<string, number>(), newId, eventOf };
  // At different stages, so that there are always some that are open.
  const open = Array.from({ length: OPEN_DISPUTES }, (_, index) => ({
    id: newId(),
    left: 1 + (index % EVENTS_A_DISPUTE),
  }));
  await appendMany(signed, streams, count, (index) => {
    const at = (index * 7_919) % OPEN_DISPUTES;
    const dispute = open[at] ?? { id: '', left: 0 };
    dispute.left -= 1;
    if (dispute.left === 0) open[at] = { id: newId(), left: EVENTS_A_DISPUTE };
    return dispute.id;
  });
  await signed.close();
}

function openBenchViews({ dir, signed }: BenchService, views: readonly View[]) {
  const scheduler = new SystemClock();
  const store = openViewGenerations(dir, views, { scheduler });
  return { store, live: new LiveViews(new Projector(signed.log, store), store, scheduler) };
}

export function dropBenchViews({ dir }: BenchService): void {
  rmSync(join(dir, 'live-views.json'), { force: true });
}

/**
 * Applies the whole log to an empty live generation, each batch of a thousand events with its
 * checkpoint in a transaction of its own: a row is asked for after each, before which it is written.
 */
export async function projectAll(service: BenchService, events: number): Promise<number> {
  const { store } = openBenchViews(service, [notesView]);
  const started = performance.now();
  for (let from = 0; from < events; from = await store.position()) {
    await store.apply(await service.signed.log.read(from, BATCH));
    await store.get(notesView, 'nobody');
  }
  const perSecond = (events * 1000) / (performance.now() - started);
  await store.close();
  return perSecond;
}

/**
 * The same as a service does it that is far behind: nobody can ask before it has caught up, and the
 * rows of many batches move with the checkpoint behind them. All of it is written down at the end.
 */
export async function catchUpAll(service: BenchService, events: number): Promise<number> {
  const { live, store } = openBenchViews(service, [notesView]);
  const started = performance.now();
  await live.get(notesView, 'nobody');
  const perSecond = (events * 1000) / (performance.now() - started);
  await store.close();
  return perSecond;
}

/** Makes the views of a changed definition from the whole log, beside those that answer. */
export async function rebuildAll(service: BenchService, events: number): Promise<number> {
  const { live, store } = openBenchViews(service, renewedViews);
  const started = performance.now();
  await live.rebuild();
  const perSecond = (events * 1000) / (performance.now() - started);
  await store.close();
  return perSecond;
}

/** Pages a second, through the views and by the statement that they end in. */
export async function measurePages(service: BenchService): Promise<Measured> {
  const { live, store } = openBenchViews(service, [notesView]);
  const grids = Array.from(
    { length: 40 },
    (_, n) => `430502001001${String(n + 1).padStart(3, '0')}`,
  );
  const generation = readPointer(service.dir)?.live ?? 0;
  const db = new DatabaseSync(join(service.dir, `views-${generation}.db`), { readOnly: true });
  const bare = db.prepare(
    `SELECT row FROM view_notes WHERE f_open IS ? AND f_grid IS ? ORDER BY f_notedAt, f_id LIMIT ?`,
  );
  let read = 0;
  const limit = await perSecond(async (turn) => {
    const rows = bare.all(1, grids[turn % grids.length] ?? '', PAGE);
    read += rows.length;
  });
  const value = await perSecond(async (turn) => {
    const grid = grids[turn % grids.length] ?? '';
    const rows = await live.find<NoteRow>(notesView, {
      equals: { open: true, grid },
      orderBy: ['notedAt', 'id'],
      limit: PAGE,
    });
    read += rows.length;
  });
  db.close();
  await store.close();
  if (read === 0) throw new Error('the pages were empty');
  return { value, limit };
}

async function perSecond(work: (turn: number) => Promise<void>): Promise<number> {
  const started = performance.now();
  let turns = 0;
  while (performance.now() - started < PAGES_MS) {
    await work(turns);
    turns += 1;
  }
  return (turns * 1000) / (performance.now() - started);
}

/**
 * How long the slowest of a hundred queries takes while a rebuild runs, and in quiet before and
 * after it: what else the machine does then is in both.
 */
export async function measureBeside(service: BenchService): Promise<Measured> {
  const { live, store } = openBenchViews(service, renewedViews);
  const [view] = renewedViews;
  if (view === undefined) throw new Error('there is no view');
  const query = async (): Promise<void> => {
    await live.find(view as View<NoteRow>, {
      equals: { open: true, grid: '430502001001007' },
      orderBy: ['notedAt', 'id'],
      limit: PAGE,
    });
  };
  await queryUntil(query, sleep(QUIET_MS / 2));
  const before = await queryUntil(query, sleep(QUIET_MS));
  const beside = await queryUntil(query, live.rebuild());
  const after = await queryUntil(query, sleep(QUIET_MS));
  await store.close();
  return { value: quantile(beside, 0.99), limit: quantile([...before, ...after], 0.99) };
}

const wait = (due: number): number => due - performance.now();
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Asks at a constant rate until `end`. Each query counts from when it was due, however long those
 * before it took: one stall is felt by all that come in it.
 */
async function queryUntil(
  query: () => Promise<void>,
  end: Promise<unknown>,
): Promise<readonly number[]> {
  const times: number[] = [];
  let isOver = false;
  const over = end.then(() => {
    isOver = true;
  });
  for (let due = performance.now(); !isOver; due += QUERY_EVERY_MS) {
    // A timer may be early by a part of a millisecond.
    for (let early = wait(due); early > 0; early = wait(due)) await sleep(early);
    await query();
    times.push(performance.now() - due);
  }
  await over;
  return times;
}
