import type { Recorded } from '#libs/event';
import type { Scheduler } from '#libs/scheduler';
import { isFromNewerVersion, isTransient } from './delivery-faults.js';
import type { Handler } from './handlers.js';
import type { ParkedLanes } from './parked-lanes.js';
import { Slots } from './slots.js';

/** How many handlers run at once. */
const IN_HAND_MAX = 64;
/** With the pauses between them, tries of one event take about six seconds. */
const TRIES_MAX = 8;
export const RETRY_FIRST_MS = 50;
export const RETRY_MAX_MS = 10_000;

/** A try that failed, and what follows. */
export interface Failure {
  readonly recorded: Recorded;
  readonly handler: string;
  readonly error: unknown;
  readonly next: 'again' | 'parked' | 'skipped';
}

export interface DeliveriesOptions {
  readonly scheduler: Scheduler;
  readonly lanes: ParkedLanes;
  readonly stopping: AbortSignal;
  readonly onFailure: (failure: Failure) => void;
  /** Hears that what is parked could not be written; it is tried again. */
  readonly onFault: (error: unknown) => void;
  /** Hears that only a newer version of this service can go on. */
  readonly onHalt: (error: unknown) => void;
}

interface Waiting {
  readonly recorded: Recorded;
  readonly handlers: readonly Handler[];
  readonly done: () => void;
}

/**
 * 投递: hands events over, those of one stream strictly in order, those of different streams at the
 * same time. An event goes to all its handlers; each is tried, and parked, on its own.
 */
export class Deliveries {
  private readonly streams = new Map<string, Waiting[]>();
  private readonly slots = new Slots(IN_HAND_MAX);
  private tellIdle: () => void = () => undefined;

  constructor(private readonly options: DeliveriesOptions) {}

  /** `done` is called when the event has had all its effects, or is kept where it failed. */
  take(recorded: Recorded, handlers: readonly Handler[], done: () => void): void {
    const next = { recorded, handlers, done };
    const waiting = this.streams.get(recorded.stream);
    if (waiting !== undefined) {
      waiting.push(next);
      return;
    }
    const line = [next];
    this.streams.set(recorded.stream, line);
    void this.run(recorded.stream, line);
  }

  /** Resolves when nothing is in hand any more; events that were waiting are left. */
  async idle(): Promise<void> {
    if (this.streams.size === 0) return;
    await new Promise<void>((resolve) => (this.tellIdle = resolve));
  }

  private async run(stream: string, line: Waiting[]): Promise<void> {
    for (let next = line[0]; next !== undefined; next = line[0]) {
      if (!(await this.delivered(next))) break;
      line.shift();
      next.done();
    }
    this.streams.delete(stream);
    if (this.streams.size === 0) this.tellIdle();
  }

  private delivered({ recorded, handlers }: Waiting): Promise<boolean> {
    const [only] = handlers;
    if (only !== undefined && handlers.length === 1) return this.settles(only, recorded);
    return this.allSettle(handlers, recorded);
  }

  private async allSettle(handlers: readonly Handler[], recorded: Recorded): Promise<boolean> {
    const settled = handlers.map((handler) => this.settles(handler, recorded));
    return (await Promise.all(settled)).every(Boolean);
  }

  /** Whether the handler is done with the event; it is not when the consumer ends before. */
  private async settles(handler: Handler, recorded: Recorded): Promise<boolean> {
    const { lanes, scheduler, stopping } = this.options;
    let attempts = 0;
    let pauseMs = RETRY_FIRST_MS;
    while (!stopping.aborted) {
      try {
        if (lanes.holds(handler.name, recorded)) lanes.queue(handler.name, recorded);
        else if (!(await this.handle(handler, recorded))) return false;
        return true;
      } catch (error) {
        if (isFromNewerVersion(error)) {
          this.options.onHalt(error);
          return false;
        }
        if (!isTransient(error)) attempts += 1;
        const next = attempts < TRIES_MAX ? 'again' : await this.parked(handler, recorded, error);
        this.options.onFailure({ recorded, handler: handler.name, error, next });
        if (next !== 'again') return true;
      }
      await scheduler.sleep(pauseMs, stopping);
      pauseMs = Math.min(pauseMs * 2, RETRY_MAX_MS);
    }
    return false;
  }

  /** False when the consumer was ended while this waited for its turn. */
  private async handle(handler: Handler, recorded: Recorded): Promise<boolean> {
    const turn = this.slots.enter();
    if (turn !== undefined) await turn;
    try {
      if (this.options.stopping.aborted) return false;
      await handler.handle(recorded);
      return true;
    } finally {
      this.slots.leave();
    }
  }

  private async parked(
    { name }: Handler,
    recorded: Recorded,
    error: unknown,
  ): Promise<Failure['next']> {
    try {
      return await this.options.lanes.park(name, recorded, { attempts: TRIES_MAX, error });
    } catch (fault) {
      this.options.onFault(fault);
      return 'again';
    }
  }
}
