import type { Recorded } from '#libs/event';
import { IndexMissing, NotTemporal, RowParked, ViewsBehind } from './faults.js';
import { countRows, findRows, groupRows } from './mongo-queries.js';
import type { MongoViewsFile } from './mongo-views-file.js';
import { type HeldViews, MongoWriter } from './mongo-writer.js';
import type { GroupCount, Query, Where } from './query.js';
import { type Served, servedBy } from './served-by.js';
import type { FiledView } from './sqlite-file.js';
import type { Scalar, View, ViewRow } from './view.js';
import type { Park, ViewStore } from './view-store.js';

const MADE_ANEW = 'it is made anew';

type AnyQuery = Query<ViewRow>;
type AnyWhere = Where<ViewRow>;

/** Opens one generation. Of views that another definition made, it shows the rows. */
export async function openMongoViewsFile(
  file: MongoViewsFile,
  views: readonly View[],
): Promise<MongoViews> {
  const made = await file.prepare(views);
  const same = new Set(views.map(({ fingerprint }) => fingerprint));
  const filed = made.views.map((view) => {
    const isFrozen = view.frozenAt !== null || same.has(view.fingerprint);
    return isFrozen ? view : { ...view, frozenAt: made.applied };
  });
  if (filed.some(({ frozenAt }, at) => frozenAt !== made.views[at]?.frozenAt)) {
    await file.freeze(filed);
  }
  const [parks, unparked, gone] = await Promise.all([
    file.parks(),
    file.unparkedBefore(),
    file.goneRows(),
  ]);
  return new MongoViews(file, views, filed, { applied: made.applied, parks, unparked, gone });
}

/** Views in MongoDB: one generation, written by one process. */
export class MongoViews implements ViewStore {
  /** The views that go on; the others' rows are those of another definition, or not there. */
  readonly projected: readonly View[];
  private readonly opened: number;
  private readonly writer: MongoWriter;
  private readonly stale = new Map<string, Set<string>>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly file: MongoViewsFile,
    readonly views: readonly View[],
    readonly filed: readonly FiledView[],
    held: HeldViews,
  ) {
    this.opened = held.applied;
    const live = new Set(
      filed.filter(({ frozenAt }) => frozenAt === null).map(({ fingerprint }) => fingerprint),
    );
    this.projected = views.filter(({ fingerprint }) => live.has(fingerprint));
    this.writer = new MongoWriter(file, this.projected, held);
  }

  get changed(): readonly View[] {
    return this.views.filter((view) => !this.projected.includes(view));
  }

  get reached(): number {
    return this.writer.applied;
  }

  async position(): Promise<number> {
    return this.writer.applied;
  }

  apply(events: readonly Recorded[]): Promise<void> {
    return this.alone(async () => {
      const news = await this.writer.apply(events);
      for (const view of this.changed) this.noteStale(view, news);
    });
  }

  retry(name: string, stream: string): Promise<boolean> {
    return this.alone(async () => {
      const view = this.projected.find((each) => each.name === name);
      if (view === undefined) return false;
      return this.writer.retry(view, stream);
    });
  }

  async parked(): Promise<readonly Park[]> {
    const parks = [...this.writer.parks].flatMap(([view, of]) =>
      [...of].map(([stream, { waiting, ...park }]) => ({
        ...park,
        ...{ view, stream, waiting: waiting.length },
      })),
    );
    return parks.toSorted((a, b) => a.position - b.position);
  }

  async get<Row extends ViewRow>(
    { name }: View<Row>,
    key: string,
    { asOf }: { readonly asOf?: number } = {},
  ): Promise<Row | undefined> {
    const then = async (): Promise<Row | undefined> => {
      this.mustKeep(name, asOf);
      const held = (await this.file.held(name, [key])).get(key);
      this.assertNotStale(name, asOf, held?.stream);
      this.assertNotParked({ view: name, key, stream: held?.stream }, asOf);
      if (asOf === undefined) return held?.row as Row | undefined;
      if (held !== undefined && held.since <= asOf) return held.row as Row;
      const was = await this.file
        .past(name)
        .find({ key, since: { $lte: asOf }, until: { $gt: asOf } })
        .sort({ since: -1 })
        .limit(1)
        .toArray();
      return was[0] && (JSON.parse(was[0].row) as Row);
    };
    // A row that has just become one of the past is in two places for a moment.
    return asOf === undefined ? then() : this.alone(then);
  }

  async find<Row extends ViewRow>({ name }: View<Row>, query: Query<Row>): Promise<readonly Row[]> {
    return (await this.found(name, query as unknown as AnyQuery)) as readonly Row[];
  }

  async count<Row extends ViewRow>({ name }: View<Row>, where: Where<Row>): Promise<number> {
    const asked = conditionsIn(where as AnyWhere);
    this.assertNotStale(name, asked.asOf);
    const served = this.servedBy(name, asked, []);
    const { asOf } = asked;
    const count = () => countRows(this.file, this.mustKeep(name), { query: asked, served });
    return asOf === undefined ? count() : this.alone(count);
  }

  async countBy<Row extends ViewRow>(
    { name }: View<Row>,
    field: keyof Row & string,
    where: Where<Row>,
  ): Promise<readonly GroupCount[]> {
    const asked = conditionsIn(where as AnyWhere);
    this.assertNotStale(name, asked.asOf);
    const served = this.servedBy(name, asked, [field]);
    const { asOf } = asked;
    const count = () => groupRows(this.file, this.mustKeep(name), { field, served, query: asked });
    const groups = await (asOf === undefined ? count() : this.alone(count));
    const counted: GroupCount[] = [];
    for (const { _id: value, count } of groups) {
      // The column has 1 for true and for 1: a row of the group knows which.
      const equals = { ...asked.equals, [field]: value } as never;
      const isDoubtful = value === 0 || value === 1;
      const one = { ...asked, equals, orderBy: [], limit: 1 } as unknown as AnyQuery;
      const [row] = isDoubtful ? await this.found(name, one) : [];
      const told = row === undefined ? value : (row as Readonly<Record<string, unknown>>)[field];
      counted.push({ value: (told ?? null) as Scalar, count });
    }
    return counted;
  }

  async page<Row extends ViewRow>(
    { name }: View<Row>,
    after: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly row: Row }[]> {
    this.assertNotStale(name);
    this.mustKeep(name);
    if (limit === 0) return [];
    const rows = this.file.rows(name).find({ _id: { $gt: after } });
    const found = await rows.sort({ _id: 1 }).limit(limit).toArray();
    return found.map(({ _id, row }) => ({ key: _id, row: JSON.parse(row) as Row }));
  }

  async close(): Promise<void> {
    await this.turn;
  }

  private alone<Done>(work: () => Promise<Done>): Promise<Done> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async found(name: string, query: AnyQuery): Promise<readonly ViewRow[]> {
    this.assertNotStale(name, query.asOf);
    const served = this.servedBy(name, query, query.orderBy);
    if (query.limit === 0) return [];
    const { asOf } = query;
    const find = () => findRows(this.file, this.mustKeep(name), { query, served });
    const rows = await (asOf === undefined ? find() : this.alone(find));
    return rows.map(({ key, stream, row }) => {
      this.assertNotParked({ view: name, key, stream }, asOf);
      return row;
    });
  }

  private mustKeep(name: string, asOf?: number): FiledView {
    const found = this.filed.find((each) => each.name === name);
    if (found === undefined) {
      if (!this.views.some((view) => view.name === name)) {
        throw new Error(`view ${name} is not kept in this store`);
      }
      throw new ViewsBehind(name, 0, this.writer.applied, 'it is being made');
    }
    if (asOf !== undefined && !found.temporal) {
      this.assertNotMadeAnew(name);
      throw new NotTemporal(name);
    }
    return found;
  }

  private noteStale(view: View, events: readonly Recorded[]): void {
    const streams = this.stale.get(view.name) ?? new Set();
    for (const { stream, event } of events) {
      if (view.takes.has(event.type) && view.ofStream(stream)) streams.add(stream);
    }
    this.stale.set(view.name, streams);
  }

  /** As in SQLite: a row of another definition is right until something happens to it. */
  private assertNotStale(name: string, asOf = Infinity, stream?: string): void {
    const frozenAt = this.filed.find((each) => each.name === name)?.frozenAt ?? null;
    if (frozenAt === null || asOf < frozenAt) return;
    const stale = this.stale.get(name);
    const isStale = stream === undefined ? (stale?.size ?? 0) > 0 : stale?.has(stream) === true;
    if (isStale || frozenAt < this.opened) {
      throw new ViewsBehind(name, frozenAt, this.writer.applied, MADE_ANEW);
    }
  }

  private servedBy(name: string, where: AnyWhere, orderBy: readonly string[]): Served {
    const { indexes } = this.mustKeep(name, where.asOf);
    try {
      return servedBy({ name, indexes, where, orderBy });
    } catch (error) {
      if (error instanceof IndexMissing) this.assertNotMadeAnew(name);
      throw error;
    }
  }

  private assertNotMadeAnew(name: string): void {
    const filed = this.filed.find((each) => each.name === name);
    if (filed === undefined || this.projected.some((view) => view.name === name)) return;
    throw new ViewsBehind(
      name,
      filed.frozenAt ?? this.writer.applied,
      this.writer.applied,
      MADE_ANEW,
    );
  }

  private assertNotParked(
    { view, key, stream }: { view: string; key: string; stream: string | undefined },
    asOf = Infinity,
  ): void {
    for (const [parked, { position, key: failed, reason }] of this.writer.parks.get(view) ?? []) {
      if (position > asOf || (failed !== key && parked !== stream)) continue;
      throw new RowParked(view, key, parked, position, reason);
    }
    if (asOf === Infinity) return;
    for (const each of this.writer.unparked) {
      const isIt = each.view === view && (each.key === key || each.stream === stream);
      if (!isIt || each.position > asOf || asOf >= each.until) continue;
      throw new RowParked(view, key, each.stream, each.position, 'it was skipped later');
    }
  }
}

function conditionsIn({ equals, under, range, asOf }: AnyWhere): AnyWhere {
  return {
    ...(equals && { equals }),
    ...(under && { under }),
    ...(range && { range }),
    ...(asOf !== undefined && { asOf }),
  };
}
