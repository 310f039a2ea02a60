import type { StatementSync } from 'node:sqlite';
import type { Recorded } from '#libs/event';
import { IndexMissing, NotTemporal, RowParked, ViewsBehind } from './faults.js';
import { Folding } from './folding.js';
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
const MADE_ANEW = 'it is made anew';

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
  private applied: number;
  /** How far the file was when it was opened. */
  private readonly opened: number;
  /** The views that do not go on, and where they stopped. */
  private readonly frozen = new Map<string, number>();
  private readonly statements = new Map<string, StatementSync>();
  /** Of the views that another definition made: the streams that went on without them. */
  private readonly stale = new Map<string, Set<string>>();

  constructor(
    private readonly file: SqliteFile,
    readonly views: readonly View[],
  ) {
    const live = new Set(
      file.filed.filter(({ frozenAt }) => frozenAt === null).map(({ fingerprint }) => fingerprint),
    );
    this.projected = views.filter(({ fingerprint }) => live.has(fingerprint));
    this.applied = file.position();
    this.opened = this.applied;
    for (const { name, frozenAt } of file.filed) {
      if (frozenAt !== null) this.frozen.set(name, frozenAt);
    }
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
    return this.applied;
  }

  async position(): Promise<number> {
    return this.applied;
  }

  async apply(events: readonly Recorded[]): Promise<void> {
    const folding = this.folding();
    let position = this.applied;
    for (const recorded of events) {
      if (recorded.position < position) continue;
      folding.fold(recorded);
      position = recorded.position + 1;
    }
    if (position === this.applied) return;
    this.file.save(folding, position);
    for (const view of this.changed) this.noteStale(view, events);
    this.applied = position;
  }

  async retry(name: string, stream: string): Promise<boolean> {
    const view = this.projected.find((each) => each.name === name);
    if (view === undefined) return false;
    const folding = this.folding();
    const isTakenUp = folding.retry(view, stream);
    this.file.save(folding, this.applied);
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

  /** Ends filling in bulk. */
  complete(): void {
    this.file.complete();
  }

  async close(): Promise<void> {
    this.file.close();
  }

  private folding(): Folding {
    const { tables, parks } = this.file;
    return new Folding(this.projected, {
      held: ({ name }, key) => tables.get(name)?.held(key),
      parked: ({ name }, stream) => parks.get(name)?.get(stream),
    });
  }

  private tableOf(name: string, asOf?: number): SqliteTable {
    const table = this.file.tables.get(name);
    if (table === undefined) {
      if (!this.views.some((view) => view.name === name)) {
        throw new Error(`view ${name} is not kept in this store`);
      }
      throw new ViewsBehind(name, 0, this.applied, 'it is being made');
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

  private noteStale(view: View, events: readonly Recorded[]): void {
    const streams = this.stale.get(view.name) ?? new Set();
    for (const { position, stream, event } of events) {
      if (position >= this.applied && view.takes.has(event.type) && view.ofStream(stream))
        streams.add(stream);
    }
    this.stale.set(view.name, streams);
  }

  /**
   * Rows that another definition made are right until something happens to them, which they are not
   * told: then they are not shown, and nothing is decided on them.
   *
   * @param stream of the one row that is asked for; of all rows unless given
   */
  private assertNotStale(name: string, asOf = Infinity, stream?: string): void {
    const frozenAt = this.frozen.get(name);
    if (frozenAt === undefined || asOf < frozenAt) return;
    const stale = this.stale.get(name);
    const isStale = stream === undefined ? (stale?.size ?? 0) > 0 : stale?.has(stream) === true;
    // What came in an earlier run, before the new rows were made, is not known any more.
    const isUnknown = frozenAt < this.opened;
    if (isStale || isUnknown) throw new ViewsBehind(name, frozenAt, this.applied, MADE_ANEW);
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
    throw new ViewsBehind(name, filed.frozenAt ?? this.applied, this.applied, MADE_ANEW);
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
