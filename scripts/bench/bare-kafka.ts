import type { Kafka } from 'kafkajs';
import type { Broker } from '#libs/event-bus';
import { quantile } from './figures.ts';
import { paced, until } from './pace.ts';

const PARTITIONS = 3;

export type Messages = Parameters<Broker['send']>[1];

/** The same messages by kafkajs alone. */
export class BareKafka {
  private readonly kafka: Kafka;
  private readonly newTopic: () => Promise<string>;

  constructor(kafka: Kafka, newTopic: () => Promise<string>) {
    this.kafka = kafka;
    this.newTopic = newTopic;
  }

  /** Seconds for the same batches, one after the other. */
  async send(batches: readonly Messages[]): Promise<number> {
    const topic = await this.newTopic();
    const producer = this.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    await producer.send({ topic, messages: [{ partition: 0, key: 'warm', value: '{}' }] });
    const started = performance.now();
    for (const messages of batches) {
      await producer.send({ topic, acks: -1, messages: [...messages] });
    }
    const seconds = (performance.now() - started) / 1000;
    await producer.disconnect();
    return seconds;
  }

  /** Events a second that are fetched as bytes, or that are parsed as well. */
  async fetch(topic: string, events: number, reading: 'bytes' | 'parsed'): Promise<number> {
    const groupId = `bare-${reading}-${topic}`;
    const consumer = this.kafka.consumer({ groupId, maxWaitTimeInMs: 500 });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    let count = 0;
    let started = 0;
    let ended = 0;
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        started ||= performance.now();
        for (const { headers, value } of batch.messages) {
          if (headers?.['ce_position'] && (reading === 'bytes' || isEvent(value))) count += 1;
        }
        if (count >= events) ended ||= performance.now();
      },
    });
    await until(() => ended > 0);
    await consumer.disconnect();
    return events / ((ended - started) / 1000);
  }

  /** The p99 from sending to having, in milliseconds. */
  async lag(seconds: number): Promise<number> {
    const topic = await this.newTopic();
    const producer = this.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    const consumer = this.kafka.consumer({ groupId: `bare-${topic}`, maxWaitTimeInMs: 500 });
    await producer.connect();
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const lags: number[] = [];
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const now = performance.now();
        for (const { headers } of batch.messages) lags.push(now - Number(headers?.['sent']));
      },
    });
    const value = 'x'.repeat(500);
    await producer.send({ topic, messages: [{ partition: 0, key: 'k', value }] });
    await until(() => lags.length === 1);
    lags.length = 0;
    let sent = 0;
    await paced(seconds, async () => {
      const headers = { sent: String(performance.now()) };
      const partition = (sent += 1) % PARTITIONS;
      await producer.send({ topic, acks: -1, messages: [{ partition, key: 'k', value, headers }] });
    });
    await until(() => lags.length >= sent);
    await consumer.disconnect();
    await producer.disconnect();
    return quantile(lags, 0.99);
  }
}

function isEvent(value: Buffer | null): boolean {
  return typeof JSON.parse(value?.toString() ?? 'null') === 'object';
}
