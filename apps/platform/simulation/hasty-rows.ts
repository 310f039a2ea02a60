import type { Recorded } from '#libs/event';
import type { ViewStore } from '#libs/views';
import { withMethods } from './rewound.js';

const hasty = new WeakMap<ViewStore, HastyRows>();

/** 抢先的视图: a wrong store of views, whose position is written by itself, before the rows. */
export class HastyRows {
  private position = 0;

  constructor(private readonly rows: ViewStore) {}

  static of(store: ViewStore): HastyRows {
    const found = hasty.get(store);
    if (found === undefined) throw new Error('this store writes its rows as it should');
    return found;
  }

  asStore(): ViewStore {
    const store = withMethods<ViewStore>(this.rows, { position: async () => this.position });
    hasty.set(store, this);
    return store;
  }

  async moveTo(position: number): Promise<void> {
    this.position = Math.max(this.position, position);
  }

  apply(events: readonly Recorded[]): Promise<void> {
    return this.rows.apply(events);
  }
}
