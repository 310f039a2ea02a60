import { counted, writeAnswer } from '../answer.js';
import { LOG_OPTIONS, parsed, placed } from '../arguments.js';
import { type CommandIo, EXIT } from '../command.js';
import { inEachLog } from '../opened-logs.js';
import { withProgress } from '../progress.js';
import { type LogStatistics, logStatistics } from './log-statistics.js';

/** Tells how much each log holds, of what, and how far it is signed. */
export async function runStat(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parsed(args, LOG_OPTIONS);
  const [place] = placed(positionals);
  const asked = { ...values, place, io };
  return inEachLog(asked, async (source) => {
    const statistics = await withProgress(io, source.service, (tell) =>
      logStatistics(source, tell),
    );
    writeAnswer(asked, { value: statistics, lines: linesOf(statistics, Date.now()) });
    return EXIT.clean;
  });
}

function linesOf(log: LogStatistics, nowMs: number): readonly string[] {
  const { service, place, events, streams, bytes, first, last, types, epochs, files } = log;
  return [
    `${service}: ${counted(events, 'event')} in ${counted(streams, 'stream')}, ${counted(bytes, 'byte')}, ${place}`,
    ...(first === null ? [] : [`  recorded    ${first} to ${last}`]),
    ...signedLines(log, nowMs),
    ...epochs
      .filter(({ reason }) => reason !== null)
      .map(
        ({ epoch, size, reason, openedAt }) =>
          `  epoch ${epoch}     ${openedAt}, ${size} events kept: ${reason}`,
      ),
    ...Object.entries(types).map(([type, count]) => `  ${String(count).padStart(9)}  ${type}`),
    ...Object.entries(files).map(
      ([file, size]) => `  ${String(size).padStart(9)}  bytes in ${file}`,
    ),
  ];
}

function signedLines({ checkpoint, unsigned }: LogStatistics, nowMs: number): readonly string[] {
  if (checkpoint === null) return ['  checkpoint  none: nothing is signed'];
  const { origin, size, keyId, until } = checkpoint;
  const age = until === null ? '' : `, the newest ${ageOf(nowMs - Date.parse(until))} ago`;
  return [
    `  checkpoint  ${counted(size, 'event')} of ${origin}, key ${keyId}${age}`,
    `  unsigned    ${counted(unsigned, 'event')}`,
  ];
}

function ageOf(ms: number): string {
  const seconds = Math.max(Math.round(ms / 1000), 0);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3_600)} h`
    : `${Math.round(seconds / 86_400)} d`;
}
