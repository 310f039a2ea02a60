import { setTimeout as delay } from 'node:timers/promises';
import type { Recorded } from '#libs/event';
import type { EventFeed } from '#libs/event-log';
import type { Checkpoints } from './checkpoints.js';

const BATCH = 200;
const RETRY_FIRST_MS = 50;
const RETRY_MAX_MS = 10_000;

export interface ConsumerOptions {
  readonly feed: EventFeed;
  readonly checkpoints: Checkpoints;
  /** Resolves when the event has had its effect, durably; may be called again for the same one. */
  readonly handle: (recorded: Recorded) => Promise<void>;
  readonly onFailure: (recorded: Recorded, error: unknown) => void;
  /** Hears that the feed or the checkpoint could not be reached; it is tried again. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Reads one origin from the checkpoint on, hands over every event in order, at least once, and
 * moves the checkpoint after its effect. An event that fails is tried until it succeeds: nothing
 * behind it is handled first, and none is skipped.
 */
export class Consumer {
  private position: number;
  private readonly stopping = new AbortController();
  private readonly waiting = new Set<AbortController>();
  private wake: () => void = () => undefined;
  private done: Promise<void> = Promise.resolve();

  constructor(private readonly options: ConsumerOptions) {
    this.position = options.checkpoints.load(options.feed.origin);
  }

  start(): void {
    this.done = this.run();
  }

  /** Ends after the event in hand. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    this.tellMoved();
    await this.done;
  }

  /** Resolves when all that the origin held at the call was handled, or after `timeoutMs`. */
  async caughtUp(timeoutMs: number): Promise<boolean> {
    const head = await this.options.feed.head();
    const deadline = Date.now() + timeoutMs;
    while (this.position < head) {
      const left = deadline - Date.now();
      if (left <= 0 || this.stopping.signal.aborted) return false;
      await this.moved(left);
    }
    return true;
  }

  private async run(): Promise<void> {
    const { feed } = this.options;
    const unsubscribe = feed.onAppended(() => this.wake());
    let pauseMs = RETRY_FIRST_MS;
    while (!this.stopping.signal.aborted) {
      try {
        await this.step();
        pauseMs = RETRY_FIRST_MS;
      } catch (error) {
        // The feed or the checkpoint cannot be reached: nothing is lost, it is tried again.
        this.options.onFault(error);
        await this.pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, RETRY_MAX_MS);
      }
    }
    unsubscribe();
  }

  private async step(): Promise<void> {
    // Set before reading, so that an append between the reading and the wait is not missed.
    const appended = new Promise<void>((resolve) => (this.wake = resolve));
    const events = await this.options.feed.read(this.position, BATCH);
    if (events.length > 0) await this.handleBatch(events);
    else if (!this.stopping.signal.aborted) await appended;
  }

  private async handleBatch(events: readonly Recorded[]): Promise<void> {
    const from = this.position;
    for (const recorded of events) {
      if (this.stopping.signal.aborted || !(await this.handled(recorded))) break;
      this.position = recorded.position + 1;
    }
    if (this.position === from) return;
    this.options.checkpoints.save(this.options.feed.origin, this.position);
    this.tellMoved();
  }

  private async handled(recorded: Recorded): Promise<boolean> {
    let pauseMs = RETRY_FIRST_MS;
    while (!this.stopping.signal.aborted) {
      try {
        await this.options.handle(recorded);
        return true;
      } catch (error) {
        this.options.onFailure(recorded, error);
        await this.pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, RETRY_MAX_MS);
      }
    }
    return false;
  }

  private async pause(pauseMs: number): Promise<void> {
    await delay(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async moved(timeoutMs: number): Promise<void> {
    const moved = new AbortController();
    this.waiting.add(moved);
    await delay(timeoutMs, undefined, { signal: moved.signal }).catch(() => undefined);
    this.waiting.delete(moved);
  }

  private tellMoved(): void {
    for (const moved of this.waiting) moved.abort();
  }
}
