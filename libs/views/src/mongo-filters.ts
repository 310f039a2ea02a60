import type { Query, Where } from './query.js';
import { AREA_LENGTHS, type Served } from './served-by.js';
import type { KeptView } from './sqlite-sql.js';
import type { IndexPart, Scalar, ViewRow } from './view.js';
import { fieldsOf } from './view-names.js';

/** A field as it is stored: no two kinds of values mean the same, and none is left out. */
export type Stored = string | number | null;
export type Filter = Readonly<Record<string, unknown>>;
export type Sort = Readonly<Record<string, 1 | -1>>;

type Asked = Where<ViewRow> & Partial<Query<ViewRow>>;

const LAST = '\u{10FFFF}';

/** Booleans are numbers, as in SQLite, so that both order them alike. */
export function storedValue(value: unknown): Stored {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

/** What stands beside a row: its indexed fields, and the beginnings of those that are area codes. */
export function columnsIn(view: Pick<KeptView, 'indexes'>, row: ViewRow): Record<string, Stored> {
  const values = row as Readonly<Record<string, unknown>>;
  const columns: Record<string, Stored> = {};
  for (const field of fieldsOf(view.indexes)) columns[`f_${field}`] = storedValue(values[field]);
  for (const { under } of view.indexes.flat().filter((part) => typeof part !== 'string')) {
    const code = values[under];
    for (const length of AREA_LENGTHS) {
      const isLong = typeof code === 'string' && code.length >= length;
      columns[areaColumn(under, length)] = isLong ? code.slice(0, length) : null;
    }
  }
  return columns;
}

const areaColumn = (field: string, length: number): string => `a${length}_${field}`;

/** The columns of an index, in their order: the server takes no two indexes of the same. */
export type IndexKey = Readonly<Record<string, 1>>;

/** A list for all areas has an index of its own; so has each length of a code. */
export function indexesOf({ indexes }: Pick<KeptView, 'indexes'>): readonly IndexKey[] {
  const keys = indexes.flatMap((parts) => {
    const isPlain = parts.every((part) => typeof part === 'string');
    const lengths = isPlain ? [undefined] : [0, ...AREA_LENGTHS];
    return lengths.map((length) => keyOf(parts, length));
  });
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}

/** The index that serves a query. */
export function servingKey({ indexes }: Pick<KeptView, 'indexes'>, served: Served): IndexKey {
  return keyOf(indexes[served.index] ?? [], served.length);
}

function keyOf(parts: readonly IndexPart[], length: number | undefined): IndexKey {
  return Object.fromEntries(parts.flatMap((part) => columnOf(part, length)));
}

function columnOf(part: IndexPart, length: number | undefined): readonly (readonly [string, 1])[] {
  if (typeof part === 'string') return [[`f_${part}`, 1]];
  return length === undefined || length === 0 ? [] : [[areaColumn(part.under, length), 1]];
}

/** The rows that a query asks for, by the columns of the index that serves it. */
export function filterOf(query: Asked, { length }: Served): Filter {
  const all: Filter[] = [];
  for (const [field, value] of Object.entries(query.equals ?? {})) {
    all.push({ [`f_${field}`]: storedValue(value) });
  }
  const { under, range } = query;
  if (under !== undefined && under.prefix !== '') {
    const { field, prefix } = under;
    all.push(
      length === prefix.length
        ? { [areaColumn(field, length)]: prefix }
        : { [`f_${String(field)}`]: { $gte: prefix, $lt: prefix + LAST } },
    );
  }
  if (range !== undefined) all.push({ [`f_${String(range.field)}`]: boundsOf(range) });
  return joined([...all, ...placeBehind(query)]);
}

function boundsOf({
  from,
  to,
}: {
  readonly from?: string | number;
  readonly to?: string | number;
}) {
  if (from === undefined && to === undefined) return { $ne: null };
  return { ...(from !== undefined && { $gte: from }), ...(to !== undefined && { $lt: to }) };
}

/** Behind the row where the page before ended: in its order, and from its place in the index on. */
function placeBehind(query: Asked): readonly Filter[] {
  const fields = orderedFields(query);
  const place = fields.map((field) => storedValue(placeOf(query, field)));
  const [first] = fields;
  if (query.after === undefined || first === undefined) return [];
  const [beyond, from] = query.descending === true ? ['$lt', '$lte'] : ['$gt', '$gte'];
  const behind = fields.map((field, at) => ({
    ...Object.fromEntries(fields.slice(0, at).map((each, index) => [`f_${each}`, place[index]])),
    [`f_${field}`]: { [beyond]: place[at] },
  }));
  return [{ [`f_${first}`]: { [from]: place[0] } }, { $or: behind }];
}

function placeOf({ after = [], orderBy = [] }: Asked, field: string): Scalar {
  return after[(orderBy as readonly string[]).indexOf(field)] ?? null;
}

/** What is equal in all rows orders nothing. */
function orderedFields({ equals, orderBy = [] }: Asked): readonly string[] {
  const fixed = new Set(Object.keys(equals ?? {}));
  return (orderBy as readonly string[]).filter((field) => !fixed.has(field));
}

export function sortOf(query: Asked): Sort {
  const direction = query.descending === true ? -1 : 1;
  return Object.fromEntries(orderedFields(query).map((field) => [`f_${field}`, direction]));
}

/** Several conditions on one field stand beside each other. */
function joined(conditions: readonly Filter[]): Filter {
  const [only] = conditions;
  if (only === undefined) return {};
  return conditions.length === 1 ? only : { $and: conditions };
}
