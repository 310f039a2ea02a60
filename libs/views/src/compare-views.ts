import type { View } from './view.js';
import type { StoredRow, ViewsSnapshot } from './views-snapshot.js';
import { type FieldDifference, fieldDifferences } from './field-differences.js';

/** A row that is not the same in both. */
export interface RowDifference {
  readonly key: string;
  /** Of the live one: it lacks the row, has one too many, or has another. */
  readonly is: 'missing' | 'extra' | 'different';
  readonly fields: readonly FieldDifference[];
}

/** 视图比对: how the live rows of one view differ from those that were rebuilt. */
export interface ViewComparison {
  readonly view: string;
  /** Rows that were compared: those of either. */
  readonly rows: number;
  readonly missing: number;
  readonly extra: number;
  readonly different: number;
  /** The first of them. */
  readonly first: readonly RowDifference[];
}

export interface Pair {
  readonly live: StoredRow | undefined;
  readonly rebuilt: StoredRow | undefined;
}

/** What is held against what; of the rows that differ, `limit` are named. */
export interface Comparing {
  readonly view: View;
  readonly live: ViewsSnapshot;
  readonly rebuilt: ViewsSnapshot;
  readonly limit: number;
}

/** Rows that are compared before others have their turn: for less than a millisecond. */
const TURN = 50;

/** Holds a view's live rows against the rebuilt ones, row by row and field by field. */
export function compareView(comparing: Comparing): ViewComparison {
  const steps = comparison(comparing);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The same beside other work.
 *
 * @param next resolves when it may go on
 */
export async function compareInTurns(
  comparing: Comparing,
  next: () => Promise<unknown>,
): Promise<ViewComparison> {
  const steps = comparison(comparing);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await next();
  }
}

function* comparison({
  view,
  live,
  rebuilt,
  limit,
}: Comparing): Generator<undefined, ViewComparison> {
  const counts = { rows: 0, missing: 0, extra: 0, different: 0 };
  const first: RowDifference[] = [];
  for (const pair of pairs(live.rows(view), rebuilt.rows(view))) {
    counts.rows += 1;
    if (counts.rows % TURN === 0) yield;
    const difference = rowDifference(pair);
    if (difference === undefined) continue;
    counts[difference.is] += 1;
    if (first.length < limit) first.push(difference);
  }
  return { view: view.name, ...counts, first };
}

/** Holds the streams that live views do not take against those that the rebuilt ones do not. */
export function compareParked(live: ViewsSnapshot, rebuilt: ViewsSnapshot): ViewComparison {
  const counts = { rows: 0, missing: 0, extra: 0, different: 0 };
  const first: RowDifference[] = [];
  const [left, right] = [parkedIn(live), parkedIn(rebuilt)];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    counts.rows += 1;
    const [a, b] = [left.get(key), right.get(key)];
    if (a === b) continue;
    const is = a === undefined ? 'missing' : b === undefined ? 'extra' : 'different';
    counts[is] += 1;
    first.push({ key, is, fields: [{ path: 'position', live: a, rebuilt: b }] });
  }
  return { view: 'parked streams', ...counts, first };
}

function parkedIn({ parked }: ViewsSnapshot): ReadonlyMap<string, number> {
  return new Map(parked.map(({ view, stream, position }) => [`${view} ${stream}`, position]));
}

/** How the two rows of a pair differ; undefined when they do not. */
export function rowDifference({ live, rebuilt }: Pair): RowDifference | undefined {
  if (live === undefined || rebuilt === undefined) {
    const is = live === undefined ? 'missing' : 'extra';
    return { key: (live ?? rebuilt)?.key ?? '', is, fields: [] };
  }
  if (isSame(live, rebuilt)) return undefined;
  const fields = [
    ...(live.row === rebuilt.row ? [] : fieldDifferences(valueOf(live), valueOf(rebuilt))),
    // A row may be right and yet never be found, if the columns beside it say something else.
    ...fieldDifferences({ columns: live.columns }, { columns: rebuilt.columns }),
  ];
  return fields.length === 0 ? undefined : { key: live.key, is: 'different', fields };
}

/** What most rows are, told without a look at their fields. */
function isSame(live: StoredRow, rebuilt: StoredRow): boolean {
  if (live.row !== rebuilt.row) return false;
  const names = Object.keys(live.columns);
  return (
    names.length === Object.keys(rebuilt.columns).length &&
    names.every((name) => live.columns[name] === rebuilt.columns[name])
  );
}

/** A live row may have been written by anybody: what is no JSON differs as it is. */
function valueOf({ row }: StoredRow): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return row;
  }
}

/** Rows of both by their keys; both come in the order of the keys. */
function* pairs(live: Iterable<StoredRow>, rebuilt: Iterable<StoredRow>): Generator<Pair> {
  const [left, right] = [rowsOneByOne(live), rowsOneByOne(rebuilt)];
  let [a, b] = [left(), right()];
  while (a !== undefined || b !== undefined) {
    const order = compareKeys(a, b);
    yield { live: order <= 0 ? a : undefined, rebuilt: order >= 0 ? b : undefined };
    if (order <= 0) a = left();
    if (order >= 0) b = right();
  }
}

function rowsOneByOne(rows: Iterable<StoredRow>): () => StoredRow | undefined {
  const iterator: Iterator<StoredRow, unknown> = rows[Symbol.iterator]();
  return () => {
    const next = iterator.next();
    return next.done === true ? undefined : next.value;
  };
}

/** As bytes, since SQLite orders them so; what has no more rows comes after everything. */
function compareKeys(a: StoredRow | undefined, b: StoredRow | undefined): number {
  if (a === undefined) return 1;
  return b === undefined ? -1 : Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
}
