import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openViewsSnapshot } from '#libs/views';
import { type Answer, counted, writeAnswer } from '../answer.js';
import { LOG_OPTIONS, parsed, placed } from '../arguments.js';
import { type AuditedService, auditedService } from '../audited-services.js';
import { CannotRun, type CommandIo, EXIT, UsageError } from '../command.js';
import { inEachLog } from '../opened-logs.js';
import { withProgress } from '../progress.js';
import { YOUNG_MS } from '../verify/unsealed.js';
import { type Rebuilt, rebuildViews } from './rebuild-views.js';

/** Rebuilds every view of a service from its log, in a folder of its own. */
export async function runReplay(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parsed(args, {
    ...LOG_OPTIONS,
    to: { type: 'string' },
  });
  const [place] = placed(positionals);
  const { service, to: dir } = values;
  const asked = { ...values, place, io };
  if (service === undefined) throw new UsageError('--service is missing: whose views?');
  if (dir === undefined) throw new UsageError('--to is missing: where shall the views go?');
  const audited = auditedService(service);
  assertEmpty(dir);
  return inEachLog(asked, async (source) => {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    try {
      const rebuilt = await withProgress(io, service, (onProgress) =>
        rebuildViews(source, audited, { dir, onProgress }),
      );
      writeAnswer(asked, replayed(audited, dir, rebuilt));
      return isUnprotected(rebuilt) ? EXIT.gap : EXIT.clean;
    } catch (error) {
      // What was not proven to the end must not be taken for an answer.
      for (const name of readdirSync(dir)) rmSync(join(dir, name));
      throw error;
    }
  });
}

function replayed(audited: AuditedService, dir: string, rebuilt: Rebuilt): Answer {
  const { events, signed, unsignedSince } = rebuilt;
  const snapshot = openViewsSnapshot(dir, audited.views);
  const rows = audited.views.map((view) => ({ view: view.name, rows: snapshot.count(view) }));
  const { path: file } = snapshot;
  snapshot.close();
  const lines = [
    `${audited.name}: ${counted(events, 'event')} replayed, ${signed} of them signed: ${file}`,
    ...rows.map(({ view, rows: count }) => `  ${view}  ${counted(count, 'row')}`),
  ];
  return {
    value: { service: audited.name, events, signed, unsignedSince, file, views: rows },
    lines,
  };
}

/** A log signs every second: what is much older and not signed, nothing protects. */
function isUnprotected({ unsignedSince }: Rebuilt): boolean {
  return unsignedSince !== null && Date.now() - Date.parse(unsignedSince) > YOUNG_MS;
}

/** What is there already could be somebody's live views. */
function assertEmpty(dir: string): void {
  if (existsSync(dir) && readdirSync(dir).length > 0) {
    throw new CannotRun(`${dir} is not empty: name a folder that is, or that is not there yet`);
  }
}
