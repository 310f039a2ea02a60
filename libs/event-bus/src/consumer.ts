import type { Recorded } from '#libs/event';
import type { Scheduler } from '#libs/scheduler';
import type { Checkpoints } from './checkpoints.js';
import { type ConsumedFeed, pageOf } from './consumed-feed.js';
import { Deliveries, type Failure, RETRY_FIRST_MS, RETRY_MAX_MS } from './deliveries.js';
import { faultText, isFromNewerVersion } from './delivery-faults.js';
import type { Handler } from './handlers.js';
import type { FeedPage } from './live-tail.js';
import { ParkedLanes } from './parked-lanes.js';
import type { Delivery } from './skips.js';

const BATCH = 256;
/** How many events are held in memory; what is behind them stays in the feed meanwhile. */
const PENDING_MAX = 2048;

export interface ConsumerOptions {
  readonly feed: ConsumedFeed;
  readonly checkpoints: Checkpoints;
  readonly scheduler: Scheduler;
  readonly handlersOf: (type: string) => readonly Handler[];
  /** Whether an operator has passed this delivery over, as the service's own log tells. */
  readonly isSkipped: (delivery: Delivery) => Promise<boolean>;
  readonly onFailure: (failure: Failure) => void;
  /** Hears that the feed or the checkpoint could not be reached; it is tried again. */
  readonly onFault: (error: unknown) => void;
  readonly onHalt: (error: unknown) => void;
}

/** How far a consumer is with its origin. */
export interface ConsumerStatus {
  readonly origin: string;
  /** Everything below it has had its effect, or is parked. */
  readonly position: number;
  readonly head: number;
  /** RFC 3339; when the oldest event that it has not taken was recorded. */
  readonly oldestAt?: string;
  /** Why it has stopped, when it has. */
  readonly stopped?: string;
  /** Why its head is not known, when the origin cannot be asked. */
  readonly unreachable?: string;
  /** How many messages were refused since the start, as none of the origin's relay. */
  readonly refused?: number;
}

/**
 * Reads one origin from the checkpoint on and hands over every event at least once: those of one
 * stream in order, those of different streams at the same time. The checkpoint is the lowest
 * position whose event has neither had its effect nor been parked. What only a newer version can
 * read stops it: nothing is passed over.
 */
export class Consumer {
  readonly lanes: ParkedLanes;
  /** The next position to read. */
  private cursor: number;
  /** Positions in hand; a set keeps their order, so that the first is the lowest. */
  private readonly pending = new Set<number>();
  private saved: number;
  private isSaving = false;
  private limit = BATCH;
  private halted: string | undefined;
  private readonly stopping = new AbortController();
  private readonly deliveries: Deliveries;
  private readonly waiting = new Set<{ readonly until: number; readonly moved: AbortController }>();
  private wake: () => void = () => undefined;
  private done: Promise<void> = Promise.resolve();

  constructor(private readonly options: ConsumerOptions) {
    const { feed, checkpoints, scheduler } = options;
    this.cursor = this.saved = checkpoints.load(feed.origin);
    const parked = checkpoints.parked;
    this.lanes = new ParkedLanes({ ...options, parked, now: () => scheduler.now() });
    const stopping = this.stopping.signal;
    const onHalt = (error: unknown): void => this.halt(error);
    this.deliveries = new Deliveries({ ...options, lanes: this.lanes, stopping, onHalt });
  }

  start(): void {
    this.done = this.run();
  }

  /** Ends after the events in hand. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.end();
    await this.done;
  }

  /** Whether everything that was recorded at the call was handled, within `timeoutMs`. */
  async caughtUp(timeoutMs: number): Promise<boolean> {
    return this.passed(await this.options.feed.head(), timeoutMs);
  }

  /** Whether everything before `until` was handled, or is parked, within `timeoutMs`. */
  async passed(until: number, timeoutMs: number): Promise<boolean> {
    if (this.isOver()) return this.position >= until;
    if (this.position >= until) return true;
    const moved = new AbortController();
    const waits = { until, moved };
    this.waiting.add(waits);
    await this.options.scheduler.sleep(timeoutMs, moved.signal);
    this.waiting.delete(waits);
    return this.position >= until;
  }

  async status(): Promise<ConsumerStatus> {
    const { origin, position, halted } = this;
    const { refused } = this.options.feed;
    const also = {
      ...(halted !== undefined && { stopped: halted }),
      ...(refused !== undefined && { refused }),
    };
    try {
      return { ...(await this.measured()), ...also };
    } catch (error) {
      return { origin, position, head: position, unreachable: faultText(error), ...also };
    }
  }

  private async measured(): Promise<ConsumerStatus> {
    const { feed } = this.options;
    const { origin, position } = this;
    const head = await feed.head();
    const isBehind = position < head && this.halted === undefined;
    const [oldest] = isBehind ? await feed.read(position, 1) : [];
    const at = { origin, position, head };
    return oldest === undefined ? at : { ...at, oldestAt: oldest.recordedAt };
  }

  get origin(): string {
    return this.options.feed.origin;
  }

  /** The first position that has not had its effect; what is parked has had none. */
  effective(): number {
    const parked = this.lanes.list().map(({ position }) => position);
    return Math.min(this.position, ...parked);
  }

  /** Everything before it has had its effect, or is parked. */
  get position(): number {
    for (const lowest of this.pending) return lowest;
    return this.cursor;
  }

  private isOver(): boolean {
    return this.stopping.signal.aborted || this.halted !== undefined;
  }

  private async run(): Promise<void> {
    const unsubscribe = this.options.feed.onAppended(() => this.wake());
    await this.untilItWorks(() => this.lanes.passSkipped());
    while (!this.isOver()) await this.untilItWorks(() => this.step());
    unsubscribe();
    await this.deliveries.idle();
    this.save();
  }

  /** The feed or a store cannot be reached: nothing is lost, it is tried again. */
  private async untilItWorks(work: () => Promise<void>): Promise<void> {
    const { scheduler, onFault } = this.options;
    let pauseMs = RETRY_FIRST_MS;
    while (!this.isOver()) {
      try {
        await work();
        return;
      } catch (error) {
        if (isFromNewerVersion(error)) {
          this.readUpTo(error);
          continue;
        }
        onFault(error);
        await scheduler.sleep(pauseMs, this.stopping.signal);
        pauseMs = Math.min(pauseMs * 2, RETRY_MAX_MS);
      }
    }
  }

  /** What stands before an event that cannot be read is still handed over. */
  private readUpTo(error: unknown): void {
    if (this.limit === 1) this.halt(error);
    else this.limit = 1;
  }

  private async step(): Promise<void> {
    // Set before reading, so that an append between the reading and the wait is not missed.
    const woken = new Promise<void>((resolve) => (this.wake = resolve));
    const room = Math.min(this.limit, PENDING_MAX - this.pending.size);
    const before = this.cursor;
    const { events, next } = room > 0 ? await this.page(room) : { events: [], next: before };
    if (this.isOver()) return;
    for (const recorded of events) this.take(recorded);
    this.cursor = Math.max(this.cursor, next);
    if (this.cursor > before) this.tellMoved();
    else await woken;
  }

  private page(limit: number): Promise<FeedPage> {
    return pageOf(this.options.feed, this.cursor, { limit, signal: this.stopping.signal });
  }

  private take(recorded: Recorded): void {
    const { position } = recorded;
    if (position < this.cursor) {
      throw new Error(`${recorded.origin}@${position} came after ${this.cursor - 1}`);
    }
    this.cursor = position + 1;
    const handlers = this.options.handlersOf(recorded.event.type);
    if (handlers.length === 0) return;
    this.pending.add(position);
    this.deliveries.take(recorded, handlers, () => this.finished(position));
  }

  private finished(position: number): void {
    const wasFull = this.pending.size >= PENDING_MAX;
    this.pending.delete(position);
    if (wasFull) this.wake();
    this.tellMoved();
  }

  private tellMoved(): void {
    // Each event ends here: only who waits has to hear of every one.
    if (this.isSaving && this.waiting.size === 0) return;
    const position = this.position;
    for (const { until, moved } of this.waiting) if (position >= until) moved.abort();
    if (this.isSaving || position === this.saved) return;
    this.isSaving = true;
    // Many events end in one turn; the newest of their positions is enough.
    this.options.scheduler.soon(() => {
      this.isSaving = false;
      if (!this.stopping.signal.aborted) this.save();
    });
  }

  private save(): void {
    const position = this.position;
    if (position === this.saved) return;
    try {
      this.options.checkpoints.save(this.options.feed.origin, position);
      this.saved = position;
      this.tellHandled(position);
    } catch (error) {
      // Nothing is lost by an older checkpoint; the next event moves it.
      this.options.onFault(error);
    }
  }

  /** What the feed forgets then must not be asked for again after a crash. */
  private tellHandled(position: number): void {
    const { feed, checkpoints, onFault } = this.options;
    const written = checkpoints.written?.();
    if (written === undefined) feed.handled?.(position);
    else written.then(() => feed.handled?.(position)).catch(onFault);
  }

  private halt(error: unknown): void {
    if (this.halted !== undefined) return;
    this.halted = faultText(error);
    this.options.onHalt(error);
    this.end();
  }

  private end(): void {
    this.wake();
    for (const { moved } of this.waiting) moved.abort();
  }
}
