import type { Recorded } from '#libs/event';
import { type EventFeed, LogDamaged } from '#libs/event-log';
import type { Scheduler } from '#libs/scheduler';
import type { FeedAnswer, FeedClient } from './feed-client.js';
import { type FeedPage, LiveTail, type TailMessage } from './live-tail.js';

/** How many messages wait for the consumer before the topic is paused, and until it goes on. */
const HELD_MAX = 4096;
const HELD_LOW = 2048;
/** A pause costs half a second: who is only a little slower than the broker needs none. */
const ROOM_MS = 250;
/** How long a message that others precede is waited for before the origin is asked. */
const STUCK_MS = 100;
/** The origin is asked now and then even if messages seem to come. */
const CHECK_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 500;
/** Who forges messages must not have the origin asked for each of them. */
const REFUSED_EVERY_MS = 500;
const LONG_POLL_MS = 5_000;
const POLL_PAUSE_MS = 20;
const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 2_000;

/** What brings messages of the origin's topic; without a broker there is none. */
export interface TailSource {
  /** Whether messages come: else the origin itself has to be asked. */
  readonly isLive: boolean;
  pause(): void;
  resume(): void;
  /** Everything before this position has had its effect, or is kept. */
  handled(position: number): void;
}

export const noTail: TailSource = {
  isLive: false,
  pause: () => undefined,
  resume: () => undefined,
  handled: () => undefined,
};

export interface RemoteFeedOptions {
  readonly origin: string;
  readonly client: Pick<FeedClient, 'ask'>;
  readonly scheduler: Scheduler;
  /** Hears that the origin cannot be asked; once until it could. */
  readonly onFault: (error: unknown) => void;
}

/**
 * 远端事件源: what another process publishes. It comes from the broker as far as that is without a
 * gap, and from the origin itself in every other case: at the start, when something was lost or
 * has expired, while the broker is away, and if there is none.
 */
export class RemoteFeed implements EventFeed {
  private readonly tail = new LiveTail();
  private source: TailSource = noTail;
  private logName: string | undefined;
  private mustAsk = true;
  private stuckSince: number | undefined;
  private askedAt = -Infinity;
  private isPaused = false;
  private hasRoom: AbortController | undefined;
  private retryMs = RETRY_FIRST_MS;
  private retryAt = -Infinity;
  private isTold = false;
  private isDoubting = false;
  private refusedCount = 0;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: RemoteFeedOptions) {}

  get origin(): string {
    return this.options.origin;
  }

  /** From here on messages may come. */
  attach(source: TailSource): void {
    this.source = source;
  }

  /** Takes what came on a partition. */
  accept(partition: number, messages: readonly TailMessage[]): void {
    // A recovered log has another name and gives positions again: only the origin knows which hold.
    const own = messages.filter(({ source }) => source === this.logName);
    const isWhole = this.tail.accept(partition, own);
    if (!isWhole || own.length < messages.length) this.mustAsk = true;
    this.tell();
  }

  /** Resolves when there is room for more, or the topic is paused until there is. */
  async room(): Promise<void> {
    if (this.tail.size <= HELD_MAX) return;
    this.hasRoom ??= new AbortController();
    await this.options.scheduler.sleep(ROOM_MS, this.hasRoom.signal);
    if (this.tail.size <= HELD_MAX || this.isPaused) return;
    this.isPaused = true;
    this.source.pause();
  }

  /** What came cannot be trusted to be whole. */
  doubt(): void {
    this.mustAsk = true;
    this.tell();
  }

  /** How many messages no relay of the origin had sent as they came. */
  get refused(): number {
    return this.refusedCount;
  }

  /** They may have been put in the place of others, which are had from the origin. */
  refuse(count: number): void {
    const { scheduler } = this.options;
    this.refusedCount += count;
    if (this.isDoubting) return;
    const passedMs = scheduler.elapsedMs() - this.askedAt;
    if (passedMs >= REFUSED_EVERY_MS) return this.doubt();
    this.isDoubting = true;
    scheduler.inBackground(REFUSED_EVERY_MS - passedMs, () => {
      this.isDoubting = false;
      this.doubt();
    });
  }

  /** @throws FeedUnreachable */
  async head(): Promise<number> {
    const { head } = await this.options.client.ask({ from: 0, limit: 0, waitMs: 0 });
    return head;
  }

  async read(from: number, limit: number): Promise<readonly Recorded[]> {
    const { events } = await this.options.client.ask({ from, limit, waitMs: 0 });
    return events;
  }

  /**
   * What follows `from`; empty when nothing is known to follow: then a listener is called as soon
   * as it is worth to ask again.
   *
   * @throws LogDamaged, UnknownEvent
   */
  async page(from: number, limit: number, signal?: AbortSignal): Promise<FeedPage> {
    const page = this.tail.take(from, limit);
    this.goOnBelow(HELD_LOW);
    if (page.next > from) {
      this.stuckSince = undefined;
      this.mustAsk = false;
      return page;
    }
    if (!this.isToBeAsked()) return page;
    return this.ask(from, limit, signal);
  }

  handled(position: number): void {
    this.source.handled(position);
  }

  onAppended(listener: () => void): () => void {
    this.listeners.add(listener);
    // Whatever keeps messages from coming, somebody has to look.
    const stop = this.options.scheduler.every(LOOK_EVERY_MS, listener);
    return () => {
      this.listeners.delete(listener);
      stop();
    };
  }

  private isToBeAsked(): boolean {
    const now = this.options.scheduler.elapsedMs();
    if (now < this.retryAt) return false;
    if (this.mustAsk || !this.source.isLive) return true;
    if (!this.tail.isStuck) {
      this.stuckSince = undefined;
      return now - this.askedAt > CHECK_EVERY_MS;
    }
    if (this.stuckSince === undefined) {
      this.stuckSince = now;
      this.options.scheduler.inBackground(STUCK_MS, () => this.tell());
    }
    return now - this.stuckSince >= STUCK_MS;
  }

  private async ask(from: number, limit: number, signal?: AbortSignal): Promise<FeedPage> {
    const { client, scheduler, onFault } = this.options;
    const waitMs = this.source.isLive ? 0 : LONG_POLL_MS;
    let answer: FeedAnswer;
    try {
      answer = await client.ask({ from, limit, waitMs, signal });
    } catch (error) {
      if (isUnknown(error)) throw error;
      if (!this.isTold && signal?.aborted !== true) onFault(error);
      this.isTold = true;
      this.retryAt = scheduler.elapsedMs() + this.retryMs;
      this.retryMs = Math.min(this.retryMs * 2, RETRY_MAX_MS);
      return { events: [], next: from };
    }
    this.isTold = false;
    this.retryMs = RETRY_FIRST_MS;
    this.askedAt = scheduler.elapsedMs();
    this.learn(answer, from);
    this.mustAsk = answer.next < answer.head;
    this.stuckSince = undefined;
    // It has waited for news in vain: it is asked again.
    if (!this.source.isLive) scheduler.inBackground(POLL_PAUSE_MS, () => this.tell());
    return { events: answer.events, next: answer.next };
  }

  private learn({ source, head }: FeedAnswer, from: number): void {
    if (this.logName !== undefined && this.logName !== source) this.tail.clear();
    this.logName = source;
    if (head >= from) return;
    throw new LogDamaged(
      `${this.origin} holds ${head} events, but ${from} were handled: was an older log put back? ` +
        'Put back what was saved together, or declare the loss with npm run recover',
    );
  }

  private goOnBelow(low: number): void {
    if (this.tail.size > low) return;
    this.hasRoom?.abort();
    this.hasRoom = undefined;
    if (!this.isPaused) return;
    this.isPaused = false;
    this.source.resume();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UNKNOWN_EVENT';
}
