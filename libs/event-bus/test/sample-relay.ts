import { z } from 'zod';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { SimulatedScheduler } from '#libs/scheduler';
import type { Broker, Follower, Following, Incoming, Outgoing } from '../src/broker.js';
import { cloudEventOf, type EventAttributes, jsonOf, recordedFrom } from '../src/cloud-event.js';
import type { FeedAnswer, FeedQuestion } from '../src/feed-client.js';
import { FeedUnreachable } from '../src/feed-client.js';
import { Relay, type RelayOptions } from '../src/relay.js';
import type { RelayHold, RelayLease, RelayState } from '../src/relay-state.js';

export const PARTITIONS = 3;
export const TOPIC = 'localhost.sample.v1';
export const CODE_KEY = new Uint8Array(32).fill(7);
export const published = { Counted: z.strictObject({ n: z.int() }) };
const events = { ...published, Own: z.strictObject({ n: z.int() }) };
const START = Date.parse('2026-03-01T00:00:00.000Z');

/** Keeps what was sent; a spec says what fails. */
export class MemoryBroker implements Broker {
  readonly sent: Outgoing[] = [];
  /** Called before messages are kept; what it throws, the relay hears. */
  onSend: () => void | Promise<void> = () => undefined;
  follower: Follower | undefined;
  readonly commits: string[] = [];
  readonly paused = new Set<string>();
  isLive = true;

  async openTopic(): Promise<void> {}

  partitionOf(_topic: string, key: string): number {
    return [...key].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % PARTITIONS;
  }

  async send(_topic: string, messages: readonly Outgoing[]): Promise<void> {
    await this.onSend();
    this.sent.push(...messages);
  }

  follow(follower: Follower): Following {
    this.follower = follower;
    const live = (): boolean => this.isLive;
    return {
      get isLive() {
        return live();
      },
      pause: (topic) => void this.paused.add(topic),
      resume: (topic) => void this.paused.delete(topic),
      commit: (topic, partition, offset) =>
        void this.commits.push(`${topic}/${partition}@${offset}`),
      stop: async () => undefined,
    };
  }

  async close(): Promise<void> {}

  /** `PARTITION:POSITION after A previous B`, or `PARTITION:<HEAD ...` for progress. */
  told(): readonly string[] {
    return this.sent.map(({ partition, headers }) => {
      const place = headers['ce_position'] ?? `<${headers['ce_head']}`;
      return `${partition}:${place} after ${headers['ce_after']} previous ${headers['ce_previous']}`;
    });
  }
}

/** As a client of the broker gives it: headers and value are bytes. */
export function incoming({ headers, value }: Outgoing, offset = '0'): Incoming {
  const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)] as const);
  return { headers: Object.fromEntries(bytes), value: Buffer.from(value), offset };
}

/** A lease in memory that a spec can take away. */
export class MemoryLease implements RelayLease {
  epoch = 0;
  state: RelayState | undefined;
  private isHeld = false;

  async tryToHold(): Promise<RelayHold | undefined> {
    if (this.isHeld) return undefined;
    this.isHeld = true;
    this.epoch += 1;
    const epoch = this.epoch;
    return {
      epoch,
      load: async () => this.state,
      save: async (state) => {
        if (epoch !== this.epoch) return false;
        this.state = state;
        return true;
      },
      release: async () => {
        if (epoch === this.epoch) this.isHeld = false;
      },
    };
  }

  /** As if its holder had been asleep for too long. */
  takeAway(): void {
    this.epoch += 1;
    this.isHeld = false;
  }
}

type JsonEvent = EventAttributes & { readonly data: unknown };

/** A log, what relays it and what asks for it. */
export class SampleRelay {
  readonly scheduler = new SimulatedScheduler(START, () => 0);
  readonly broker = new MemoryBroker();
  readonly lease = new MemoryLease();
  readonly faults: string[] = [];
  readonly log: EventLog = openMemoryLog({
    origin: 'sample',
    events,
    now: () => this.scheduler.now(),
  });
  source = 'localhost/sample';
  /** How often the origin was asked. */
  asked = 0;
  isAway = false;
  private count = 0;

  async append(type: 'Counted' | 'Own', ...streams: readonly string[]): Promise<void> {
    for (const stream of streams) {
      this.count += 1;
      const commandId = `0192f0c1-2b3c-7def-8abc-${String(this.count).padStart(12, '0')}`;
      const writes = [{ stream, events: [{ type, n: this.count }] }];
      const asked = { commandId, actor: 'li-1', fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA', reads: [] };
      await this.log.append({ ...asked, writes });
    }
  }

  relay(parts: Partial<RelayOptions> = {}): Relay {
    const { log, broker, lease, scheduler, source } = this;
    return new Relay({
      ...{ origin: 'sample', source, published, log, broker, lease, scheduler },
      topic: TOPIC,
      partitions: PARTITIONS,
      codeKey: CODE_KEY,
      onFault: (error) => this.faults.push(error instanceof Error ? error.message : String(error)),
      ...parts,
    });
  }

  /** Answers as `GET /feed` does. */
  async ask({ from, limit, waitMs, signal }: FeedQuestion): Promise<FeedAnswer> {
    this.asked += 1;
    if (this.isAway) throw new FeedUnreachable('sample', 'nobody there');
    if (waitMs > 0 && (await this.log.head()) === from) await this.news(waitMs, signal);
    const publisher = { origin: 'sample', source: this.source, published };
    const head = await this.log.head();
    const found: FeedAnswer['events'][number][] = [];
    let next = from;
    for (const bytes of await this.log.entries(from, 100)) {
      if (found.length === limit) break;
      const event = cloudEventOf(publisher, next, bytes);
      next += 1;
      if (event === undefined) continue;
      const { data, ...attributes } = JSON.parse(jsonOf(event)) as JsonEvent;
      found.push(recordedFrom('sample', published, attributes, data));
    }
    return { events: found, next, head, source: this.source };
  }

  private async news(waitMs: number, signal?: AbortSignal): Promise<void> {
    const woken = new AbortController();
    signal?.addEventListener('abort', () => woken.abort(), { once: true });
    const unsubscribe = this.log.onAppended(() => woken.abort());
    await this.scheduler.sleep(waitMs, woken.signal);
    unsubscribe();
  }

  pass(ms: number): Promise<void> {
    return this.scheduler.pass(ms);
  }
}
