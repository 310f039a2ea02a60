import type { Query, Where } from './query.js';
import type { Scalar, ViewRow } from './view.js';

type Order<Row extends ViewRow> = Pick<Query<Row>, 'orderBy' | 'descending'>;

export function matches<Row extends ViewRow>(
  row: Row,
  { equals, under, range }: Where<Row>,
): boolean {
  const same = Object.entries(equals ?? {}).every(
    ([field, value]) => (row[field as keyof Row] ?? null) === value,
  );
  return (
    same &&
    (under === undefined || begins(row[under.field], under.prefix)) &&
    (range === undefined || isWithin((row[range.field] ?? null) as Scalar, range))
  );
}

/** Everything begins with nothing, what is not a text as well. */
function begins(value: unknown, prefix: string): boolean {
  return prefix === '' || (typeof value === 'string' && value.startsWith(prefix));
}

function isWithin(
  value: Scalar,
  { from, to }: { readonly from?: string | number; readonly to?: string | number },
): boolean {
  if (value === null) return false;
  const isFrom = from === undefined || compare(value, from) >= 0;
  return isFrom && (to === undefined || compare(value, to) < 0);
}

export function ordered<Row extends ViewRow>(
  rows: readonly Row[],
  order: Order<Row>,
): readonly Row[] {
  return rows.toSorted((a, b) => compareAt(a, placeOf(b, order), order));
}

/** How a row stands to a place in the order: below 0 when it comes before. */
export function compareAt<Row extends ViewRow>(
  row: Row,
  place: readonly Scalar[],
  order: Order<Row>,
): number {
  for (const [index, value] of placeOf(row, order).entries()) {
    const compared = compare(value, place[index] ?? null);
    if (compared !== 0) return order.descending === true ? -compared : compared;
  }
  return 0;
}

function placeOf<Row extends ViewRow>(row: Row, { orderBy }: Order<Row>): readonly Scalar[] {
  return orderBy.map((field) => (row[field] ?? null) as Scalar);
}

/** As SQLite orders: nothing comes first, then numbers (booleans are some), then texts. */
export function compare(a: Scalar, b: Scalar): number {
  const [left, right] = [rankOf(a), rankOf(b)];
  if (left !== right) return left - right;
  if (typeof a === 'string' && typeof b === 'string') {
    // By their UTF-8 bytes: SQLite and MongoDB do so, JavaScript compares UTF-16 units.
    return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return Number(a) - Number(b);
}

function rankOf(value: Scalar): number {
  if (value === null) return 0;
  return typeof value === 'string' ? 2 : 1;
}
