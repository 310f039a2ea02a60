import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import type { Recorded } from '#libs/event';
import {
  type Broker,
  cloudEventOf,
  EventBus,
  EventBusTransport,
  FEED_HEADERS,
  jsonOf,
  MessageCode,
  openKafka,
  openSqliteCheckpoints,
  openSqliteRelayLease,
  Relay,
  RemoteBus,
} from '#libs/event-bus';
import { openSignedLog, type SignedLog } from '#libs/event-log';
import { openMemoryKeys, Sealing } from '#libs/privacy';
import { SystemClock } from '#libs/scheduler';
import { appendMany, type Streams } from './append.ts';
import { BareKafka, type Messages } from './bare-kafka.ts';
import { paced, until } from './pace.ts';
import { type Measured, quantile } from './figures.ts';
import { benchEvents, eventSource, idSource } from './sample-events.ts';

const PARTITIONS = 3;
const SOURCE = 'bench.localhost/bench';
const CODE_KEY = new Uint8Array(32).fill(7);

/** One topic on a real broker, and what goes through it: by our relay and consumer, and without. */
export class BrokerBench {
  private readonly clock = new SystemClock();
  private readonly log: SignedLog;
  private readonly streams: Streams;
  private readonly kafka: Kafka;
  private readonly bare: BareKafka;
  private readonly batches: Messages[] = [];
  private readonly dir: string;
  private readonly address: string;
  private rounds = 0;
  private isCold = true;

  constructor(dir: string, url: string) {
    this.dir = dir;
    this.address = url.replace('kafka://', '');
    this.log = openSignedLog(join(dir, 'bench'), {
      origin: 'bench',
      name: SOURCE,
      events: benchEvents,
      now: () => this.clock.now(),
    });
    const newId = idSource();
    const eventOf = eventSource(new Sealing(openMemoryKeys()), newId);
    this.streams = { versions: new Map(), newId, eventOf };
    this.kafka = new Kafka({ brokers: [this.address], logLevel: logLevel.NOTHING });
    this.bare = new BareKafka(this.kafka, () => this.madeTopic());
  }

  async fill(events: number): Promise<void> {
    await appendMany(this.log, this.streams, events, this.streams.newId);
  }

  async close(): Promise<void> {
    await this.log.close();
  }

  /** Events a second that are acknowledged by the broker, against the same messages sent barely. */
  async relay(): Promise<Measured & { readonly topic: string }> {
    const topic = this.newTopic();
    const broker = this.openBroker();
    await broker.openTopic(topic);
    const code = new MessageCode(CODE_KEY, { origin: 'bench', topic });
    const warm = code.sign({ partition: 0, key: 'warm', headers: WARM, value: '{}' });
    await broker.send(topic, [warm]);
    const events = await this.log.log.head();
    this.batches.length = 0;
    const kept: Broker = {
      openTopic: (name) => broker.openTopic(name),
      partitionOf: (name, key) => broker.partitionOf(name, key),
      follow: (follower) => broker.follow(follower),
      close: () => broker.close(),
      send: (name, messages) => {
        this.batches.push(messages);
        return broker.send(name, messages);
      },
    };
    const relay = this.relayOf(topic, kept);
    const started = performance.now();
    relay.start();
    await until(() => this.batches.flat().length >= events + PARTITIONS);
    await relay.stop();
    const value = events / ((performance.now() - started) / 1000);
    await broker.close();
    return { value, limit: events / (await this.bare.send(this.batches)), topic };
  }

  /**
   * Events a second that are handled and whose checkpoint is saved, against fetching the messages
   * as bytes, and against parsing what they carry as well.
   */
  async consume(topic: string): Promise<Record<'consume' | 'consume-parsed', Measured>> {
    const events = await this.log.log.head();
    // A first time of each, so that both are compiled.
    if (this.isCold) await this.hear(topic, events, 'cold');
    this.isCold = false;
    const bytes = await this.bare.fetch(topic, events, 'bytes');
    const value = await this.hear(topic, events);
    const parsed = await this.bare.fetch(topic, events, 'parsed');
    return { consume: { value, limit: bytes }, 'consume-parsed': { value, limit: parsed } };
  }

  /** From the answer to a command until another service has handled it, at 50 commands a second. */
  async visible(seconds: number): Promise<Measured> {
    const limit = await this.bare.lag(seconds);
    const topic = this.newTopic();
    const broker = this.openBroker();
    await broker.openTopic(topic);
    const seen = new Map<number, number>();
    const target = openSignedLog(join(this.dir, `target-${topic}`), {
      origin: 'target',
      name: 'bench.localhost/target',
      events: benchEvents,
      now: () => this.clock.now(),
    });
    const first = await this.log.log.head();
    const relay = this.relayOf(topic, broker);
    relay.start();
    const handle = async ({ position, event, commandId }: Recorded): Promise<void> => {
      if (position < first) return;
      const writes = [{ stream: `heard-${position}`, events: [event] }];
      const asked = { commandId, actor: 'service:target', fingerprint: FINGERPRINT, reads: [] };
      await target.log.append({ ...asked, writes });
      seen.set(position, performance.now());
    };
    const listening = await this.listen(topic, broker, { first, handle });
    // The group has its members once a first event has come through.
    await this.appendOne();
    await until(() => seen.size === 1);
    seen.clear();
    const lags: number[] = [];
    const acknowledged = new Map<number, number>();
    await paced(seconds, async () => {
      const position = await this.appendOne();
      acknowledged.set(position, performance.now());
    });
    await until(() => seen.size >= acknowledged.size);
    for (const [position, time] of acknowledged) lags.push((seen.get(position) ?? NaN) - time);
    await listening.close();
    await relay.stop();
    await broker.close();
    await target.close();
    return { value: quantile(lags, 0.99), limit };
  }

  private openBroker(): Broker {
    return openKafka({
      brokers: [this.address],
      client: 'bench',
      topics: { partitions: PARTITIONS, replicas: 1, retentionDays: 1 },
      scheduler: this.clock,
    });
  }

  private async madeTopic(): Promise<string> {
    const topic = this.newTopic();
    const broker = this.openBroker();
    await broker.openTopic(topic);
    await broker.close();
    return topic;
  }

  private newTopic(): string {
    this.rounds += 1;
    return `bench-${this.rounds}`;
  }

  private relayOf(topic: string, broker: Broker): Relay {
    return new Relay({
      origin: 'bench',
      source: SOURCE,
      published: benchEvents,
      log: this.log.log,
      broker,
      topic,
      partitions: PARTITIONS,
      codeKey: CODE_KEY,
      lease: openSqliteRelayLease(join(this.dir, `relay-${topic}`)),
      scheduler: this.clock,
      onFault: (error) => process.stderr.write(`${String(error)}\n`),
    });
  }

  private async hear(topic: string, events: number, name = 'heard'): Promise<number> {
    const group = `bench.${name}-${topic}`;
    const admin = this.kafka.admin();
    await admin.connect();
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({
      partition,
      offset: '0',
    }));
    await admin.setOffsets({ groupId: group, topic, partitions });
    await admin.disconnect();
    const broker = this.openBroker();
    let count = 0;
    let started = 0;
    let ended = 0;
    const handle = async (): Promise<void> => {
      started ||= performance.now();
      count += 1;
      if (count >= events) ended ||= performance.now();
    };
    const listening = await this.listen(topic, broker, { first: 0, handle, group, isSilent: true });
    await until(() => ended > 0);
    await listening.close();
    await broker.close();
    return events / ((ended - started) / 1000);
  }

  /** A consumer in another process, as far as it can tell. */
  private async listen(
    topic: string,
    broker: Broker,
    told: {
      readonly first: number;
      readonly handle: (recorded: Recorded) => Promise<void>;
      readonly group?: string;
      /** Whether the origin never has more to say, so that all comes from the broker. */
      readonly isSilent?: boolean;
    },
  ): Promise<{ close(): Promise<void> }> {
    const feed = createServer((request, response) => {
      void this.answer(request, response, told.isSilent === true);
    });
    await new Promise<void>((resolve) => feed.listen(0, '127.0.0.1', resolve));
    const remote = new RemoteBus({
      feeds: { bench: `http://127.0.0.1:${(feed.address() as AddressInfo).port}/feed` },
      token: async () => 'none',
      scheduler: this.clock,
      broker,
      group: told.group ?? `bench.${topic}`,
      topicOf: () => topic,
      codeKey: CODE_KEY,
      onFault: (error) => process.stderr.write(`${String(error)}\n`),
    });
    const dir = join(this.dir, told.group ?? `heard-${topic}`);
    const checkpoints = openSqliteCheckpoints(dir);
    checkpoints.save('bench', told.first);
    const transport = new EventBusTransport(new EventBus(remote), checkpoints, this.clock);
    transport.addHandler('bench.DisputeNoted', told.handle, true, { handler: 'HearReaction.on' });
    transport.listen(() => undefined);
    await this.clock.sleep(SETTLE_MS);
    return {
      close: async () => {
        await transport.close();
        await remote.close();
        checkpoints.close();
        feed.closeAllConnections();
        feed.close();
      },
    };
  }

  /** As `GET /feed` does. */
  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
    isSilent: boolean,
  ): Promise<void> {
    const { log } = this.log;
    const from = Number(new URL(request.url ?? '', 'http://bench').searchParams.get('from'));
    const entries = isSilent ? [] : await log.entries(from, 256);
    const publisher = { origin: 'bench', source: SOURCE, published: benchEvents };
    const events = entries.map((bytes, index) => cloudEventOf(publisher, from + index, bytes));
    response.setHeader(FEED_HEADERS.source, SOURCE);
    response.setHeader(FEED_HEADERS.head, isSilent ? from : await log.head());
    response.setHeader(FEED_HEADERS.next, from + entries.length);
    response.end(`[${events.map((each) => each && jsonOf(each)).join()}]`);
  }

  private async appendOne(): Promise<number> {
    const dispute = this.streams.newId();
    const outcome = await this.log.log.append({
      commandId: this.streams.newId(),
      actor: 'mediator-lin',
      fingerprint: FINGERPRINT,
      reads: [],
      writes: [{ stream: `dispute-${dispute}`, events: [this.streams.eventOf(dispute)] }],
    });
    if (outcome.status !== 'committed') throw new Error(`answered with ${outcome.status}`);
    return outcome.first;
  }
}

/** Until a group has its members. */
const SETTLE_MS = 3_000;
const FINGERPRINT = 'AAAAAAAAAAAAAAAAAAAAAA';
const WARM = { ce_after: '-1', ce_previous: '-1', ce_head: '0', ce_type: 'fengqiao.progress' };
