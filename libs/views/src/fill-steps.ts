import type { Recorded } from '#libs/event';
import { compareInTurns, type ViewComparison } from './compare-views.js';
import { openSqliteViewsFile } from './sqlite-views.js';
import type { View } from './view.js';
import { flush } from './views-pointer.js';
import { openFileSnapshot, type ViewsSnapshot } from './views-snapshot.js';

/** Rows of a view that are named when they differ. */
const NAMED = 20;

/** A file that is to be filled, and what it is held against then. */
export interface FillingJob {
  readonly path: string;
  readonly views: readonly View[];
  /** How many events the log had when it was asked for. */
  readonly head: number;
  /** The file that answers, when its views are the same. */
  readonly live: string | null;
}

/** How whoever does the job reads the log, and comes by its turns. */
export interface FillingSteps {
  read(from: number, to: number): Promise<readonly Recorded[]>;
  /** Resolves when others have had their turn, with how many events the next one may have. */
  next(): Promise<number>;
  /** Brings the file that answers up to the log, and tells how far that is. */
  bringUpLive(): Promise<number>;
  onProgress(done: number): void;
}

/**
 * Fills the file from the beginning of the log, makes it durable, and holds it against the one that
 * answers, both at the same position.
 *
 * @returns how they differ; null when there is nothing to hold it against
 */
export async function fillAndCompare(
  job: FillingJob,
  steps: FillingSteps,
): Promise<readonly ViewComparison[] | null> {
  let live: ViewsSnapshot | undefined;
  try {
    live = await fill(job, steps);
    return live === undefined ? null : await compare(job, live, steps);
  } finally {
    live?.close();
  }
}

async function fill(
  { path, views, head, live }: FillingJob,
  steps: FillingSteps,
): Promise<ViewsSnapshot | undefined> {
  const store = openSqliteViewsFile(path, views, 'bulk');
  const fillTo = async (end: number): Promise<void> => {
    for (let from = store.reached; from < end; from = store.reached) {
      const events = await steps.read(from, Math.min(from + (await steps.next()), end));
      if (events.length === 0) throw new Error(`the log ends at ${from} of ${end} events`);
      await store.apply(events);
      steps.onProgress(store.reached);
    }
  };
  let snapshot: ViewsSnapshot | undefined;
  try {
    await fillTo(head);
    const reached = await steps.bringUpLive();
    snapshot = live === null ? undefined : openFileSnapshot(live, views);
    await fillTo(snapshot?.position ?? reached);
    for (const _ of store.completing()) await steps.next();
    await store.close();
    flush(path);
    return snapshot;
  } catch (error) {
    snapshot?.close();
    await store.close();
    throw error;
  }
}

async function compare(
  { path, views }: FillingJob,
  live: ViewsSnapshot,
  steps: FillingSteps,
): Promise<readonly ViewComparison[]> {
  const rebuilt = openFileSnapshot(path, views);
  try {
    const comparisons: ViewComparison[] = [];
    for (const view of views) {
      const asked = { view, live, rebuilt, limit: NAMED };
      comparisons.push(await compareInTurns(asked, () => steps.next()));
    }
    return comparisons;
  } finally {
    rebuilt.close();
  }
}
