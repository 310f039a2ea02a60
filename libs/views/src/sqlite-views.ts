import type { StatementSync } from 'node:sqlite';
import type { Recorded } from '#libs/event';
import { IndexMissing, NotTemporal, RowParked, ViewsBehind } from './faults.js';
import { Folding } from './folding.js';
import { FrozenRows, MADE_ANEW } from './frozen-rows.js';
import type { GroupCount, Query, Where } from './query.js';
import { servedBy } from './served-by.js';
import type { Selection } from './sqlite-conditions.js';
import { type FiledView, openSqliteFile, type SqliteFile, type Writing } from './sqlite-file.js';
import { type KeptView, selectCount, selectGroups, selectRows, sqlValue } from './sqlite-sql.js';
import type { SqliteTable } from './sqlite-table.js';
import type { Scalar, View, ViewRow } from './view.js';
import type { Park, ViewStore } from './view-store.js';

/** Statements that are kept ready; each is one shape of a query. */
const STATEMENTS_MAX = 500;

type AnyQuery = Query<ViewRow>;
type AnyWhere = Where<ViewRow>;

/** Opens one file of views, new or not. Of views that another definition made, it shows the rows. */
export function openSqliteViewsFile(
  path: string,
  views: readonly View[],
  writing: Writing = 'live',
): SqliteViews {
  return new SqliteViews(openSqliteFile(path, views, writing), views);
}

/** Views in a file of SQLite: one generation. */
export class SqliteViews implements ViewStore {
  /** The views that go on; the others' rows are those of another definition, or not there. */
  readonly projected: readonly View[];
  private readonly frozen: FrozenRows;
  private readonly statements = new Map<string, StatementSync>();

  constructor(
    private readonly file: SqliteFile,
    readonly views: readonly View[],
  ) {
    const live = new Set(
      file.filed.filter(({ frozenAt }) => frozenAt === null).map(({ fingerprint }) => fingerprint),
    );
    this.projected = views.filter(({ fingerprint }) => live.has(fingerprint));
    this.frozen = new FrozenRows(file.filed, file.position());
  }

  /** The views of this version that the file does not keep up. */
  get changed(): readonly View[] {
    return this.views.filter((view) => !this.projected.includes(view));
  }

  get filed(): readonly FiledView[] {
    return this.file.filed;
  }

  /** The first position that has not been read. */
  get reached(): number {
    return this.file.position();
  }

  async position(): Promise<number> {
    return this.reached;
  }

  async apply(events: readonly Recorded[]): Promise<void> {
    const before = this.reached;
    if (events.every(({ position }) => position < before)) return;
    this.file.save(() => {
      const done = this.folding();
      let position = before;
      for (const recorded of events) {
        if (recorded.position < position) continue;
        done.fold(recorded);
        position = recorded.position + 1;
      }
      return { done, position };
    });
    for (const view of this.changed) this.frozen.note(view, events, before);
  }

  async retry(name: string, stream: string): Promise<boolean> {
    const view = this.projected.find((each) => each.name === name);
    if (view === undefined) return false;
    let isTakenUp = false;
    this.file.save(() => {
      const done = this.folding();
      isTakenUp = done.retry(view, stream);
      return { done, position: this.reached };
    });
    return isTakenUp;
  }

  async parked(): Promise<readonly Park[]> {
    const parks = [...this.file.parks].flatMap(([name, of]) =>
      [...of].map(([stream, { waiting, ...park }]) => ({
        ...park,
        view: name,
        stream,
        waiting: waiting.length,
      })),
    );
    return parks.toSorted((a, b) => a.position - b.position);
  }

  async get<Row extends ViewRow>(
    { name }: View<Row>,
    key: string,
    { asOf }: { readonly asOf?: number } = {},
  ): Promise<Row | undefined> {
    const table = this.tableOf(name, asOf);
    const held = table.held(key);
    this.assertNotStale(name, asOf, held?.stream);
    this.assertNotParked({ view: name, key, stream: held?.stream }, asOf);
    if (asOf === undefined) return held?.row as Row | undefined;
    if (held !== undefined && held.since <= asOf) return held.row as Row;
    return table.past(key, asOf) as Row | undefined;
  }

  async find<Row extends ViewRow>({ name }: View<Row>, query: Query<Row>): Promise<readonly Row[]> {
    return this.rows(name, query as unknown as AnyQuery) as readonly Row[];
  }

  async count<Row extends ViewRow>({ name }: View<Row>, where: Where<Row>): Promise<number> {
    const asked = conditionsIn(where as AnyWhere);
    this.assertNotStale(name, asked.asOf);
    const served = this.servedBy(name, asked, []);
    const [counted] = this.all(selectCount(this.tableOf(name, where.asOf).view, asked, served));
    return Number(counted?.[0]);
  }

  async countBy<Row extends ViewRow>(
    view: View<Row>,
    field: keyof Row & string,
    where: Where<Row>,
  ): Promise<readonly GroupCount[]> {
    const asked = conditionsIn(where as AnyWhere);
    this.assertNotStale(view.name, asked.asOf);
    const served = this.servedBy(view.name, asked, [field]);
    const { view: kept } = this.tableOf(view.name, where.asOf);
    const groups = this.all(selectGroups(kept, { field, where: asked }, served));
    return groups.map(([value, count]) => {
      // The column has 1 for true and for 1: a row of the group knows which.
      const equals = { ...asked.equals, [field]: value };
      const isDoubtful = value === 0 || value === 1;
      const [row] = isDoubtful
        ? this.rows(view.name, { ...asked, equals, orderBy: [], limit: 1 })
        : [];
      const told = row === undefined ? value : (row as Readonly<Record<string, unknown>>)[field];
      return { value: (told ?? null) as Scalar, count: Number(count) };
    });
  }

  async page<Row extends ViewRow>(
    { name }: View<Row>,
    after: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly row: Row }[]> {
    this.assertNotStale(name);
    return this.tableOf(name).page(after, limit) as { key: string; row: Row }[];
  }

  /** How SQLite runs what was asked so far, each shape of a query once. */
  plans(): readonly { readonly sql: string; readonly plan: readonly string[] }[] {
    return [...this.statements.keys()].map((sql) => {
      const steps = this.file.db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
      return { sql, plan: steps.map(({ detail }) => String(detail)) };
    });
  }

  /** Writes down what waits of full batches; whoever asks does so as well. */
  settle(): void {
    this.file.settle();
  }

  /** Ends filling in bulk, step by step. */
  completing(): Iterable<undefined> {
    return this.file.completing();
  }

  async close(): Promise<void> {
    this.file.close();
  }

  private folding(): Folding {
    const { held, parks } = this.file;
    return new Folding(this.projected, {
      held: ({ name }, key) => held(name, key),
      parked: ({ name }, stream) => {
        const of = parks.get(name);
        return of === undefined || of.size === 0 ? undefined : of.get(stream);
      },
    });
  }

  private tableOf(name: string, asOf?: number): SqliteTable {
    this.file.settle();
    const table = this.file.tables.get(name);
    if (table === undefined) {
      if (!this.views.some((view) => view.name === name)) {
        throw new Error(`view ${name} is not kept in this store`);
      }
      throw new ViewsBehind(name, 0, this.reached, 'it is being made');
    }
    if (asOf !== undefined && !table.view.temporal) {
      this.assertNotMadeAnew(name);
      throw new NotTemporal(name);
    }
    return table;
  }

  private rows(name: string, query: AnyQuery): readonly ViewRow[] {
    this.assertNotStale(name, query.asOf);
    const served = this.servedBy(name, query, query.orderBy);
    const rows = this.all(selectRows(this.tableOf(name, query.asOf).view, query, served));
    const hasParks = (this.file.parks.get(name)?.size ?? 0) > 0;
    return rows.map(([row, key, stream]) => {
      const known = query.asOf === undefined ? String(stream) : undefined;
      const asked = { view: name, key: String(key), stream: known };
      if (hasParks) this.assertNotParked(asked, query.asOf);
      return JSON.parse(row as string) as ViewRow;
    });
  }

  private assertNotStale(name: string, asOf?: number, stream?: string): void {
    this.frozen.assertNotStale(name, this.reached, asOf, stream);
  }

  private servedBy(name: string, where: AnyWhere, orderBy: readonly string[]) {
    const { indexes }: KeptView = this.tableOf(name, where.asOf).view;
    try {
      return servedBy({ name, indexes, where, orderBy });
    } catch (error) {
      if (error instanceof IndexMissing) this.assertNotMadeAnew(name);
      throw error;
    }
  }

  /** What the old rows cannot answer, the new ones will. */
  private assertNotMadeAnew(name: string): void {
    const filed = this.filed.find((each) => each.name === name);
    if (filed === undefined || this.projected.some((view) => view.name === name)) return;
    throw new ViewsBehind(name, filed.frozenAt ?? this.reached, this.reached, MADE_ANEW);
  }

  private assertNotParked(
    { view, key, stream }: { view: string; key: string; stream: string | undefined },
    asOf = Infinity,
  ): void {
    for (const [parked, { position, key: failed, reason }] of this.file.parks.get(view) ?? []) {
      if (position > asOf || (failed !== key && parked !== stream)) continue;
      throw new RowParked(view, key, parked, position, reason);
    }
    if (asOf === Infinity) return;
    for (const each of this.file.unparked()) {
      const isIt = each.view === view && (each.key === key || each.stream === stream);
      if (!isIt || each.position > asOf || asOf >= each.until) continue;
      throw new RowParked(view, key, each.stream, each.position, 'it was skipped later');
    }
  }

  private all({ sql, values }: Selection): readonly (readonly unknown[])[] {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      if (this.statements.size >= STATEMENTS_MAX) this.statements.clear();
      statement = this.file.db.prepare(sql);
      statement.setReturnArrays(true);
      this.statements.set(sql, statement);
    }
    return statement.all(...values.map(sqlValue)) as unknown as readonly (readonly unknown[])[];
  }
}

/** A query may be handed over as it is, its page with it: what is counted has none. */
function conditionsIn({ equals, under, range, asOf }: AnyWhere): AnyWhere {
  return {
    ...(equals && { equals }),
    ...(under && { under }),
    ...(range && { range }),
    ...(asOf !== undefined && { asOf }),
  };
}
