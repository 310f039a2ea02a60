import type { Recorded } from '#libs/event';
import type { Query, Scalar, View, ViewRow, ViewStore, Where } from './view.js';

/** Views that live as long as the process: the plain meaning of a view, for tests. */
export function openMemoryViews(views: readonly View[]): ViewStore {
  let tables = new Map(views.map((view) => [view.name, new Map<string, ViewRow>()]));
  let position = 0;

  function tableOf<Row extends ViewRow>(view: View<Row>): Map<string, Row> {
    const table = tables.get(view.name);
    if (table === undefined) throw new Error(`view ${view.name} is not kept in this store`);
    return table as Map<string, Row>;
  }

  function applyOne(recorded: Recorded): void {
    for (const view of views) {
      const key = view.keyOf(recorded);
      if (key === undefined) continue;
      const row = view.evolve(tableOf(view).get(key), recorded);
      if (row === undefined) tableOf(view).delete(key);
      else tableOf(view).set(key, row);
    }
    position = recorded.position + 1;
  }

  function applyAll(events: readonly Recorded[]): void {
    const before = { tables, position };
    tables = new Map([...tables].map(([name, rows]) => [name, new Map(rows)]));
    try {
      for (const recorded of events) if (recorded.position >= position) applyOne(recorded);
    } catch (error) {
      ({ tables, position } = before);
      throw error;
    }
  }

  function matching<Row extends ViewRow>(view: View<Row>, where: Where<Row>): readonly Row[] {
    return [...tableOf(view).values()].filter((row) => matches(row, where));
  }

  return {
    position: async () => position,
    apply: async (events) => applyAll(events),
    get: async (view, key) => tableOf(view).get(key),
    find: async (view, query) =>
      matching(view, query)
        .filter((row) => query.after === undefined || compare(at(row, query), query.after) > 0)
        .toSorted((a, b) => compare(at(a, query), at(b, query)))
        .slice(0, query.limit),
    count: async (view, where) => matching(view, where).length,
    close: async () => tables.clear(),
  };
}

function matches<Row extends ViewRow>(row: Row, { equals, under }: Where<Row>): boolean {
  const same = Object.entries(equals ?? {}).every(
    ([field, value]) => row[field as keyof Row] === value,
  );
  return same && (under === undefined || begins(row[under.field], under.prefix));
}

/** Everything begins with nothing, what is not a text as well. */
function begins(value: unknown, prefix: string): boolean {
  return prefix === '' || (typeof value === 'string' && value.startsWith(prefix));
}

function at<Row extends ViewRow>(row: Row, { orderBy }: Query<Row>): readonly Scalar[] {
  return orderBy.map((field) => row[field] as Scalar);
}

function compare(a: readonly Scalar[], b: readonly Scalar[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? null;
    if (value === other) continue;
    // As SQLite orders: nothing comes before something.
    if (value === null) return -1;
    if (other === null) return 1;
    return before(value, other) ? -1 : 1;
  }
  return 0;
}

/** Texts by their UTF-8 bytes: SQLite and MongoDB do so, JavaScript compares UTF-16 units. */
function before(value: string | number | boolean, other: string | number | boolean): boolean {
  if (typeof value !== 'string' || typeof other !== 'string') return value < other;
  return Buffer.compare(Buffer.from(value), Buffer.from(other)) < 0;
}
