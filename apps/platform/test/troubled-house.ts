import type { Recorded } from '#libs/event';
import { EventBus, EventBusTransport, openMemoryCheckpoints } from '#libs/event-bus';
import { LogBusy } from '#libs/event-log';
import { SimulatedScheduler } from '#libs/scheduler';
import {
  type Hear,
  keptInMemory,
  mediationKeeps,
  mediationOver,
  type Participant,
  registryKeeps,
  registryOver,
} from './conversation.js';

const START = Date.parse('2026-03-09T08:00:00.000Z');
const SETTLE_MS = 30_000;
const ROUNDS_MAX = 50;

/** How much goes wrong: the share of deliveries. */
export interface Troubles {
  readonly poisoned: number;
  readonly busy: number;
  readonly repeated: number;
  readonly slow: number;
}

export const QUIET: Troubles = { poisoned: 0, busy: 0, repeated: 0, slow: 0 };

/** Numbers from 0 to below 1, always the same for one seed. */
export function chanceOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Registry and mediation, hearing each other over a bus on which much goes wrong. */
export class TroubledHouse {
  readonly scheduler: SimulatedScheduler;
  readonly registry;
  readonly mediation;
  /** What was parked at some time. */
  readonly parked = new Set<string>();
  private readonly transports: readonly EventBusTransport[];
  private readonly poisoned = new Map<string, boolean>();
  private isHealed = false;

  constructor(
    private readonly chance: () => number,
    private readonly troubles: Troubles,
  ) {
    this.scheduler = new SimulatedScheduler(START, chance);
    const bus = new EventBus();
    const clock = this.scheduler;
    const neighbours = {
      caughtUp: async () => true,
      reached: async (_: string, position: number) => ({ handled: position + 1 }),
    };
    this.registry = registryOver(keptInMemory(registryKeeps, clock), clock);
    this.mediation = mediationOver(keptInMemory(mediationKeeps, clock), clock, neighbours);
    const both = [this.registry, this.mediation];
    for (const { log } of both) bus.publish(log);
    this.transports = both.map((each) => this.listening(bus, each));
  }

  /** Lets some time pass, more or less, or none. */
  async pass(): Promise<void> {
    if (this.chance() < 0.5) await this.scheduler.pass(this.chance() * 3000);
  }

  /** Until everything was heard, and operators have had tried again what was parked. */
  async settle(): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      this.isHealed = round > 2;
      const before = await this.heads();
      await this.scheduler.pass(SETTLE_MS);
      const tried = await this.retryAll();
      if (this.isHealed && !tried && before === (await this.heads())) {
        this.isHealed = false;
        return;
      }
    }
    throw new Error('the house never settles');
  }

  async close(): Promise<void> {
    const closed = this.transports.map((transport) => transport.close());
    await this.scheduler.pass(SETTLE_MS);
    await Promise.all(closed);
  }

  private async retryAll(): Promise<boolean> {
    let tried = false;
    for (const transport of this.transports) {
      for (const { id } of await transport.list()) {
        this.parked.add(id);
        const retried = transport.retry(id);
        await this.scheduler.pass(SETTLE_MS);
        await retried;
        tried = true;
      }
    }
    return tried;
  }

  private async heads(): Promise<string> {
    return `${await this.registry.log.head()} ${await this.mediation.log.head()}`;
  }

  private listening(bus: EventBus, { hears }: Participant): EventBusTransport {
    const transport = new EventBusTransport(bus, openMemoryCheckpoints(), this.scheduler);
    for (const [pattern, hear] of hears) {
      const troubled: Hear = (recorded) => this.troubled(hear, recorded);
      transport.addHandler(pattern, troubled, true, { handler: hear.name });
    }
    transport.listen(() => undefined);
    return transport;
  }

  private async troubled(hear: Hear, recorded: Recorded): Promise<void> {
    const { poisoned, busy, repeated, slow } = this.troubles;
    if (this.chance() < slow) await this.scheduler.sleep(this.chance() * 500);
    if (!this.isHealed && this.isPoisoned(hear.name, recorded, poisoned)) {
      throw new Error('poisoned');
    }
    if (this.chance() < busy) throw new LogBusy(recorded.origin, 50);
    const times = this.chance() < repeated ? 2 : 1;
    await Promise.all(Array.from({ length: times }, () => hear(recorded)));
    // What was done may still not be known to whoever asked.
    if (this.chance() < busy) throw new LogBusy(recorded.origin, 50);
  }

  /** The same for every try, until the handler is mended; what comes later may be another matter. */
  private isPoisoned(handler: string, { origin, position }: Recorded, share: number): boolean {
    const key = `${handler} ${origin}@${position}`;
    const known = this.poisoned.get(key) ?? this.chance() < share;
    this.poisoned.set(key, known);
    return known;
  }
}
