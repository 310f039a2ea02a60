import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CloudEvent, Kafka } from 'cloudevents';
import { Kafka as KafkaClient } from 'kafkajs';
import { type Broker, type KafkaOptions, openKafka } from '#libs/event-bus';
import { SystemClock } from '#libs/scheduler';
import { startKafka } from './kafka.ts';
import { LeftOut } from './left-out.ts';
import { freePorts, isRunning, type Server } from './server.ts';

const LIMIT_MS = 90_000;
const WHOSE = { ce_source: 'localhost/sample', ce_specversion: '1.0' };
const TOPICS = { partitions: 3, replicas: 1, retentionDays: 7 };

let dir: string;
let server: Server | undefined;
let broker: Broker;

const brokerAt = (url: string, topics = TOPICS, more: Partial<KafkaOptions> = {}): Broker =>
  openKafka({
    ...more,
    brokers: [url.replace('kafka://', '')],
    client: 'spec',
    topics,
    scheduler: new SystemClock(),
  });

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fengqiao-kafka-'));
  try {
    server = await startKafka({ dir });
    broker = brokerAt(server.url);
  } catch (error) {
    // `npm test` says what it left out: scripts/test-servers.spec.ts.
    if (!(error instanceof LeftOut) || process.env['REQUIRE_SERVERS'] === '1') throw error;
  }
}, LIMIT_MS);
afterAll(async () => {
  await broker?.close();
  await server?.stop();
  rmSync(dir, { recursive: true, force: true });
}, LIMIT_MS);

/** Runs on a real broker, or not at all. */
function onKafka(title: string, run: (server: Server) => Promise<void>): void {
  test(title, async () => (server === undefined ? undefined : run(server)), LIMIT_MS);
}

const message = (partition: number, n: number) => ({
  partition,
  key: `grid-${partition}`,
  headers: {
    'content-type': 'application/json',
    ce_id: `e-${n}`,
    ce_type: 'sample.Event',
    ...WHOSE,
  },
  value: JSON.stringify({ n }),
});

describe('topics', () => {
  onKafka('are made as stated, once', async ({ url }) => {
    await broker.openTopic('stated');
    const again = brokerAt(url);
    await again.openTopic('stated');
    await again.close();
    expect(broker.partitionOf('stated', 'grid-1')).toBeLessThan(3);
  });

  onKafka('of another shape are refused', async ({ url }) => {
    await broker.openTopic('three');
    const other = brokerAt(url, { ...TOPICS, partitions: 4 });
    await expect(other.openTopic('three')).rejects.toMatchObject({ code: 'TOPIC_UNFIT' });
    await other.close();
  });

  onKafka('with another retention or other copies are used, and it is told', async ({ url }) => {
    await broker.openTopic('kept');
    const told: string[] = [];
    const onDifference = (line: string) => void told.push(line);
    for (const topics of [TOPICS, { ...TOPICS, replicas: 3, retentionDays: 1 }]) {
      const other = brokerAt(url, topics, { onDifference });
      await other.openTopic('kept');
      await other.close();
    }
    expect(told).toEqual([
      'kept is there with 1 copies where BUS_REPLICAS says 3, retention.ms 604800000 in place of 86400000',
    ]);
  });

  onKafka('are not reached by TLS where there is none, and it is said', async ({ url }) => {
    const other = brokerAt(url, TOPICS, { tls: {} });
    await expect(other.openTopic('plain')).rejects.toThrow(/^the brokers do not speak TLS/);
    await other.close();
  });

  onKafka('that are gone are made again with the next message', async ({ url }) => {
    await broker.openTopic('gone');
    await broker.send('gone', [message(0, 1)]);
    const admin = new KafkaClient({ brokers: [url.replace('kafka://', '')], logLevel: 0 }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: ['gone'] });
    await admin.disconnect();
    await expect(broker.send('gone', [message(0, 2)])).rejects.toThrow();
    await until(async () => {
      const sent = broker.openTopic('gone').then(() => broker.send('gone', [message(0, 3)]));
      return sent.then(
        () => true,
        () => false,
      );
    });
  });

  onKafka('take a key to the partition that Java clients choose', async () => {
    await broker.openTopic('keys');
    // What Kafka's own tests expect of its murmur2 (UtilsTest.java).
    const hashes: Readonly<Record<string, number>> = {
      21: -973932308,
      foobar: -790332482,
      'a-little-bit-long-string': -985981536,
      'a-little-bit-longer-string': -1486304829,
      abc: 479470107,
    };
    for (const [key, hash] of Object.entries(hashes)) {
      expect(broker.partitionOf('keys', key)).toBe((hash & 0x7fffffff) % 3);
    }
  });
});

describe('messages', () => {
  onKafka('come to who follows, in the order of each partition, as others read them', async () => {
    await broker.openTopic('messages');
    const came: { partition: number; n: number; read: unknown }[] = [];
    const following = broker.follow({
      topics: ['messages'],
      group: 'spec-messages',
      onFault: () => undefined,
      onMessages: (_topic, partition, messages) => {
        for (const { headers: bytes, value } of messages) {
          const names = ['content-type', 'ce_id', 'ce_type', 'ce_source', 'ce_specversion'];
          const headers = Object.fromEntries(names.map((name) => [name, String(bytes[name])]));
          const body = Buffer.from(value);
          const read = Kafka.toEvent({ key: 'k', headers, value: body, body } as never);
          const { n } = JSON.parse(body.toString()) as { n: number };
          came.push({ partition, n, read });
        }
      },
    });
    await until(() => following.isLive);
    for (let n = 0; n < 30; n += 1) await broker.send('messages', [message(n % 3, n)]);
    await until(() => came.length === 30);
    await following.stop();
    for (const partition of [0, 1, 2]) {
      const own = came.filter((each) => each.partition === partition).map(({ n }) => n);
      expect(own).toEqual(Array.from({ length: 10 }, (_, index) => index * 3 + partition));
    }
    for (const { read } of came) expect((read as CloudEvent<unknown>).validate()).toBe(true);
  });

  onKafka('a paused topic brings nothing, and all of it once it is resumed', async () => {
    await broker.openTopic('paused');
    const came: number[] = [];
    const following = broker.follow({
      topics: ['paused'],
      group: 'spec-paused',
      onFault: () => undefined,
      onMessages: (_topic, _partition, messages) => void came.push(...messages.map(() => 1)),
    });
    await until(() => following.isLive);
    following.pause('paused');
    // A fetch that is on its way may still bring something.
    await delay(1000);
    await broker.send('paused', [message(0, 1), message(1, 2)]);
    await delay(1500);
    expect(came).toEqual([]);
    expect(following.isLive).toBe(true);
    following.resume('paused');
    await until(() => came.length === 2);
    await following.stop();
  });

  onKafka('go on after the offset that was committed', async () => {
    await broker.openTopic('offsets');
    const came: string[] = [];
    const follow = () =>
      broker.follow({
        topics: ['offsets'],
        group: 'spec-offsets',
        onFault: () => undefined,
        onMessages: (_topic, _partition, messages) =>
          void came.push(...messages.map(({ offset }) => offset)),
      });
    const first = follow();
    await until(() => first.isLive);
    for (let n = 0; n < 5; n += 1) await broker.send('offsets', [message(0, n)]);
    await until(() => came.length === 5);
    first.commit('offsets', 0, '3');
    await delay(500);
    await first.stop();
    came.length = 0;
    const second = follow();
    await until(() => came.length > 0);
    await second.stop();
    expect(came).toEqual(['3', '4']);
  });
});

describe('who follows', () => {
  onKafka('may stop before the broker has answered', async () => {
    const following = broker.follow({
      topics: ['stopped-at-once'],
      group: 'spec-stopped',
      onFault: () => undefined,
      onMessages: () => undefined,
    });
    const stopped = following.stop().then(() => true);
    expect(await Promise.race([stopped, delay(15_000, false)])).toBe(true);
  });
});

describe('a broker that was asleep', () => {
  onKafka('takes what follows, though it kept what it had not acknowledged', async (asleep) => {
    const sender = brokerAt(asleep.url, TOPICS, { requestMs: 500 });
    await sender.openTopic('asleep');
    await sender.send('asleep', [message(0, 1)]);
    process.kill(asleep.pid, 'SIGSTOP');
    try {
      await expect(sender.send('asleep', [message(0, 2), message(0, 3)])).rejects.toThrow();
    } finally {
      process.kill(asleep.pid, 'SIGCONT');
    }
    // It reads now what was sent to it while it was asleep.
    await delay(2_000);
    const more = [message(0, 2), message(0, 3), message(0, 4)];
    await until(async () => {
      await sender.openTopic('asleep').catch(() => undefined);
      return sender.send('asleep', more).then(
        () => true,
        () => false,
      );
    });
    await sender.close();
  });
});

describe('a broker that is killed', () => {
  onKafka('has what was acknowledged, on the same port, once it is back', async () => {
    await broker.openTopic('killed');
    await broker.send('killed', [message(0, 1)]);
    const [pid, url] = [server?.pid ?? 0, server?.url];
    server?.kill('SIGKILL');
    await until(() => !isRunning(pid, 'kafka.Kafka'));
    await expect(broker.send('killed', [message(0, 2)])).rejects.toThrow();
    server = await startKafka({ dir });
    expect(server.url).toBe(url);
    await until(async () => {
      const sent = broker.send('killed', [message(0, 3)]);
      return sent.then(
        () => true,
        () => false,
      );
    });
  });

  test('is nobody else’s process', async () => {
    const [port] = await freePorts(1);
    expect(port).toBeGreaterThan(0);
    expect(isRunning(process.pid, 'kafka.Kafka')).toBe(false);
  });
});

/** @throws Error after 20 s */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not come about within 20 s');
    await delay(50);
  }
}
