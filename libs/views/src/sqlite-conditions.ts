import { compare } from './memory-order.js';
import type { Query, Where } from './query.js';
import type { Served } from './served-by.js';
import type { Scalar, ViewRow } from './view.js';

/** A statement or a part of one, and the values of its placeholders. */
export interface Selection {
  readonly sql: string;
  readonly values: readonly Scalar[];
}

type Asked = Where<ViewRow> & Partial<Query<ViewRow>>;

/** One end of what is read of an index. */
interface Bound {
  readonly field: string;
  readonly is: '>=' | '<';
  readonly value: string | number;
}

/** A character after every other, so that `prefix` to `prefix + LAST` holds all that begin so. */
const LAST = '\u{10FFFF}';

/** The conditions of a query and their values, in order. */
export function conditionOf(query: Asked, { length }: Served): Selection {
  const parts: string[] = [];
  const values: Scalar[] = [];
  const add = (sql: string, ...more: readonly Scalar[]): void => {
    parts.push(sql);
    values.push(...more);
  };
  for (const [field, value] of Object.entries(query.equals ?? {})) {
    add(`f_${field} IS ?`, value as Scalar);
  }
  const { under, range } = query;
  if (under !== undefined && under.prefix !== '' && length === under.prefix.length) {
    add(`substr(f_${String(under.field)}, 1, ${length}) = ?`, under.prefix);
  }
  for (const { field, is, value } of boundsOf(query, length)) {
    if (!isImplied({ field, is, value }, query)) add(`f_${field} ${is} ?`, value);
  }
  if (range !== undefined && range.from === undefined && range.to === undefined) {
    add(`f_${String(range.field)} IS NOT NULL`);
  }
  const place = placeAfter(query);
  if (place.length > 0) {
    const fields = place.map(([field]) => `f_${field}`).join(', ');
    const holders = place.map(() => '?').join(', ');
    const is = query.descending === true ? '<' : '>';
    add(`(${fields}) ${is} (${holders})`, ...place.map(([, value]) => value));
  }
  return { sql: parts.join(' AND ') || 'TRUE', values };
}

function boundsOf({ under, range }: Asked, length: number | undefined): readonly Bound[] {
  const bounds: Bound[] = [];
  if (under !== undefined && under.prefix !== '' && length !== under.prefix.length) {
    const field: string = under.field;
    bounds.push({ field, is: '>=', value: under.prefix });
    bounds.push({ field, is: '<', value: under.prefix + LAST });
  }
  if (range?.from !== undefined) bounds.push({ field: range.field, is: '>=', value: range.from });
  if (range?.to !== undefined) bounds.push({ field: range.field, is: '<', value: range.to });
  return bounds;
}

/**
 * Whether the place where a page begins lies within the bound. SQLite reads an index from one
 * bound: from the weaker one, a late page would read all pages before it.
 */
function isImplied({ field, is, value }: Bound, query: Asked): boolean {
  const [first] = placeAfter(query);
  if (first === undefined || first[0] !== field || first[1] === null) return false;
  const compared = compare(first[1], value);
  return query.descending === true ? is === '<' && compared < 0 : is === '>=' && compared >= 0;
}

/** Where the page before ended, without what is equal in all rows anyway. */
function placeAfter({
  equals,
  orderBy = [],
  after,
}: Asked): readonly (readonly [string, Scalar])[] {
  if (after === undefined) return [];
  const fixed = new Map(Object.entries((equals ?? {}) as Record<string, Scalar>));
  return (orderBy as readonly string[])
    .map((field, index) => [field, after[index] ?? null] as const)
    .filter(([field, value]) => !fixed.has(field) || fixed.get(field) !== value);
}
