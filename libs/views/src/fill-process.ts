import { spawnSync } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { logEvents } from '#libs/contracts';
import { openLogFile, readRecorded } from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';
import { openReadOnly } from '#libs/stored-log';
import { fillAndCompare } from './fill-steps.js';
import type { FillerConfig, FillerNews, FillerTold } from './fill-views.js';
import { isViewList, type ViewList } from './view-list.js';

/** Others go first, as far as they have something to do. */
const NICE = 10;
/** Events that are read at once: few enough to be garbage while they are young. */
const BATCH = 1_000;
/** While the views are asked: what wakes waits for the end of a turn, however low its priority. */
const SLOW_BATCH = 200;
const REST_MS = 1;
/** How often it tells how far it is: whoever hears of it is held up by that. */
const TOLD = 20;

// The program of the process that fills a new file of views from the log beside it.
const config = JSON.parse(process.argv[2] ?? '{}') as FillerConfig;
setPriority(NICE);
// Where Linux can be told so, who wakes need not wait for the end of a turn either.
spawnSync('chrt', ['-i', '-p', '0', String(process.pid)], { stdio: 'ignore' });
// Who asked for it has ended, or has given it up.
const abandon = (): void => process.exit(1);
process.on('disconnect', abandon);

const clock = new SystemClock();
let isSlow = false;
let hearReached: (reached: number) => void = () => undefined;
process.on('message', (told: FillerTold) => {
  if ('isSlow' in told) ({ isSlow } = told);
  else hearReached(told.reached);
});

/** Who is asked finds the processor free again after less than a millisecond. */
async function next(): Promise<number> {
  // Only now it is heard what the pace is, and that nobody waits for it any more.
  if (isSlow) await clock.sleep(REST_MS);
  else await new Promise<void>((resolve) => clock.soon(resolve));
  return isSlow ? SLOW_BATCH : BATCH;
}

const tell = (news: FillerNews): void => void process.send?.(news);

async function viewsIn(module: string): Promise<ViewList> {
  const exported = Object.values((await import(module)) as Readonly<Record<string, unknown>>);
  const views = exported.find(isViewList);
  if (views === undefined) throw new Error(`${module} exports no list of views`);
  return views;
}

function bringUpLive(): Promise<number> {
  return new Promise((resolve) => {
    hearReached = resolve;
    tell({ isFilled: true });
  });
}

async function fill({ path, dir, origin, module, head, live, isSame }: FillerConfig) {
  const views = await viewsIn(module);
  const events = { ...logEvents, ...views.events };
  const log = openLogFile(join(dir, 'log.db'), { readOnly: true });
  const read = async (from: number, to: number) =>
    readRecorded(origin, events, from, log.range(from, to));
  let told = 0;
  const onProgress = (done: number): void => {
    if (done - told < head / TOLD && done < head) return;
    told = done;
    tell({ done });
  };
  const job = { path, views, head, live: isSame ? live : null };
  const comparisons = await fillAndCompare(job, { read, next, bringUpLive, onProgress });
  log.close();
  return comparisons;
}

try {
  // As long as the old file is open here, closing it costs nothing where the views are asked.
  const held = openReadOnly(config.live);
  const comparisons = await fill(config);
  process.off('disconnect', abandon);
  process.once('disconnect', () => {
    held.close();
    // What it has left in its journal moves into its place, as at every other end.
    const db = new DatabaseSync(config.live);
    db.exec('PRAGMA wal_checkpoint');
    db.close();
  });
  tell({ comparisons });
} catch (error) {
  tell({ fault: error instanceof Error ? error.message : String(error) });
}
