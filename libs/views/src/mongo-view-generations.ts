import type { Recorded } from '#libs/event';
import type { EventFeed } from '#libs/event-log';
import type { MongoCollection, MongoDatabase } from '#libs/mongo';
import type { Scheduler } from '#libs/scheduler';
import type { ViewComparison } from './compare-views.js';
import { GIVEN_UP } from './fill-views.js';
import { compareGenerations } from './mongo-comparison.js';
import { type MongoViews, openMongoViewsFile } from './mongo-views.js';
import { MongoViewsFile } from './mongo-views-file.js';
import type { GroupCount, Query, Where } from './query.js';
import type { View, ViewRow } from './view.js';
import type {
  Generations,
  Park,
  Rebuilding,
  Rebuilt,
  StoreStatus,
  ViewStore,
} from './view-store.js';
import type { ViewsPointer } from './views-pointer.js';

const BATCH = 1_000;

export interface MongoViewsOptions {
  readonly scheduler: Scheduler;
  /** Hears how far a new generation is. */
  readonly onProgress?: (progress: Rebuilding) => void;
  /** Awaited before they are read or written: another process may be writing them until then. */
  readonly after?: Promise<void>;
  /** Rejects while another process may write them: one that was asleep has old rows in hand. */
  readonly mustHold?: () => Promise<void>;
}

interface PointerDocument extends ViewsPointer {
  readonly _id: string;
}

/** Opens views in a database as they are; each call waits until that is done. */
export function openMongoViews(
  database: MongoDatabase,
  views: readonly View[],
  options: MongoViewsOptions,
): MongoViewGenerations {
  return new MongoViewGenerations(database, views, options);
}

/** 视图代 in MongoDB: a generation is a set of collections; one document says which answers. */
export class MongoViewGenerations implements ViewStore, Generations {
  /** Resolves when the generation that answers is read. */
  readonly opened: Promise<void>;
  private readonly pointers: MongoCollection<PointerDocument>;
  private pointer: ViewsPointer = { live: 1, before: null };
  private current: MongoViews | undefined;
  private building: Promise<Rebuilt> | undefined;
  private progress: Rebuilding | null = null;
  private isClosed = false;

  constructor(
    private readonly database: MongoDatabase,
    private readonly views: readonly View[],
    private readonly options: MongoViewsOptions,
  ) {
    this.pointers = database.collection<PointerDocument>('pointer');
    this.opened = this.open();
    this.opened.catch(() => undefined);
  }

  get isOutdated(): boolean {
    const { changed, filed } = this.live;
    return changed.length > 0 || filed.length !== this.views.length;
  }

  rebuild(log: EventFeed): Promise<Rebuilt> {
    this.building ??= this.build(log).finally(() => {
      this.building = undefined;
      this.progress = null;
    });
    return this.building;
  }

  async back(log: EventFeed): Promise<number> {
    await this.opened;
    const { before } = this.pointer;
    if (before === null)
      throw new Error('there is no generation before: none is kept to go back to');
    const store = await openMongoViewsFile(this.fileOf(before), this.views);
    await this.bringUp(log, store);
    await this.switchTo(before, store);
    return before;
  }

  status(): StoreStatus {
    const { live, before } = this.pointer;
    const views = this.views.map(({ name, version }) => {
      const filed = this.live.filed.find((each) => each.name === name);
      const isLive = this.live.projected.some((view) => view.name === name);
      if (isLive) return { name, version, state: 'live', position: this.live.reached } as const;
      const state = filed === undefined ? 'missing' : 'frozen';
      const position = filed?.frozenAt ?? 0;
      return { name, version: filed?.version ?? version, state, position } as const;
    });
    return { generation: live, before, views, rebuild: this.progress };
  }

  async position(): Promise<number> {
    return (await this.ready()).position();
  }

  async apply(events: readonly Recorded[]): Promise<void> {
    await (await this.ready()).apply(events);
  }

  async get<Row extends ViewRow>(view: View<Row>, key: string, at?: { readonly asOf?: number }) {
    return (await this.ready()).get(view, key, at);
  }

  async find<Row extends ViewRow>(view: View<Row>, query: Query<Row>): Promise<readonly Row[]> {
    return (await this.ready()).find(view, query);
  }

  async count<Row extends ViewRow>(view: View<Row>, where: Where<Row>): Promise<number> {
    return (await this.ready()).count(view, where);
  }

  async countBy<Row extends ViewRow>(
    view: View<Row>,
    field: keyof Row & string,
    where: Where<Row>,
  ): Promise<readonly GroupCount[]> {
    return (await this.ready()).countBy(view, field, where);
  }

  async page<Row extends ViewRow>(view: View<Row>, after: string, limit: number) {
    return (await this.ready()).page(view, after, limit);
  }

  async parked(): Promise<readonly Park[]> {
    return (await this.ready()).parked();
  }

  async retry(view: string, stream: string): Promise<boolean> {
    return (await this.ready()).retry(view, stream);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.opened.catch(() => undefined);
    await this.building?.catch(() => undefined);
    await this.current?.close();
  }

  private get live(): MongoViews {
    if (this.current !== undefined) return this.current;
    throw new Error('the views are not opened yet');
  }

  private async ready(): Promise<MongoViews> {
    await this.opened;
    return this.live;
  }

  private async open(): Promise<void> {
    await this.options.after;
    const found = await this.pointers.findOne({ _id: 'live' });
    if (found === null) await this.point(this.pointer);
    else this.pointer = { live: found.live, before: found.before };
    this.current = await openMongoViewsFile(this.fileOf(this.pointer.live), this.views);
  }

  private async build(log: EventFeed): Promise<Rebuilt> {
    await this.opened;
    const generation = Math.max(this.pointer.live, this.pointer.before ?? 0) + 1;
    const file = this.fileOf(generation);
    // What an attempt that was cut short has left behind is not to be gone on with.
    await file.drop();
    try {
      const store = await openMongoViewsFile(file, this.views);
      await this.fill(generation, log, store);
      await this.bringUp(log, store);
      const comparisons = this.isOutdated ? null : await this.compare(file);
      await this.bringUp(log, store);
      await this.switchTo(generation, store);
      return { generation, comparisons };
    } catch (error) {
      if (this.pointer.live !== generation) await file.drop().catch(() => undefined);
      throw error;
    }
  }

  private async fill(generation: number, log: EventFeed, store: MongoViews): Promise<void> {
    const total = await log.head();
    this.tell({ generation, done: 0, total });
    while (store.reached < total) {
      this.assertOpen();
      const events = await log.read(store.reached, Math.min(BATCH, total - store.reached));
      if (events.length === 0) throw new Error(`the log ends at ${store.reached} of ${total}`);
      await store.apply(events);
      this.tell({ generation, done: store.reached, total });
    }
  }

  /** Both stand at the same position when it resolves. */
  private async bringUp(log: EventFeed, next: MongoViews): Promise<void> {
    for (let head = await log.head(); next.reached < head || this.live.reached !== next.reached;) {
      this.assertOpen();
      const events = await log.read(Math.min(next.reached, this.live.reached), BATCH);
      if (events.length === 0) break;
      await Promise.all([next.apply(events), this.live.apply(events)]);
      head = await log.head();
    }
  }

  private compare(file: MongoViewsFile): Promise<readonly ViewComparison[]> {
    return compareGenerations(this.fileOf(this.pointer.live), file, this.views);
  }

  private async switchTo(generation: number, store: MongoViews): Promise<void> {
    this.assertOpen();
    const dropped = this.pointer.before;
    const pointer = { live: generation, before: this.pointer.live };
    await this.point(pointer);
    this.pointer = pointer;
    this.current = store;
    if (dropped !== null && dropped !== generation) await this.fileOf(dropped).drop();
  }

  private async point({ live, before }: ViewsPointer): Promise<void> {
    await this.pointers.replaceOne({ _id: 'live' }, { live, before }, { upsert: true });
  }

  private fileOf(generation: number): MongoViewsFile {
    return new MongoViewsFile(this.database, generation, this.options.mustHold);
  }

  private tell(progress: Rebuilding): void {
    this.progress = progress;
    this.options.onProgress?.(progress);
  }

  private assertOpen(): void {
    if (this.isClosed) throw new Error(GIVEN_UP);
  }
}
