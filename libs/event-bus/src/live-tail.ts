import type { Recorded } from '#libs/event';

/**
 * One message of a topic. `after` and the position (of progress: the head) say together that
 * nothing was published between them.
 */
export interface TailMessage {
  /** The name of the log that it is of. */
  readonly source: string;
  readonly position: number;
  /** The position that was published before it, in any partition; -1 for none. */
  readonly after: number;
  /** The position that was sent to this partition before it; -1 for none. */
  readonly previous: number;
  /** Undefined for progress: everything before `position` was sent. */
  readonly recorded?: Recorded;
}

/** Events in the order of their log, and how far they reach. */
export interface FeedPage {
  readonly events: readonly Recorded[];
  /** Everything published before it is among the events, or came before them. */
  readonly next: number;
}

/**
 * 实时尾: puts what the partitions of one topic bring back into the order of the log. It gives out
 * only what it can prove to be complete; whoever asks for more has to ask the origin.
 */
export class LiveTail {
  private readonly lanes = new Map<number, Lane>();
  private held = 0;
  private stuck = false;

  /** How many messages wait. */
  get size(): number {
    return this.held;
  }

  /** Whether the last `take` found messages, but not the one that comes before them. */
  get isStuck(): boolean {
    return this.stuck;
  }

  /**
   * Takes messages of one partition in their order; those that came before are left out.
   *
   * @returns false when one of that partition was lost on the way
   */
  accept(partition: number, messages: readonly TailMessage[]): boolean {
    let lane = this.lanes.get(partition);
    if (lane === undefined) this.lanes.set(partition, (lane = new Lane()));
    const before = lane.size;
    let isWhole = true;
    for (const message of messages) isWhole = lane.accept(message) && isWhole;
    this.held += lane.size - before;
    return isWhole;
  }

  /** What follows `from` without a gap, at most `limit` events. */
  take(from: number, limit: number): FeedPage {
    const events: Recorded[] = [];
    let next = from;
    this.stuck = false;
    while (events.length < limit) {
      const lane = this.lowest(next);
      const first = lane?.first();
      if (lane === undefined || first === undefined) break;
      this.stuck = first.after >= next;
      if (this.stuck) break;
      lane.shift();
      this.held -= 1;
      if (first.recorded !== undefined) events.push(first.recorded);
      next = first.recorded === undefined ? first.position : first.position + 1;
    }
    return { events, next };
  }

  /** Forgets everything: it is of another log. */
  clear(): void {
    this.lanes.clear();
    this.held = 0;
  }

  private lowest(next: number): Lane | undefined {
    let lowest: Lane | undefined;
    let place = Infinity;
    for (const lane of this.lanes.values()) {
      const before = lane.size;
      lane.dropBefore(next);
      this.held += lane.size - before;
      const first = lane.first();
      if (first === undefined) continue;
      // Progress comes before the event at its position.
      const at = first.recorded === undefined ? first.position - 0.5 : first.position;
      if (at < place) [place, lowest] = [at, lane];
    }
    return lowest;
  }
}

/** Taken ones are cut off when so many have gathered. */
const CUT_AT = 1024;

/** The messages of one partition. */
class Lane {
  private messages: TailMessage[] = [];
  private start = 0;
  /** The last event that came. */
  private seen: number | undefined;

  get size(): number {
    return this.messages.length - this.start;
  }

  accept(message: TailMessage): boolean {
    const { previous, position, recorded } = message;
    const isWhole = this.seen === undefined || previous <= this.seen;
    if (recorded === undefined) {
      this.seen = Math.max(this.seen ?? -1, previous);
      const last = this.size > 0 ? this.messages.at(-1) : undefined;
      const before = last?.recorded === undefined ? last : undefined;
      // Newer progress stands for older; what was sent long ago may come again.
      if (before !== undefined && before.position >= position) return isWhole;
      if (before !== undefined) this.messages.pop();
      this.messages.push(message);
    } else if (this.seen === undefined || position > this.seen) {
      this.seen = position;
      this.messages.push(message);
    }
    return isWhole;
  }

  first(): TailMessage | undefined {
    return this.messages[this.start];
  }

  shift(): void {
    this.start += 1;
    if (this.start < CUT_AT) return;
    this.messages = this.messages.slice(this.start);
    this.start = 0;
  }

  dropBefore(next: number): void {
    for (let first = this.first(); first !== undefined; first = this.first()) {
      const isOld = first.recorded === undefined ? first.position <= next : first.position < next;
      if (!isOld) return;
      this.shift();
    }
  }
}
