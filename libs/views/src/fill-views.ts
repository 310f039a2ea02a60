import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EventFeed } from '#libs/event-log';
import type { Cancel, Scheduler } from '#libs/scheduler';
import type { ViewComparison } from './compare-views.js';
import { fillAndCompare } from './fill-steps.js';
import type { View } from './view.js';
import { isViewList } from './view-list.js';

/** Events that are read at once, between which others have their turn. */
const SLICE = 500;
/** How soon it goes slowly when the views are asked, and fast when they are not. */
const PACE_MS = 50;
export const GIVEN_UP = 'the views were closed while they were made anew';

/** 填充: a file that is to hold the events of a log, and be held against the one that answers. */
export interface Filling {
  readonly path: string;
  readonly views: readonly View[];
  /** The folder of `log.db`. */
  readonly dir: string;
  /** The file that answers. */
  readonly live: string;
  /** Whether the views in that are the same, so that its rows should be. */
  readonly isSame: boolean;
  /** Brings the file that answers up to the log, and tells how far that is. */
  readonly bringUpLive: () => Promise<number>;
  /** How often the views that answer were asked so far: while they are, filling goes slowly. */
  readonly asked: () => number;
  /** Hears how many events were applied, and of how many. */
  readonly onProgress: (done: number, total: number) => void;
  /** Gives it up: a service that ends waits for nothing that the next start can do. */
  readonly signal: AbortSignal;
}

/** A file that is filled, durable and compared. */
export interface Filled {
  /** How the one that answers differs from it; null when their definitions do. */
  readonly comparisons: readonly ViewComparison[] | null;
  /** To be called when the file that answered is closed: then it is put in order elsewhere. */
  release(): Promise<void>;
}

/** What the process that fills a file is told when it starts. */
export interface FillerConfig {
  readonly path: string;
  readonly dir: string;
  readonly origin: string;
  readonly module: string;
  readonly head: number;
  readonly live: string;
  readonly isSame: boolean;
}

/** What it hears: whether somebody waits for its processor; how far the file that answers is. */
export type FillerTold = { readonly isSlow: boolean } | { readonly reached: number };

/** What it tells. */
export type FillerNews =
  | { readonly done: number }
  | { readonly isFilled: true }
  | Pick<Filled, 'comparisons'>
  | { readonly fault: string };

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
): Promise<Filled> {
  const { views, dir } = filling;
  const canImport = isViewList(views) && existsSync(program);
  return canImport && existsSync(`${dir}/log.db`)
    ? fillInProcess(filling, views.module, { log, scheduler })
    : fillInSlices(filling, log, scheduler);
}

async function fillInProcess(
  filling: Filling,
  module: string,
  { log, scheduler }: { readonly log: EventFeed; readonly scheduler: Scheduler },
): Promise<Filled> {
  const { path, dir, live, isSame, asked, signal } = filling;
  const head = await log.head();
  const { origin } = log;
  const config: FillerConfig = { path, dir, origin, module, head, live, isSame };
  const filler = fork(program, [JSON.stringify(config)], { execArgv: SINGLE });
  const ended = once(filler, 'exit');
  const giveUp = (): void => void filler.kill('SIGKILL');
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  const stopPacing = pace(filler, asked, scheduler);
  const release = async (): Promise<void> => {
    stopPacing();
    if (filler.connected) filler.disconnect();
    await ended;
    signal.removeEventListener('abort', giveUp);
  };
  try {
    return { comparisons: await outcomeOf(filler, filling, head), release };
  } catch (error) {
    await release();
    throw signal.aborted ? new Error(GIVEN_UP) : error;
  }
}

/** Resolves when the process has compared, and rejects when it has failed or ended. */
function outcomeOf(
  filler: ChildProcess,
  { bringUpLive, onProgress }: Filling,
  head: number,
): Promise<Filled['comparisons']> {
  return new Promise((resolve, reject) => {
    filler.on('message', (news: FillerNews) => {
      if ('done' in news) onProgress(Math.min(news.done, head), head);
      else if ('fault' in news) reject(new Error(news.fault));
      else if ('comparisons' in news) resolve(news.comparisons);
      else bringUpLive().then((reached) => told(filler, { reached }), reject);
    });
    filler.once('error', reject);
    // What it said last may come behind its end.
    Promise.all([once(filler, 'exit'), once(filler, 'disconnect')]).then(() => {
      const { exitCode, signalCode } = filler;
      reject(new Error(`filling ended with ${signalCode ?? `code ${exitCode}`}`));
    }, reject);
  });
}

/** Who has just ended hears nothing any more. */
function told(filler: ChildProcess, what: FillerTold): void {
  if (filler.connected) filler.send(what, () => undefined);
}

/** Tells the process to go slowly as long as there are questions. */
function pace(filler: ChildProcess, asked: () => number, scheduler: Scheduler): Cancel {
  let before = asked();
  let isSlow = false;
  return scheduler.every(PACE_MS, () => {
    const isAsked = asked() > before;
    before = asked();
    if (isAsked === isSlow) return;
    isSlow = isAsked;
    told(filler, { isSlow });
  });
}

async function fillInSlices(
  { path, views, live, isSame, bringUpLive, onProgress, signal }: Filling,
  log: EventFeed,
  scheduler: Scheduler,
): Promise<Filled> {
  const head = await log.head();
  const comparisons = await fillAndCompare(
    { path, views, head, live: isSame ? live : null },
    {
      read: (from, to) => log.read(from, to - from),
      next: async () => {
        await new Promise<void>((resolve) => scheduler.soon(resolve));
        if (signal.aborted) throw new Error(GIVEN_UP);
        return SLICE;
      },
      bringUpLive,
      onProgress: (done) => onProgress(Math.min(done, head), head),
    },
  );
  return { comparisons, release: async () => undefined };
}
