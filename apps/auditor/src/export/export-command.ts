import { join } from 'node:path';
import { counted, writeAnswer } from '../answer.js';
import { LOG_OPTIONS, parsed, placed } from '../arguments.js';
import { type CommandIo, EXIT, UsageError } from '../command.js';
import { newestCheckpoint } from '../evidence/newest-checkpoint.js';
import { inEachLog } from '../opened-logs.js';
import { withProgress } from '../progress.js';
import { exportLog } from './export-log.js';

/** Publishes logs as files, in the layout of the HTTP routes. */
export async function runExport(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parsed(args, {
    ...LOG_OPTIONS,
    to: { type: 'string' },
  });
  const [place] = placed(positionals);
  const { to } = values;
  if (to === undefined) throw new UsageError('--to is missing: where shall the files go?');
  const asked = { ...values, place, io };
  return inEachLog(asked, async (source) => {
    const { service } = source;
    const checkpoint = await newestCheckpoint(source);
    const head = await source.head();
    if (checkpoint === undefined) {
      const finding = `nothing is signed of ${counted(head, 'event')}, so nothing is exported`;
      writeAnswer(asked, { value: { service, head, finding }, lines: [`${service}: ${finding}`] });
      return head === 0 ? EXIT.clean : EXIT.gap;
    }
    const dir = join(to, service, epochFolder(checkpoint.origin));
    const exported = await withProgress(io, service, (tell) =>
      exportLog(source, checkpoint, dir, (done) => tell(done, checkpoint.size)),
    );
    const { origin, vkey } = checkpoint;
    const { size, written } = exported;
    const told = `${counted(size, 'event')} of ${origin} in ${dir}, ${counted(written, 'new file')}`;
    const value = { service, origin, vkey, size, head, dir, written };
    writeAnswer(asked, { value, lines: [`${service}: ${told}`] });
    return EXIT.clean;
  });
}

/** After a recovery a log is another one for its readers, and has an address of its own. */
function epochFolder(origin: string): string {
  return /\/(epoch-[1-9]\d*)$/.exec(origin)?.[1] ?? '';
}
