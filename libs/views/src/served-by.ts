import { IndexMissing } from './faults.js';
import type { Where } from './query.js';
import type { IndexPart, ViewRow } from './view.js';

/** The lengths of area codes: province, prefecture, county, township, village, grid. */
export const AREA_LENGTHS: readonly number[] = [2, 4, 6, 9, 12, 15];

/** What a query asks of an index. */
export interface Asked {
  readonly name: string;
  readonly indexes: readonly (readonly IndexPart[])[];
  readonly where: Where<ViewRow>;
  /** Fields that the answer comes ordered or grouped by. */
  readonly orderBy: readonly string[];
}

/** 索引选择: the index that serves a query, and how. */
export interface Served {
  /** Which of the view's indexes. */
  readonly index: number;
  /** Of an index with a part for area codes: the length that is asked for, 0 for all areas. */
  readonly length: number | undefined;
}

interface Conditions {
  readonly equal: ReadonlySet<string>;
  readonly under: { readonly field: string; readonly length: number } | undefined;
  readonly range: string | undefined;
}

/**
 * The index that holds the rows of a query side by side and in its order: what is asked to be equal
 * stands in front, then what a range or the order begins with. No row is read that is not counted
 * or shown, whatever the table grows to.
 *
 * @throws IndexMissing when none does, naming one that would
 */
export function servedBy(asked: Asked): Served {
  const conditions = conditionsOf(asked.where);
  for (const [index, parts] of asked.indexes.entries()) {
    const length = lengthIn(parts, conditions);
    if (length === 'unfit') continue;
    // The index over all areas leaves the part for codes out.
    const held = length === 0 ? parts.filter((part) => typeof part === 'string') : parts;
    if (serves(held, conditions, asked.orderBy)) return { index, length };
  }
  throw new IndexMissing(asked.name, missingIndex(conditions, asked.orderBy));
}

function conditionsOf({ equals, under, range }: Where<ViewRow>): Conditions {
  return {
    equal: new Set(Object.keys(equals ?? {})),
    under:
      under === undefined || under.prefix === ''
        ? undefined
        : { field: under.field, length: under.prefix.length },
    range: range?.field,
  };
}

/** Of an index over area codes: the length of those asked for. */
function lengthIn(
  parts: readonly IndexPart[],
  { under }: Conditions,
): number | undefined | 'unfit' {
  const part = parts.find((each) => typeof each !== 'string');
  if (part === undefined) return undefined;
  if (under === undefined) return 0;
  return under.field === part.under && AREA_LENGTHS.includes(under.length) ? under.length : 'unfit';
}

function serves(
  parts: readonly IndexPart[],
  { equal, under, range }: Conditions,
  orderBy: readonly string[],
): boolean {
  const open = new Set(equal);
  let ranged = range;
  let prefix = under?.field;
  let at = 0;
  for (; at < parts.length; at += 1) {
    const part = parts[at] ?? '';
    if (typeof part !== 'string') prefix = undefined;
    else if (!open.delete(part)) break;
  }
  // A prefix without a part of its own is a range; an index is read along one range only.
  if (prefix !== undefined && ranged !== undefined) return false;
  ranged ??= prefix;
  const rest = parts.slice(at);
  const order = orderBy.filter((field) => !equal.has(field));
  if (open.size > 0 || (ranged !== undefined && rest[0] !== ranged)) return false;
  return order.every((field, place) => rest[place] === field);
}

function missingIndex(
  { equal, under, range }: Conditions,
  orderBy: readonly string[],
): readonly IndexPart[] {
  const order = orderBy.filter((field) => !equal.has(field));
  const byArea = under !== undefined && order[0] !== under.field;
  const first = range ?? (byArea ? undefined : under?.field);
  const ranged = first !== undefined && order[0] !== first ? [first] : [];
  return [...equal, ...(byArea ? [{ under: under.field }] : []), ...ranged, ...order];
}
