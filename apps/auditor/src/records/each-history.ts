import { CannotRun, type CommandIo, EXIT } from '../command.js';
import type { LogSource } from '../log-source.js';
import { inEachLog, type LogsAsked } from '../opened-logs.js';
import { withProgress } from '../progress.js';
import { findRecord, type History } from './find-record.js';

/**
 * Finds a record in the logs that were named, and hands each of its streams to `tell`. Finding it
 * in a long log takes a while, and says how far it is.
 *
 * @returns the exit code: manipulation when a stream is broken
 * @throws CannotRun when no log has the record
 */
export async function eachHistory(
  asked: LogsAsked,
  record: string,
  tell: (source: LogSource, history: History) => Promise<void>,
): Promise<number> {
  let found = 0;
  const code = await inEachLog(asked, async (source) => {
    const histories = await historiesIn(source, record, asked.io);
    found += histories.length;
    for (const history of histories) await tell(source, history);
    return histories.some(({ breaks }) => breaks.length > 0) ? EXIT.manipulation : EXIT.clean;
  });
  if (found === 0 && code === EXIT.clean) throw new CannotRun(`no such record: ${record}`);
  return code;
}

async function historiesIn(
  source: LogSource,
  record: string,
  io: CommandIo,
): Promise<readonly History[]> {
  const head = await source.head();
  return withProgress(io, source.service, (tell) =>
    findRecord(source, record, (done) => tell(done, head)),
  );
}
