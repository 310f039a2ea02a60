import type { Recorded } from '#libs/event';
import { ViewsBehind } from './faults.js';
import type { FiledView } from './sqlite-file.js';
import type { View } from './view.js';

export const MADE_ANEW = 'it is made anew';

/**
 * Rows that another definition made: they are right until something happens to them, which they are
 * not told. Then they are not shown, and nothing is decided on them.
 */
export class FrozenRows {
  /** The views that do not go on, and where they stopped. */
  private readonly frozen = new Map<string, number>();
  /** Of each, the streams that went on without them. */
  private readonly stale = new Map<string, Set<string>>();

  /** @param opened how far the file was when it was opened */
  constructor(
    filed: readonly FiledView[],
    private readonly opened: number,
  ) {
    for (const { name, frozenAt } of filed) {
      if (frozenAt !== null) this.frozen.set(name, frozenAt);
    }
  }

  /** Hears what a view would have taken from position `from` on. */
  note(view: View, events: readonly Recorded[], from: number): void {
    const streams = this.stale.get(view.name) ?? new Set();
    for (const { position, stream, event } of events) {
      if (position >= from && view.takes.has(event.type) && view.ofStream(stream))
        streams.add(stream);
    }
    this.stale.set(view.name, streams);
  }

  /**
   * @param stream of the one row that is asked for; of all rows unless given
   * @throws ViewsBehind when rows may have missed something by event `asOf`
   */
  assertNotStale(name: string, reached: number, asOf = Infinity, stream?: string): void {
    const frozenAt = this.frozen.get(name);
    if (frozenAt === undefined || asOf < frozenAt) return;
    const stale = this.stale.get(name);
    const isStale = stream === undefined ? (stale?.size ?? 0) > 0 : stale?.has(stream) === true;
    // What came in an earlier run, before the new rows were made, is not known any more.
    const isUnknown = frozenAt < this.opened;
    if (isStale || isUnknown) throw new ViewsBehind(name, frozenAt, reached, MADE_ANEW);
  }
}
