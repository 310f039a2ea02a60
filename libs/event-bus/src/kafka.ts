// The only file that knows kafkajs: to put another client in its place is to write this one anew.
import kafkajs, {
  type Admin,
  type ConfigEntries,
  type Consumer,
  type EachBatchPayload,
  Kafka,
  type KafkaMessage,
  logLevel,
  Partitioners,
  type Producer,
  type SASLOptions,
} from 'kafkajs';
import type { Scheduler } from '#libs/scheduler';
import {
  type Broker,
  type Follower,
  type Following,
  type Incoming,
  type Outgoing,
  TopicUnfit,
  type TopicShape,
} from './broker.js';
import { CHECKED_SETTINGS, differences, settingsOf } from './topic-settings.js';
import type { BrokerUser, KafkaOptions } from './kafka-options.js';
import { explained, type KafkaCircumstances, type KafkaWork } from './kafka-faults.js';

const SESSION_MS = 10_000;
const REQUEST_MS = 10_000;
const FETCH_WAIT_MS = 500;
/** Without a fetch for so long, what the topics say is old. */
const LIVE_MS = 2_500;
const RETRY_FIRST_MS = 200;
const RETRY_MAX_MS = 2_000;
const TOPIC_RESOURCE = kafkajs.ConfigResourceTypes.TOPIC;
const RETRY = { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 };

export function openKafka(options: KafkaOptions): Broker {
  return new KafkaBroker(options);
}

class KafkaBroker implements Broker {
  private readonly kafka: Kafka;
  private readonly admin: Admin;
  private readonly partitions = new Map<string, readonly { readonly partitionId: number }[]>();
  private readonly partitioner = Partitioners.DefaultPartitioner();
  private producing: Promise<Producer> | undefined;

  constructor(private readonly options: KafkaOptions) {
    const { brokers, client, tls, user, requestMs = REQUEST_MS } = options;
    this.kafka = new Kafka({
      brokers: [...brokers],
      clientId: client,
      ...(tls !== undefined && { ssl: tls }),
      ...(user !== undefined && { sasl: saslOf(user) }),
      connectionTimeout: 3_000,
      requestTimeout: requestMs,
      retry: RETRY,
      // What fails is thrown, and told once by whoever tries it again.
      logLevel: logLevel.NOTHING,
    });
    this.admin = this.kafka.admin();
  }

  async openTopic(topic: string): Promise<void> {
    if (this.partitions.has(topic)) return;
    const work = { right: 'Describe, or to Create', topics: [topic] };
    await this.explaining(work, () => this.madeOrChecked(topic));
  }

  private async madeOrChecked(topic: string): Promise<void> {
    await this.admin.connect();
    const { partitions, replicas } = this.options.topics;
    const known = await this.admin.listTopics();
    if (!known.includes(topic)) {
      const shape = { numPartitions: partitions, replicationFactor: replicas };
      const stated = Object.entries(settingsOf(this.options.topics));
      const configEntries = stated.map(([name, value]) => ({ name, value }));
      await this.admin.createTopics({ topics: [{ topic, ...shape, configEntries }] });
    }
    const { topics } = await this.admin.fetchTopicMetadata({ topics: [topic] });
    const found = topics[0]?.partitions ?? [];
    if (found.length !== partitions) {
      throw new TopicUnfit(
        `${topic} has ${found.length} partitions, BUS_PARTITIONS says ${partitions}: another ` +
          'number sends streams elsewhere; make a new topic or set it right',
      );
    }
    this.partitions.set(topic, found);
    if (known.includes(topic)) await this.tellDifferences(topic, found[0]?.replicas.length ?? 0);
  }

  /** The operator may have changed them, or forgotten a setting: he hears of it, and decides. */
  private async tellDifferences(topic: string, copies: number): Promise<void> {
    const { topics, onDifference } = this.options;
    const resource = { type: TOPIC_RESOURCE, name: topic, configNames: [...CHECKED_SETTINGS] };
    // Who may not read the settings of a topic may still use it.
    const found = await this.admin
      .describeConfigs({ includeSynonyms: false, resources: [resource] })
      .catch(() => undefined);
    const entries = found?.resources[0]?.configEntries ?? [];
    const told = differences({ copies, settings: settingsIn(entries) }, topics);
    if (told.length > 0) onDifference?.(`${topic} is there with ${told.join(', ')}`);
  }

  partitionOf(topic: string, key: string): number {
    const partitionMetadata = [...(this.partitions.get(topic) ?? [])] as never[];
    return this.partitioner({ topic, partitionMetadata, message: { key, value: null } });
  }

  async send(topic: string, messages: readonly Outgoing[]): Promise<void> {
    await this.explaining({ right: 'Write', topics: [topic] }, async () => {
      const producing = (this.producing ??= this.newProducer());
      try {
        const producer = await producing;
        await producer.send({ topic, acks: -1, messages: [...messages] });
      } catch (error) {
        // The topic may be gone, or another.
        this.partitions.delete(topic);
        await this.giveUp(producing);
        throw error;
      }
    });
  }

  private async explaining(work: KafkaWork, ask: () => Promise<void>): Promise<void> {
    try {
      await ask();
    } catch (error) {
      throw explained(error, circumstances(this.options), work);
    }
  }

  follow(follower: Follower): Following {
    return new KafkaFollowing(this.kafka, this, this.options, follower);
  }

  async close(): Promise<void> {
    if (this.producing !== undefined) await this.giveUp(this.producing);
    await this.admin.disconnect();
  }

  /** Idempotent: what the client sends again by itself, the broker keeps once and in order. */
  private async newProducer(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  }

  /**
   * kafkajs numbers what it sends. When it gave up on messages that the broker has kept, its numbers
   * are behind for good, and all that follows is refused: another producer begins anew.
   */
  private async giveUp(producing: Promise<Producer>): Promise<void> {
    if (this.producing === producing) this.producing = undefined;
    await producing.then((producer) => producer.disconnect()).catch(() => undefined);
  }
}

class KafkaFollowing implements Following {
  private readonly stopping = new AbortController();
  private readonly paused = new Set<string>();
  private readonly scheduler: Scheduler;
  private readonly topics: TopicShape;
  private readonly done: Promise<void>;
  private consumer: Consumer | undefined;
  private fetchedAt = -Infinity;
  private crashed: (error: Error | undefined) => void = () => undefined;

  constructor(
    private readonly kafka: Kafka,
    private readonly broker: Broker,
    private readonly options: KafkaOptions,
    private readonly follower: Follower,
  ) {
    this.scheduler = options.scheduler;
    this.topics = options.topics;
    this.done = this.run();
  }

  get isLive(): boolean {
    return this.scheduler.elapsedMs() - this.fetchedAt < LIVE_MS;
  }

  pause(topic: string): void {
    this.paused.add(topic);
    this.whileRunning((consumer) => consumer.pause([{ topic }]));
  }

  resume(topic: string): void {
    this.paused.delete(topic);
    this.whileRunning((consumer) => consumer.resume([{ topic }]));
  }

  commit(topic: string, partition: number, offset: string): void {
    // A commit that is lost only brings messages again that are known.
    void this.consumer?.commitOffsets([{ topic, partition, offset }]).catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.crashed(undefined);
    await this.done;
  }

  private async run(): Promise<void> {
    let pauseMs = RETRY_FIRST_MS;
    while (!this.stopping.signal.aborted) {
      const since = this.scheduler.elapsedMs();
      try {
        await this.followOnce();
      } catch (error) {
        const { topics, group } = this.follower;
        const work = { right: 'Read', topics, group };
        this.follower.onFault(explained(error, circumstances(this.options), work));
      }
      if (this.scheduler.elapsedMs() - since > SESSION_MS) pauseMs = RETRY_FIRST_MS;
      await this.scheduler.sleep(pauseMs, this.stopping.signal);
      pauseMs = Math.min(pauseMs * 2, RETRY_MAX_MS);
    }
  }

  /** Until it fails or is stopped. kafkajs gives up by itself on some failures: it is made anew. */
  private async followOnce(): Promise<void> {
    const { topics, group, onMessages } = this.follower;
    for (const topic of topics) await this.broker.openTopic(topic);
    const consumer = this.kafka.consumer({
      groupId: group,
      sessionTimeout: SESSION_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      retry: { ...RETRY, restartOnFailure: async () => false },
    });
    const crash = new Promise<Error | undefined>((resolve) => (this.crashed = resolve));
    // From here on stopping ends the wait below; before, nobody would have heard of it.
    if (this.stopping.signal.aborted) return;
    consumer.on(consumer.events.CRASH, ({ payload }) => this.crashed(payload.error));
    consumer.on(consumer.events.FETCH, () => (this.fetchedAt = this.scheduler.elapsedMs()));
    const eachBatch = async ({ batch }: EachBatchPayload): Promise<void> => {
      await onMessages(batch.topic, batch.partition, batch.messages.map(incoming));
    };
    try {
      await consumer.connect();
      // What expired is had from the origin, so that old offsets that are gone need no replay.
      await consumer.subscribe({ topics: [...topics], fromBeginning: false });
      this.consumer = consumer;
      // One partition that waits for room must not hold up the others.
      const partitionsConsumedConcurrently = topics.length * this.topics.partitions;
      await consumer.run({ autoCommit: false, partitionsConsumedConcurrently, eachBatch });
      for (const topic of this.paused) consumer.pause([{ topic }]);
      const error = await crash;
      if (error !== undefined) throw error;
    } finally {
      this.consumer = undefined;
      await consumer.disconnect().catch(() => undefined);
    }
  }

  private whileRunning(work: (consumer: Consumer) => void): void {
    if (this.consumer !== undefined) work(this.consumer);
  }
}

function circumstances({ tls, user }: KafkaOptions): KafkaCircumstances {
  return { isTls: tls !== undefined, user: user?.username };
}

function settingsIn(entries: readonly ConfigEntries[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entries.map(({ configName, configValue }) => [configName, configValue]),
  );
}

/** kafkajs tells the mechanisms apart by their types. */
function saslOf({ mechanism, ...user }: BrokerUser): SASLOptions {
  return mechanism === 'scram-sha-256' ? { mechanism, ...user } : { mechanism, ...user };
}

function incoming({ headers, value, offset }: KafkaMessage): Incoming {
  return { headers: headers ?? {}, value: value ?? NOTHING, offset };
}

const NOTHING = new Uint8Array();
