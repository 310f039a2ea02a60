import type { Recorded } from '#libs/event';
import type { EventFeed } from '#libs/event-log';
import { NotGoneBack, NotTemporal, RowParked } from './faults.js';
import { Folding, type Held, type Parked, type Past, type Unparked } from './folding.js';
import { compare, compareAt, matches, ordered } from './memory-order.js';
import type { GroupCount, Query, Where } from './query.js';
import { servedBy } from './served-by.js';
import type { Scalar, View, ViewRow } from './view.js';
import type { Generations, Park, Rebuilt, StoreStatus, ViewStore } from './view-store.js';

/** Events that a rebuild reads at once. */
const SLICE = 500;

interface Kept {
  readonly generation: number;
  readonly tables: ReadonlyMap<string, Table>;
  readonly unparked: Unparked[];
  applied: number;
}

interface Table {
  readonly rows: Map<string, Held>;
  readonly past: Past[];
  readonly parks: Map<string, Parked>;
}

/** Views that live as long as the process: the plain meaning of a view, for tests. */
export function openMemoryViews(views: readonly View[]): ViewStore & Generations {
  return new MemoryViews(views);
}

class MemoryViews implements ViewStore, Generations {
  readonly isOutdated = false;
  private kept: Kept;
  private before: Kept | undefined;

  constructor(private readonly views: readonly View[]) {
    this.kept = nothing(views, 1);
  }

  /** Between two slices others have their turn, as often as the log is asked. */
  async rebuild(log: EventFeed): Promise<Rebuilt> {
    const next = new MemoryViews(this.views);
    const generation = this.kept.generation + 1;
    for (let head = await log.head(); next.kept.applied < head; head = await log.head()) {
      await next.apply(await log.read(next.kept.applied, SLICE));
    }
    this.before = this.kept;
    this.kept = { ...next.kept, generation };
    return { generation, comparisons: null };
  }

  /** What came since is applied when the next one asks. */
  async back(): Promise<number> {
    if (this.before === undefined) {
      throw new NotGoneBack('there is no generation before to go back to');
    }
    [this.kept, this.before] = [this.before, this.kept];
    return this.kept.generation;
  }

  status(): StoreStatus {
    const { generation, applied: position } = this.kept;
    const views = this.views.map(
      ({ name, version }) => ({ name, version, state: 'live', position }) as const,
    );
    return { generation, before: this.before?.generation ?? null, views, rebuild: null };
  }

  async position(): Promise<number> {
    return this.kept.applied;
  }

  async apply(events: readonly Recorded[]): Promise<void> {
    const folding = this.folding();
    for (const recorded of events) {
      if (recorded.position < this.kept.applied) continue;
      folding.fold(recorded);
      this.kept.applied = recorded.position + 1;
    }
    this.take(folding);
  }

  async retry(name: string, stream: string): Promise<boolean> {
    const view = this.views.find((each) => each.name === name);
    if (view === undefined) return false;
    const folding = this.folding();
    const isTakenUp = folding.retry(view, stream);
    this.take(folding);
    return isTakenUp;
  }

  async parked(): Promise<readonly Park[]> {
    const parks = this.views.flatMap(({ name }) =>
      [...this.tableOf(name).parks].map(([stream, { waiting, ...park }]) => ({
        ...park,
        view: name,
        stream,
        waiting: waiting.length,
      })),
    );
    return parks.toSorted((a, b) => a.position - b.position);
  }

  async get<Row extends ViewRow>(
    view: View<Row>,
    key: string,
    { asOf }: { readonly asOf?: number } = {},
  ): Promise<Row | undefined> {
    const { rows, past, parks } = this.tableOf(view.name);
    assertTemporal(view, asOf);
    if (asOf !== undefined) this.assertNotParkedThen(view, key, asOf);
    const held = rows.get(key);
    for (const [stream, { position, key: failed, reason }] of parks) {
      const isBehind = asOf !== undefined && asOf < position;
      if (!isBehind && (failed === key || held?.stream === stream)) {
        throw new RowParked(view.name, key, stream, position, reason);
      }
    }
    if (asOf === undefined || (held !== undefined && held.since <= asOf)) {
      return held?.row as Row | undefined;
    }
    const was = past.find((each) => each.key === key && each.from <= asOf && asOf < each.to);
    return was?.row as Row | undefined;
  }

  async find<Row extends ViewRow>(view: View<Row>, query: Query<Row>): Promise<readonly Row[]> {
    this.assertServed(view, query, query.orderBy);
    const { after, limit } = query;
    const found = ordered(this.matching(view, query), query)
      .filter((row) => after === undefined || compareAt(row, after, query) > 0)
      .slice(0, limit);
    await this.assertShown(view, found, query);
    return found;
  }

  async count<Row extends ViewRow>(view: View<Row>, where: Where<Row>): Promise<number> {
    this.assertServed(view, where, []);
    return this.matching(view, where).length;
  }

  async countBy<Row extends ViewRow>(
    view: View<Row>,
    field: keyof Row & string,
    where: Where<Row>,
  ): Promise<readonly GroupCount[]> {
    this.assertServed(view, where, [field]);
    const counts = new Map<Scalar, number>();
    for (const row of ordered(this.matching(view, where), { orderBy: [field] })) {
      const value = (row[field] ?? null) as Scalar;
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts].map(([value, count]) => ({ value, count }));
  }

  async page<Row extends ViewRow>(
    view: View<Row>,
    after: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly row: Row }[]> {
    return [...this.tableOf(view.name).rows]
      .filter(([key]) => compare(key, after) > 0)
      .toSorted(([a], [b]) => compare(a, b))
      .slice(0, limit)
      .map(([key, { row }]) => ({ key, row: row as Row }));
  }

  async close(): Promise<void> {
    for (const { rows } of this.kept.tables.values()) rows.clear();
  }

  private folding(): Folding {
    return new Folding(this.views, {
      held: ({ name }, key) => this.tableOf(name).rows.get(key),
      parked: ({ name }, stream) => this.tableOf(name).parks.get(stream),
    });
  }

  private take({ changes, unparked }: Folding): void {
    for (const [{ name }, changed] of changes) {
      const table = this.tableOf(name);
      put(table.rows, changed.rows);
      put(table.parks, changed.parks);
      table.past.push(...changed.past);
    }
    this.kept.unparked.push(...unparked);
  }

  private tableOf(name: string): Table {
    const table = this.kept.tables.get(name);
    if (table === undefined) throw new Error(`view ${name} is not kept in this store`);
    return table;
  }

  private assertServed<Row extends ViewRow>(
    view: View<Row>,
    where: Where<Row>,
    orderBy: readonly string[],
  ): void {
    assertTemporal(view, where.asOf);
    servedBy({ ...view, where: where as Where<ViewRow>, orderBy });
  }

  private async assertShown<Row extends ViewRow>(
    view: View<Row>,
    found: readonly Row[],
    { asOf }: { readonly asOf?: number },
  ): Promise<void> {
    const { rows, parks } = this.tableOf(view.name);
    if (parks.size === 0) return;
    const at = asOf === undefined ? {} : { asOf };
    const shown = new Set<ViewRow>(found);
    for (const [key, { row }] of rows) if (shown.has(row)) await this.get(view, key, at);
  }

  private assertNotParkedThen(view: Pick<View, 'name'>, key: string, asOf: number): void {
    const stream = this.tableOf(view.name).rows.get(key)?.stream;
    const then = this.kept.unparked.find(
      (each) =>
        each.view === view.name &&
        (each.key === key || each.stream === stream) &&
        each.position <= asOf &&
        asOf < each.until,
    );
    if (then === undefined) return;
    throw new RowParked(view.name, key, then.stream, then.position, 'it was skipped later');
  }

  private matching<Row extends ViewRow>(view: View<Row>, where: Where<Row>): readonly Row[] {
    const { rows, past } = this.tableOf(view.name);
    const { asOf } = where;
    const held = [...rows.values()].filter(({ since }) => asOf === undefined || since <= asOf);
    const was = asOf === undefined ? [] : past.filter(({ from, to }) => from <= asOf && asOf < to);
    return [...held, ...was].map(({ row }) => row as Row).filter((row) => matches(row, where));
  }
}

function nothing(views: readonly View[], generation: number): Kept {
  const tables = new Map(
    views.map(({ name }) => [name, { rows: new Map(), past: [], parks: new Map() }]),
  );
  return { generation, tables, unparked: [], applied: 0 };
}

function assertTemporal(
  { name, temporal }: Pick<View, 'name' | 'temporal'>,
  asOf: number | undefined,
): void {
  if (asOf !== undefined && !temporal) throw new NotTemporal(name);
}

function put<Key, Value>(
  into: Map<Key, Value>,
  changes: ReadonlyMap<Key, Value | undefined>,
): void {
  for (const [key, value] of changes) {
    if (value === undefined) into.delete(key);
    else into.set(key, value);
  }
}
