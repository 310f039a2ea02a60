import type { Recorded } from '#libs/event';
import type { Stores } from '#libs/service';
import { openMemoryViews, type View, type ViewStore } from '#libs/views';
import type { Unsynced } from './disk.js';
import type { Life } from './life.js';

/** Hands one event to one handler; resolves when it had its effect. */
export type Deliver = (recorded: Recorded, context?: unknown) => Promise<unknown>;

/** 植入的缺陷: what a wrong service would do otherwise; the simulation must notice each. */
export interface Plant {
  readonly views: (service: string, views: readonly View[]) => readonly View[];
  readonly openViews: (views: readonly View[]) => ViewStore;
  readonly applies: (rows: Unsynced<ViewStore>, life: Life) => ViewStore['apply'];
  readonly stores: (stores: Stores) => Stores;
  readonly delivers: (deliver: Deliver, stores: Stores, life: Life) => Deliver;
}

/** Nothing is planted. */
export const SOUND: Plant = {
  views: (_, views) => views,
  openViews: openMemoryViews,
  applies: (rows, life) => (events) =>
    life.writes('the rows', () => rows.write((kept) => kept.apply(events))),
  stores: (stores) => stores,
  delivers: (deliver) => deliver,
};
