import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Recorded } from '#libs/event';
import type { EventFeed } from '#libs/event-log';
import type { Scheduler } from '#libs/scheduler';
import { type Filled, fillViews, GIVEN_UP } from './fill-views.js';
import { isMadeBy, openLive, replaceDamaged } from './open-views.js';
import { isDamage, NotGoneBack, ViewsBehind, ViewsDamaged } from './faults.js';
import type { GroupCount, Query, Where } from './query.js';
import { openSqliteViewsFile, type SqliteViews } from './sqlite-views.js';
import type { View, ViewRow } from './view.js';
import type {
  Generations,
  Park,
  Rebuilding,
  Rebuilt,
  StoreStatus,
  ViewStore,
} from './view-store.js';
import {
  generationFile,
  keepPointer,
  nextGeneration,
  preparePointer,
  type ViewsPointer,
} from './views-pointer.js';

/** Events that are applied at once while the views are asked: for about two milliseconds. */
const SLICE = 200;

export interface ViewGenerationsOptions {
  readonly scheduler: Scheduler;
  /** Hears how far a new generation is. */
  readonly onProgress?: (progress: Rebuilding) => void;
  /** Hears that a file was damaged. */
  readonly onFault?: (error: unknown) => void;
}

/** Opens the views in `dir` as they are; those that were changed are made anew by `rebuild`. */
export function openViewGenerations(
  dir: string,
  views: readonly View[],
  options: ViewGenerationsOptions,
): ViewGenerations {
  const { pointer, store } = openLive(dir, views, options.onFault);
  return new ViewGenerations(dir, views, options, { pointer, store });
}

/** 视图代: one generation answers while the next is made; a pointer says which is which. */
export class ViewGenerations implements ViewStore, Generations {
  private pointer: ViewsPointer;
  private live: SqliteViews;
  private building: Promise<Rebuilt> | undefined;
  private goingBack: Promise<number> | undefined;
  private progress: Rebuilding | null = null;
  private readonly ending = new AbortController();
  /** How often it was asked: who makes the next generation rests while it is. */
  private asked = 0;

  constructor(
    private readonly dir: string,
    private readonly views: readonly View[],
    private readonly options: ViewGenerationsOptions,
    opened: { readonly pointer: ViewsPointer; readonly store: SqliteViews },
  ) {
    this.pointer = opened.pointer;
    this.live = opened.store;
  }

  get isOutdated(): boolean {
    return !isMadeBy(this.live, this.views);
  }

  /**
   * Makes a generation anew from the log while this one answers, holds the two against each other
   * where their definitions are the same, and lets the new one answer.
   */
  rebuild(log: EventFeed): Promise<Rebuilt> {
    this.building ??= this.build(log).finally(() => {
      this.building = undefined;
      this.progress = null;
    });
    return this.building;
  }

  /**
   * Lets the generation before answer again, brought up to the log.
   *
   * @throws NotGoneBack when none is kept, or the next one is being made
   */
  back(log: EventFeed): Promise<number> {
    this.goingBack ??= this.goBack(log).finally(() => {
      this.goingBack = undefined;
    });
    return this.goingBack;
  }

  private async goBack(log: EventFeed): Promise<number> {
    const { before } = this.pointer;
    if (before === null) throw new NotGoneBack('there is no generation before to go back to');
    if (this.building !== undefined) throw new NotGoneBack('a generation is being made: wait');
    await this.switchTo(before, openSqliteViewsFile(this.pathOf(before), this.views), log);
    return before;
  }

  status(): StoreStatus {
    const { live, before } = this.pointer;
    const views = this.views.map(({ name, version }) => {
      const filed = this.live.filed.find((each) => each.name === name);
      const isLive = this.live.projected.some((view) => view.name === name);
      if (isLive) return { name, version, state: 'live', position: this.live.reached } as const;
      const position = filed?.frozenAt ?? 0;
      const state = filed === undefined ? 'missing' : 'frozen';
      return { name, version: filed?.version ?? version, state, position } as const;
    });
    return { generation: live, before, views, rebuild: this.progress };
  }

  async position(): Promise<number> {
    return this.live.position();
  }

  async apply(events: readonly Recorded[]): Promise<void> {
    return this.ask((live) => live.apply(events));
  }

  async get<Row extends ViewRow>(view: View<Row>, key: string, at?: { readonly asOf?: number }) {
    return this.ask((live) => live.get(view, key, at));
  }

  async find<Row extends ViewRow>(view: View<Row>, query: Query<Row>): Promise<readonly Row[]> {
    return this.ask((live) => live.find(view, query));
  }

  async count<Row extends ViewRow>(view: View<Row>, where: Where<Row>): Promise<number> {
    return this.ask((live) => live.count(view, where));
  }

  async countBy<Row extends ViewRow>(
    view: View<Row>,
    field: keyof Row & string,
    where: Where<Row>,
  ): Promise<readonly GroupCount[]> {
    return this.ask((live) => live.countBy(view, field, where));
  }

  async page<Row extends ViewRow>(view: View<Row>, after: string, limit: number) {
    return this.ask((live) => live.page(view, after, limit));
  }

  async parked(): Promise<readonly Park[]> {
    return this.live.parked();
  }

  async retry(view: string, stream: string): Promise<boolean> {
    return this.ask((live) => live.retry(view, stream));
  }

  /** A file that turns out to be damaged is set aside: an empty one is filled from the log instead. */
  private async ask<Answer>(work: (live: SqliteViews) => Promise<Answer>): Promise<Answer> {
    const asked = this.live;
    this.asked += 1;
    try {
      return await work(asked);
    } catch (error) {
      if (!isDamage(error)) throw error;
      // A generation that is being made takes its place by itself.
      if (asked === this.live && this.building === undefined) this.replaceDamaged(error);
      throw new ViewsBehind(basename(this.dir), 0, asked.reached, 'their file was damaged');
    }
  }

  private replaceDamaged(error: unknown): void {
    const damaged = this.live;
    this.options.onFault?.(new ViewsDamaged(this.pathOf(this.pointer.live), error));
    const { pointer, store } = replaceDamaged(this.dir, this.views, this.pointer);
    this.pointer = pointer;
    this.live = store;
    // What it could not write any more is in the log.
    damaged.close().catch((fault: unknown) => this.options.onFault?.(fault));
  }

  /** What is being made is given up: the next start makes it. */
  async close(): Promise<void> {
    this.ending.abort();
    await this.building?.catch(() => undefined);
    await this.goingBack?.catch(() => undefined);
    await this.live.close();
  }

  private async build(log: EventFeed): Promise<Rebuilt> {
    await this.goingBack?.catch(() => undefined);
    const generation = nextGeneration(this.dir);
    const path = this.pathOf(generation);
    try {
      const filled = await this.fill(generation, log);
      try {
        this.assertOpen();
        const store = openSqliteViewsFile(path, this.views);
        await this.switchTo(generation, store, log);
      } finally {
        await filled.release();
      }
      return { generation, comparisons: filled.comparisons };
    } catch (error) {
      if (this.pointer.live !== generation)
        for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { force: true });
      throw error;
    }
  }

  private async fill(generation: number, log: EventFeed): Promise<Filled> {
    const onProgress = (done: number, total: number): void =>
      this.tell({ generation, done, total });
    onProgress(0, await log.head());
    const filling = {
      path: this.pathOf(generation),
      views: this.views,
      dir: this.dir,
      live: this.pathOf(this.pointer.live),
      isSame: !this.isOutdated,
      bringUpLive: () => this.bringUpLive(log),
      asked: () => this.asked,
      onProgress,
      signal: this.ending.signal,
    };
    return fillViews(filling, log, this.options.scheduler);
  }

  /** The file that answers holds what the log did at the call, when it resolves. */
  private async bringUpLive(log: EventFeed): Promise<number> {
    for (const head = await log.head(); this.live.reached < head;) {
      this.assertOpen();
      const events = await log.read(this.live.reached, SLICE);
      if (events.length === 0) break;
      await this.live.apply(events);
      await this.othersFirst();
    }
    this.live.settle();
    return this.live.reached;
  }

  /** Both stand at the same position when it resolves: nothing is between it and its caller. */
  private async bringUp(log: EventFeed, next: SqliteViews): Promise<void> {
    for (let head = await log.head(); next.reached < head || this.live.reached !== next.reached;) {
      this.assertOpen();
      const from = Math.min(next.reached, this.live.reached);
      const events = await log.read(from, SLICE);
      this.assertOpen();
      await Promise.all([next.apply(events), this.live.apply(events)]);
      if (events.length === 0) break;
      await this.othersFirst();
      head = await log.head();
    }
    next.settle();
    this.live.settle();
  }

  private othersFirst(): Promise<void> {
    return new Promise((resolve) => this.options.scheduler.soon(resolve));
  }

  /** Who is asked meanwhile waits for one rename, and for nothing that the disk does. */
  private async switchTo(generation: number, store: SqliteViews, log: EventFeed): Promise<void> {
    try {
      const pointer = { live: generation, before: this.pointer.live };
      await this.bringUp(log, store);
      const point = await preparePointer(this.dir, pointer);
      await this.bringUp(log, store);
      this.assertOpen();
      point();
      const old = this.live;
      this.pointer = pointer;
      this.live = store;
      await old.close();
    } catch (error) {
      if (this.live !== store) await store.close();
      throw error;
    }
    await keepPointer(this.dir, this.pointer);
  }

  private tell(progress: Rebuilding): void {
    this.progress = progress;
    this.options.onProgress?.(progress);
  }

  private assertOpen(): void {
    if (this.ending.signal.aborted) throw new Error(GIVEN_UP);
  }

  private pathOf(generation: number): string {
    return join(this.dir, generationFile(generation));
  }
}
