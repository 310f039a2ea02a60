import { setPriority } from 'node:os';
import { join } from 'node:path';
import { logEvents } from '#libs/contracts';
import { openLogFile, readRecorded } from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';
import { fillAtOnce, type FillerConfig, type FillerNews, type FillerPace } from './fill-views.js';
import { isViewList } from './view-list.js';

/** Others go first, as far as they have something to do. */
const NICE = 10;
/** Events that are read at once: few enough to be garbage while they are young. */
const BATCH = 1_000;
/** While the views are asked: what wakes waits for the end of a turn, however low its priority. */
const SLOW_BATCH = 200;
const REST_MS = 1;

// The program of the process that fills a new file of views from the log beside it.
const { path, dir, origin, module, head } = JSON.parse(process.argv[2] ?? '{}') as FillerConfig;
setPriority(NICE);
// Who asked for it has ended, or has given it up.
const abandon = (): void => process.exit(1);
process.on('disconnect', abandon);

const clock = new SystemClock();
let isSlow = false;
process.on('message', (pace: FillerPace) => {
  ({ isSlow } = pace);
});

/** Who is asked finds the processor free again after less than a millisecond. */
async function next(): Promise<number> {
  // Only now it is heard what the pace is, and that nobody waits for it any more.
  if (isSlow) await clock.sleep(REST_MS);
  else await new Promise<void>((resolve) => clock.soon(resolve));
  return isSlow ? SLOW_BATCH : BATCH;
}

const tell = (news: FillerNews): void => void process.send?.(news);

try {
  const exported = Object.values((await import(module)) as Readonly<Record<string, unknown>>);
  const views = exported.find(isViewList);
  if (views === undefined) throw new Error(`${module} exports no list of views`);
  const events = { ...logEvents, ...views.events };
  const log = openLogFile(join(dir, 'log.db'), { readOnly: true });
  const read = (from: number, to: number) =>
    readRecorded(origin, events, from, log.range(from, to));
  const onProgress = (done: number): void => tell({ done });
  await fillAtOnce(read, { path, views, head }, { onProgress, next });
  log.close();
} catch (error) {
  tell({ fault: error instanceof Error ? error.message : String(error) });
}
process.off('disconnect', abandon);
process.disconnect();
