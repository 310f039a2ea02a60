import { z } from 'zod';
import type { Recorded } from '#libs/event';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { SimulatedScheduler } from '#libs/scheduler';
import { type Checkpoints, openMemoryCheckpoints } from '../src/checkpoints.js';
import { Consumer, type ConsumerOptions } from '../src/consumer.js';
import type { Failure } from '../src/deliveries.js';
import type { Handler } from '../src/handlers.js';

const events = { Counted: z.strictObject({ n: z.int() }) };
const START = Date.parse('2026-03-01T00:00:00.000Z');

/** What a handler is to do with an event: nothing is a success. */
export type Take = (recorded: Recorded) => void | Promise<void>;

/** One origin, consumers over it, and time that a spec lets pass. */
export class SampleFeed {
  readonly scheduler = new SimulatedScheduler(START, () => 0);
  readonly log: EventLog = openMemoryLog({
    origin: 'sample',
    events,
    now: () => this.scheduler.now(),
  });
  readonly checkpoints: Checkpoints = openMemoryCheckpoints();
  /** `HANDLER POSITION`, in the order in which it was done. */
  readonly handled: string[] = [];
  /** `HANDLER POSITION NEXT: ERROR`. */
  readonly failures: string[] = [];
  readonly faults: string[] = [];
  readonly halts: string[] = [];
  /** `HANDLER ORIGIN@POSITION` that an operator has passed over. */
  readonly skipped = new Set<string>();
  private count = 0;

  /** Appends to each of these streams in turn. */
  async append(...streams: readonly string[]): Promise<void> {
    for (const stream of streams) {
      this.count += 1;
      const commandId = `command-${this.count}`;
      const writes = [{ stream, events: [{ type: 'Counted', n: this.count }] }];
      const asked = { commandId, actor: 'li-1', fingerprint: '', reads: [] };
      await this.log.append({ ...asked, writes });
    }
  }

  /** A handler that notes what it has done, after `take` let it. */
  handler(name: string, take: Take = () => undefined): Handler {
    const handle = async (recorded: Recorded): Promise<void> => {
      await take(recorded);
      this.handled.push(`${name} ${recorded.position}`);
    };
    return { name, handle };
  }

  consumer(handlers: readonly Handler[], parts: Partial<ConsumerOptions> = {}): Consumer {
    return new Consumer({
      feed: this.log,
      checkpoints: this.checkpoints,
      scheduler: this.scheduler,
      handlersOf: () => handlers,
      isSkipped: async ({ handler, origin, position }) =>
        this.skipped.has(`${handler} ${origin}@${position}`),
      onFailure: (failure) => this.failures.push(textOf(failure)),
      onFault: (error) => this.faults.push(String(error)),
      onHalt: (error) => this.halts.push(String(error)),
      ...parts,
    });
  }

  started(handlers: readonly Handler[], parts: Partial<ConsumerOptions> = {}): Consumer {
    const consumer = this.consumer(handlers, parts);
    consumer.start();
    return consumer;
  }

  pass(ms: number): Promise<void> {
    return this.scheduler.pass(ms);
  }

  get saved(): number {
    return this.checkpoints.load('sample');
  }
}

function textOf({ recorded, handler, error, next }: Failure): string {
  const why = error instanceof Error ? error.message : String(error);
  return `${handler} ${recorded.position} ${next}: ${why}`;
}

/** Lets nothing at these positions through until `heal` is called. */
export class Poison {
  tries = 0;
  private isHealed = false;

  constructor(
    private readonly positions: readonly number[],
    private readonly error: () => Error = () => new Error('poisoned'),
  ) {}

  readonly take: Take = ({ position }) => {
    if (this.isHealed || !this.positions.includes(position)) return;
    this.tries += 1;
    throw this.error();
  };

  heal(): void {
    this.isHealed = true;
  }
}
