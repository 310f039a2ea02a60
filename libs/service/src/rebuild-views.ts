import type { Scheduler } from '#libs/scheduler';
import type { LiveViews } from '#libs/views';

const RETRY_MS = 1000;
const RETRY_MAX_MS = 5 * 60_000;

/** Views that were changed, and the service that they are of. */
interface Outdated {
  readonly name: string;
  readonly views: Pick<LiveViews, 'rebuild' | 'isOutdated'>;
}

interface RebuildOptions {
  readonly scheduler: Scheduler;
  /** Aborted when the service closes: what has failed is then made at the next start. */
  readonly signal: AbortSignal;
}

/**
 * Views whose definitions were changed are made anew while the rows before are shown; when that
 * fails, it is tried again, ever more slowly, until the service closes.
 */
export async function rebuildViews(
  { name, views }: Outdated,
  { scheduler, signal }: RebuildOptions,
): Promise<void> {
  const tell = (line: string): void => void process.stderr.write(`${name}: ${line}\n`);
  let pauseMs = RETRY_MS;
  while (views.isOutdated && !signal.aborted) {
    try {
      const { generation } = await views.rebuild();
      return tell(`answers from its new views (${generation})`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (signal.aborted) return tell(`its views were not made anew: ${why}`);
      tell(`its views were not made anew, tried again in ${pauseMs / 1000} s: ${why}`);
    }
    await scheduler.sleep(pauseMs, signal);
    pauseMs = Math.min(2 * pauseMs, RETRY_MAX_MS);
  }
}
