import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { logEvents } from '#libs/contracts';
import { openLogFile, readRecorded } from '#libs/event-log';
import { fillAtOnce, type FillerConfig, type FillerNews } from './fill-views.js';
import { isViewList } from './view-list.js';

/** Others go first, as far as they have something to do. */
const NICE = 10;

// The program of the thread that fills a new file of views from the log beside it.
const { path, dir, origin, module, head } = workerData as FillerConfig;
// Where a thread has a priority of its own (Linux), whoever answers comes first.
if (process.platform === 'linux') setPriority(0, NICE);

const tell = (news: FillerNews): void => parentPort?.postMessage(news);

try {
  const exported = Object.values((await import(module)) as Readonly<Record<string, unknown>>);
  const views = exported.find(isViewList);
  if (views === undefined) throw new Error(`${module} exports no list of views`);
  const events = { ...logEvents, ...views.events };
  const log = openLogFile(join(dir, 'log.db'), { readOnly: true });
  const read = (from: number, to: number) =>
    readRecorded(origin, events, from, log.range(from, to));
  await fillAtOnce(read, { path, views, head }, (done) => tell({ done }));
  log.close();
} catch (error) {
  tell({ fault: error instanceof Error ? error.message : String(error) });
}
