import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EventFeed } from '#libs/event-log';
import type { Recorded } from '#libs/event';
import type { Cancel, Scheduler } from '#libs/scheduler';
import { openSqliteViewsFile } from './sqlite-views.js';
import type { View } from './view.js';
import { isViewList } from './view-list.js';
import { flush } from './views-pointer.js';

/** Events that are read at once, between which others have their turn. */
const SLICE = 500;
/** How often the process tells how far it is: whoever hears of it is held up by that. */
const TOLD = 20;
/** How soon it goes slowly when the views are asked, and fast when they are not. */
const PACE_MS = 50;
export const GIVEN_UP = 'the views were closed while they were made anew';

/** 填充: a file that is to hold all events of a log before its head at the call. */
export interface Filling {
  readonly path: string;
  readonly views: readonly View[];
  /** The folder of `log.db`. */
  readonly dir: string;
  /** How often the views that answer were asked so far: while they are, filling goes slowly. */
  readonly asked: () => number;
  /** Hears how many events were applied, and of how many. */
  readonly onProgress: (done: number, total: number) => void;
  /** Gives it up: a service that ends waits for nothing that the next start can do. */
  readonly signal: AbortSignal;
}

/** What the process that fills a file is told. */
export interface FillerConfig {
  readonly path: string;
  readonly dir: string;
  readonly origin: string;
  readonly module: string;
  readonly head: number;
}

/** What it hears: whether somebody waits for the processor and the disk that it uses. */
export interface FillerPace {
  readonly isSlow: boolean;
}

/** What it tells. */
export type FillerNews = { readonly done: number } | { readonly fault: string };

const program = fileURLToPath(new URL('./fill-process.js', import.meta.url));
/**
 * Collecting garbage and compiling on further threads would take the processor from who answers: a
 * thread that is in the middle of its turn is not sent away for one that has just woken.
 */
const SINGLE = ['--single-threaded'];

/**
 * Fills a new file of views from the log: in a process of its own, where the definitions come from a
 * module that it can import and the log from a file; else here, in slices.
 */
export async function fillViews(
  filling: Filling,
  log: EventFeed,
  scheduler: Scheduler,
): Promise<void> {
  const { views, dir } = filling;
  const canImport = isViewList(views) && existsSync(program);
  if (canImport && existsSync(`${dir}/log.db`)) {
    await fillInProcess(filling, views.module, { log, scheduler });
  } else {
    await fillInSlices(filling, log, scheduler);
  }
}

async function fillInProcess(
  { path, dir, asked, onProgress, signal }: Filling,
  module: string,
  { log, scheduler }: { readonly log: EventFeed; readonly scheduler: Scheduler },
): Promise<void> {
  const head = await log.head();
  const config: FillerConfig = { path, dir, origin: log.origin, module, head };
  const filler = fork(program, [JSON.stringify(config)], { execArgv: SINGLE });
  let fault: string | undefined;
  const giveUp = (): void => void filler.kill('SIGKILL');
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  filler.on('message', (news: FillerNews) => {
    if ('fault' in news) ({ fault } = news);
    else onProgress(news.done, head);
  });
  const stopPacing = pace(filler, asked, scheduler);
  // What it said last may come behind its end.
  await Promise.all([once(filler, 'exit'), once(filler, 'disconnect')]);
  stopPacing();
  signal.removeEventListener('abort', giveUp);
  if (signal.aborted) throw new Error(GIVEN_UP);
  const { exitCode, signalCode } = filler;
  if (exitCode === 0 && fault === undefined) return;
  throw new Error(fault ?? `filling ended with ${signalCode ?? `code ${exitCode}`}`);
}

/** Tells the process to go slowly as long as there are questions. */
function pace(filler: ChildProcess, asked: () => number, scheduler: Scheduler): Cancel {
  let before = asked();
  let isSlow = false;
  return scheduler.every(PACE_MS, () => {
    const isAsked = asked() > before;
    before = asked();
    if (isAsked === isSlow || !filler.connected) return;
    isSlow = isAsked;
    // Who has just ended hears nothing any more.
    filler.send({ isSlow } satisfies FillerPace, () => undefined);
  });
}

async function fillInSlices(
  { path, views, onProgress, signal }: Filling,
  log: EventFeed,
  scheduler: Scheduler,
): Promise<void> {
  const head = await log.head();
  const store = openSqliteViewsFile(path, views, 'bulk');
  try {
    let from = 0;
    while (from < head) {
      const events = await log.read(from, Math.min(SLICE, head - from));
      if (events.length === 0) throw new Error(`the log ends at ${from} of ${head} events`);
      await store.apply(events);
      from += events.length;
      onProgress(from, head);
      await new Promise<void>((resolve) => scheduler.soon(resolve));
      if (signal.aborted) throw new Error(GIVEN_UP);
    }
    store.complete();
  } finally {
    await store.close();
  }
  flush(path);
}

/**
 * Applies a log from its beginning, for a process that does nothing else.
 *
 * @param next resolves when the next events may be read, with how many
 */
export async function fillAtOnce(
  read: (from: number, to: number) => readonly Recorded[],
  {
    path,
    views,
    head,
  }: { readonly path: string; readonly views: readonly View[]; readonly head: number },
  {
    onProgress,
    next,
  }: { readonly onProgress: (done: number) => void; readonly next: () => Promise<number> },
): Promise<void> {
  const store = openSqliteViewsFile(path, views, 'bulk');
  const step = Math.ceil(head / TOLD);
  try {
    for (let from = 0; from < head;) {
      const events = read(from, Math.min(from + (await next()), head));
      if (events.length === 0) throw new Error(`the log ends at ${from} of ${head} events`);
      await store.apply(events);
      from += events.length;
      if (from % step < events.length || from === head) onProgress(from);
    }
    store.complete();
  } finally {
    await store.close();
  }
  flush(path);
}
