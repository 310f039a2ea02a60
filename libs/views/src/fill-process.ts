import { setPriority } from 'node:os';
import { join } from 'node:path';
import { logEvents } from '#libs/contracts';
import { openLogFile, readRecorded } from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';
import { fillAtOnce, type FillerConfig, type FillerNews } from './fill-views.js';
import { isViewList } from './view-list.js';

/** Others go first, whatever they have to do. */
const NICE = 19;

// The program of the process that fills a new file of views from the log beside it.
const { path, dir, origin, module, head } = JSON.parse(process.argv[2] ?? '{}') as FillerConfig;
setPriority(NICE);
// Who asked for it has ended, or has given it up.
const abandon = (): void => process.exit(1);
process.on('disconnect', abandon);

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
  await fillAtOnce(read, { path, views, head }, { onProgress, scheduler: new SystemClock() });
  log.close();
} catch (error) {
  tell({ fault: error instanceof Error ? error.message : String(error) });
}
process.off('disconnect', abandon);
process.disconnect();
