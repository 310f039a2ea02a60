import { type Scheduler, SystemClock } from '#libs/scheduler';
import { RowParked, ViewsBehind } from './faults.js';
import type { Projector } from './projector.js';
import type { GroupCount, Query, Where } from './query.js';
import type { Scalar, View, ViewRow } from './view.js';
import type { Generations, Park, Rebuilt, StoreStatus, ViewStore } from './view-store.js';

const PAGE = 200;
const PAGES_MAX = 10_000;

/** How far the views of a service are, for its operator. */
export interface ViewsStatus extends Partial<StoreStatus> {
  readonly service: string;
  /** The frontier: the first position that was not read. */
  readonly frontier: number;
  /** The frontier, held below the oldest parked event. */
  readonly position: number;
  /** How many events the log has. */
  readonly head: number;
  readonly parked: readonly Park[];
}

/** Reads views that hold every event of their own log: what was answered before is seen. */
export class LiveViews {
  constructor(
    private readonly projector: Projector,
    private readonly store: ViewStore & Partial<Generations>,
    private readonly scheduler: Scheduler = new SystemClock(),
  ) {}

  /** How many recorded events the views do not hold yet. */
  async behind(): Promise<number> {
    return this.projector.behind();
  }

  /** Resolves when the views hold every event that the log held at the call. */
  async catchUp(): Promise<void> {
    await this.projector.catchUp();
  }

  /** Everything before it is in every row: the frontier, held below the oldest parked event. */
  async position(): Promise<number> {
    const parks = await this.store.parked();
    return Math.min(await this.store.position(), ...parks.map(({ position }) => position));
  }

  /**
   * Resolves when the event at a position has been read. Rows of streams that are parked say so
   * themselves; they hold up nobody else.
   *
   * @throws ViewsBehind when that takes longer than `timeoutMs`
   */
  async waitFor(position: number, timeoutMs: number): Promise<void> {
    const timeout = new AbortController();
    const late = this.scheduler.after(timeoutMs, () => timeout.abort());
    try {
      while ((await this.store.position()) <= position) {
        const heard = this.heardOf(position, timeout.signal);
        await heard;
        if (timeout.signal.aborted) {
          throw new ViewsBehind(this.projector.log.origin, await this.store.position(), position);
        }
      }
    } finally {
      late();
      timeout.abort();
    }
  }

  /** @throws RowParked, ViewsBehind, NotTemporal */
  async get<Row extends ViewRow>(
    view: View<Row>,
    key: string,
    at: { readonly asOf?: number } = {},
  ): Promise<Row | undefined> {
    await this.reach(at);
    return this.store.get(view, key, at);
  }

  /** @throws RowParked when one of the rows is, IndexMissing, ViewsBehind, NotTemporal */
  async find<Row extends ViewRow>(view: View<Row>, query: Query<Row>): Promise<readonly Row[]> {
    await this.reach(query);
    return this.store.find(view, query);
  }

  /**
   * Every row of a selection, page by page: for who acts on all of them, and must not miss one.
   *
   * @throws RowParked while any stream of the view is parked: its row may belong to the selection
   * @throws when there are more than two million: such a question needs a view of its own
   */
  async findAll<Row extends ViewRow>(
    view: View<Row>,
    selection: Omit<Query<Row>, 'after' | 'limit'>,
  ): Promise<readonly Row[]> {
    await this.projector.catchUp();
    const parked = (await this.store.parked()).find((park) => park.view === view.name);
    if (parked !== undefined) {
      const { key, stream, position, reason } = parked;
      throw new RowParked(view.name, key ?? 'unknown', stream, position, reason);
    }
    const rows: Row[] = [];
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const last = rows.at(-1);
      const after = last && selection.orderBy.map((field) => last[field] as Scalar);
      const query = { ...selection, ...(after && { after }), limit: PAGE };
      const page = await this.find(view, query);
      rows.push(...page);
      if (page.length < PAGE) return rows;
    }
    throw new Error(`${view.name}: more than ${PAGES_MAX * PAGE} rows were asked for at once`);
  }

  /** Every row there is, in the order of the keys: for who keeps books of them, never for a request. */
  async all<Row extends ViewRow>(view: View<Row>): Promise<readonly Row[]> {
    await this.projector.catchUp();
    const rows: Row[] = [];
    let after = '';
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const page = await this.store.page(view, after, PAGE);
      rows.push(...page.map(({ row }) => row));
      after = page.at(-1)?.key ?? '';
      if (page.length < PAGE) return rows;
    }
    throw new Error(`${view.name}: more than ${PAGES_MAX * PAGE} rows were asked for at once`);
  }

  /** @throws IndexMissing, ViewsBehind, NotTemporal */
  async count<Row extends ViewRow>(view: View<Row>, where: Where<Row>): Promise<number> {
    await this.reach(where);
    return this.store.count(view, where);
  }

  /** @throws IndexMissing, ViewsBehind, NotTemporal */
  async countBy<Row extends ViewRow>(
    view: View<Row>,
    field: keyof Row & string,
    where: Where<Row>,
  ): Promise<readonly GroupCount[]> {
    await this.reach(where);
    return this.store.countBy(view, field, where);
  }

  async parked(): Promise<readonly Park[]> {
    return this.store.parked();
  }

  /** @returns whether the stream is taken up again; false when it failed again */
  async retry(view: string, stream: string): Promise<boolean> {
    return this.store.retry(view, stream);
  }

  async status(): Promise<ViewsStatus> {
    return {
      service: this.projector.log.origin,
      frontier: await this.store.position(),
      position: await this.position(),
      head: await this.projector.log.head(),
      parked: await this.store.parked(),
      ...this.store.status?.(),
    };
  }

  /** Whether a generation of these definitions is still to be made. */
  get isOutdated(): boolean {
    return this.store.isOutdated ?? false;
  }

  /** Makes the views anew from the log while they answer; then the new ones do. */
  async rebuild(): Promise<Rebuilt> {
    if (this.store.rebuild === undefined) throw new Error('these views have no generations');
    return this.store.rebuild(this.projector.log);
  }

  /** Lets the generation before answer again. */
  async back(): Promise<number> {
    if (this.store.back === undefined) throw new Error('these views have no generations');
    return this.store.back(this.projector.log);
  }

  private async reach({ asOf }: { readonly asOf?: number }): Promise<void> {
    await this.projector.catchUp();
    const reached = await this.store.position();
    if (asOf !== undefined && asOf >= reached) {
      throw new ViewsBehind(this.projector.log.origin, reached, asOf);
    }
  }

  /** Resolves when the log may hold more than was read, or when it is too late. */
  private async heardOf(position: number, signal: AbortSignal): Promise<void> {
    const { log } = this.projector;
    const late = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    if ((await log.head()) > position) {
      await Promise.race([this.projector.catchUp(), late]);
      return;
    }
    let stop = (): void => undefined;
    const appended = new Promise<void>((resolve) => {
      stop = log.onAppended(resolve);
    });
    // It may have come between the two lines above.
    if ((await log.head()) <= position) await Promise.race([appended, late]);
    stop();
  }
}
