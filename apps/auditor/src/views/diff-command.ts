import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  compareParked,
  compareView,
  openViewsSnapshot,
  type ViewComparison,
  type ViewsSnapshot,
} from '#libs/views';
import { type Answer, counted, writeAnswer } from '../answer.js';
import { LOG_OPTIONS, parsed, placed, wholeNumber } from '../arguments.js';
import { type AuditedService, auditedService } from '../audited-services.js';
import { CannotRun, type CommandIo, EXIT } from '../command.js';
import type { LogSource } from '../log-source.js';
import { inEachLog } from '../opened-logs.js';
import { withProgress } from '../progress.js';
import { comparisonLines } from './comparison-lines.js';
import { rebuildViews } from './rebuild-views.js';

const FIRST = '20';

/** Rebuilds a service's views and holds the live ones against them, at the live ones' position. */
export async function runDiff(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parsed(args, {
    ...LOG_OPTIONS,
    limit: { type: 'string', default: FIRST },
  });
  const [place] = placed(positionals);
  const limit = wholeNumber(values.limit, '--limit');
  const asked = { ...values, place, io };
  return inEachLog(asked, async (source) => {
    const audited = auditedService(source.service);
    const live = openViewsSnapshot(folderOf(source), audited.views);
    try {
      const head = await source.head();
      if (live.position > head) {
        writeAnswer(asked, ahead(source.service, live.position, head));
        return EXIT.gap;
      }
      const comparisons = await compareAll(source, audited, live, { limit, io });
      const views = { service: source.service, position: live.position, head, views: comparisons };
      writeAnswer(asked, { value: views, lines: comparisonLines(views) });
      return comparisons.every(isSame) ? EXIT.clean : EXIT.manipulation;
    } finally {
      live.close();
    }
  });
}

async function compareAll(
  source: LogSource,
  audited: AuditedService,
  live: ViewsSnapshot,
  { limit, io }: { readonly limit: number; readonly io: CommandIo },
): Promise<readonly ViewComparison[]> {
  const dir = mkdtempSync(join(tmpdir(), 'fengqiao-diff-'));
  try {
    await withProgress(io, source.service, (tell) =>
      rebuildViews(source, audited, { dir, until: live.position, mayPark: true, onProgress: tell }),
    );
    const rebuilt = openViewsSnapshot(dir, audited.views);
    try {
      const comparisons = audited.views.map((view) => compareView({ view, live, rebuilt, limit }));
      const parked = compareParked(live, rebuilt);
      return parked.rows === 0 ? comparisons : [...comparisons, parked];
    } finally {
      rebuilt.close();
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Views know only what they read in the log: what they know besides, the log has lost. */
function ahead(service: string, position: number, head: number): Answer {
  const finding =
    `its views hold ${counted(position - head, 'event')} that the log does not: ` +
    `it ends at ${head}, they were at ${position}; was an older log.db put back?`;
  return { value: { service, position, head, finding }, lines: [`${service}: ${finding}`] };
}

function folderOf({ dir, place, service }: LogSource): string {
  if (dir !== undefined) return dir;
  throw new CannotRun(
    `${place} has no views of ${service}: take a data directory, or a copy of one`,
  );
}

function isSame({ missing, extra, different }: ViewComparison): boolean {
  return missing + extra + different === 0;
}
