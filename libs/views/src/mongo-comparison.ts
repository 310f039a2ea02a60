import { rowDifference, type RowDifference, type ViewComparison } from './compare-views.js';
import type { MongoViewsFile } from './mongo-views-file.js';
import type { View } from './view.js';
import type { StoredRow } from './views-snapshot.js';

/** Rows of a view that are named when they differ. */
const NAMED = 20;

/** Holds two generations against each other, row by row, in the order of their keys. */
export async function compareGenerations(
  live: MongoViewsFile,
  rebuilt: MongoViewsFile,
  views: readonly View[],
): Promise<readonly ViewComparison[]> {
  const comparisons: ViewComparison[] = [];
  for (const view of views) comparisons.push(await compareRows(live, rebuilt, view));
  return comparisons;
}

async function compareRows(
  live: MongoViewsFile,
  rebuilt: MongoViewsFile,
  view: View,
): Promise<ViewComparison> {
  const counts = { rows: 0, missing: 0, extra: 0, different: 0 };
  const first: RowDifference[] = [];
  const [left, right] = [mongoRows(live, view), mongoRows(rebuilt, view)];
  let [a, b] = [await next(left), await next(right)];
  while (a !== undefined || b !== undefined) {
    const order = compareKeys(a, b);
    const pair = { live: order <= 0 ? a : undefined, rebuilt: order >= 0 ? b : undefined };
    counts.rows += 1;
    const difference = rowDifference(pair);
    if (difference !== undefined) {
      counts[difference.is] += 1;
      if (first.length < NAMED) first.push(difference);
    }
    if (order <= 0) a = await next(left);
    if (order >= 0) b = await next(right);
  }
  return { view: view.name, ...counts, first };
}

/** The rows of a view as they are stored, in the order of their keys' bytes. */
export async function* mongoRows(file: MongoViewsFile, view: View): AsyncGenerator<StoredRow> {
  for await (const { _id: key, row, ...columns } of file.rows(view.name).find().sort({ _id: 1 })) {
    yield { key, row, columns };
  }
}

async function next(rows: AsyncGenerator<StoredRow>): Promise<StoredRow | undefined> {
  const found: IteratorResult<StoredRow, unknown> = await rows.next();
  return found.done === true ? undefined : found.value;
}

function compareKeys(a: StoredRow | undefined, b: StoredRow | undefined): number {
  if (a === undefined) return 1;
  return b === undefined ? -1 : Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
}
