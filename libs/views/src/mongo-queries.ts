import { compareAt } from './memory-order.js';
import { type Filter, filterOf, servingKey, sortOf } from './mongo-filters.js';
import type { MongoViewsFile } from './mongo-views-file.js';
import type { Query, Where } from './query.js';
import type { Served } from './served-by.js';
import type { KeptView } from './sqlite-sql.js';
import type { Scalar, ViewRow } from './view.js';

/** A query with the index that serves it: the server is told to take that one, and no other. */
interface Asked<Of> {
  readonly query: Of;
  readonly served: Served;
}

interface Found {
  readonly key: string;
  /** Of who wrote it, if it still is as it was. */
  readonly stream: string | undefined;
  readonly row: ViewRow;
}

/** Rows in the order of the query; as of a moment, those that are and those that were. */
export async function findRows(
  file: MongoViewsFile,
  view: KeptView,
  { query, served }: Asked<Query<ViewRow>>,
): Promise<readonly Found[]> {
  const filter = filterOf(query, served);
  const [hint, sort, { asOf, limit }] = [servingKey(view, served), sortOf(query), query];
  const now = file.rows(view.name).find(currentAt(filter, asOf));
  const rows = await now.hint(hint).sort(sort).limit(limit).toArray();
  const current = rows.map(({ _id: key, stream, row }) => ({
    key,
    stream: asOf === undefined ? stream : undefined,
    row: JSON.parse(row) as ViewRow,
  }));
  if (asOf === undefined) return current;
  const then = file.past(view.name).find(pastAt(filter, asOf));
  const was = await then.hint(hint).sort(sort).limit(limit).toArray();
  const past = was.map(({ key, row }) => ({
    key,
    stream: undefined,
    row: JSON.parse(row) as ViewRow,
  }));
  const order = { orderBy: query.orderBy, descending: query.descending === true };
  const placeOf = (row: ViewRow): readonly Scalar[] =>
    query.orderBy.map((field) => (row as Readonly<Record<string, Scalar>>)[field] ?? null);
  const all = [...current, ...past];
  return all.toSorted((a, b) => compareAt(a.row, placeOf(b.row), order)).slice(0, limit);
}

export async function countRows(
  file: MongoViewsFile,
  view: KeptView,
  { query, served }: Asked<Where<ViewRow>>,
): Promise<number> {
  const filter = filterOf(query, served);
  const [hint, { asOf }] = [servingKey(view, served), query];
  const current = await file.rows(view.name).countDocuments(currentAt(filter, asOf), { hint });
  if (asOf === undefined) return current;
  return current + (await file.past(view.name).countDocuments(pastAt(filter, asOf), { hint }));
}

interface Group {
  readonly _id: Scalar;
  readonly count: number;
}

/** How many rows have which value of a field, in the order of the values. */
export async function groupRows(
  file: MongoViewsFile,
  view: KeptView,
  { field, query, served }: Asked<Where<ViewRow>> & { readonly field: string },
): Promise<readonly Group[]> {
  const filter = filterOf(query, served);
  const [hint, { asOf }] = [servingKey(view, served), query];
  const steps = (matching: Filter) => [
    { $match: matching },
    { $group: { _id: `$f_${field}`, count: { $sum: 1 } } },
    { $sort: { _id: 1 } },
  ];
  const now = steps(currentAt(filter, asOf));
  const current = await file.rows(view.name).aggregate<Group>(now, { hint }).toArray();
  if (asOf === undefined) return current;
  const then = steps(pastAt(filter, asOf));
  const past = await file.past(view.name).aggregate<Group>(then, { hint }).toArray();
  const sums = new Map<Scalar, number>();
  for (const { _id, count } of [...current, ...past]) sums.set(_id, (sums.get(_id) ?? 0) + count);
  const groups = [...sums].map(([_id, count]) => ({ _id, count }));
  return groups.toSorted((a, b) => compareAt({ _id: a._id }, [b._id], { orderBy: ['_id'] }));
}

function currentAt(filter: Filter, asOf: number | undefined): Filter {
  return asOf === undefined ? filter : { $and: [filter, { since: { $lte: asOf } }] };
}

function pastAt(filter: Filter, asOf: number): Filter {
  return { $and: [filter, { since: { $lte: asOf } }, { until: { $gt: asOf } }] };
}
