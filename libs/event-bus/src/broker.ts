/** A message on its way to a topic. */
export interface Outgoing {
  readonly partition: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** What a header of a message may be: bytes; several, when it came more than once. */
export type IncomingHeader = Uint8Array | string | readonly (Uint8Array | string)[] | undefined;

/** A message as it comes from a topic. */
export interface Incoming {
  readonly headers: Readonly<Record<string, IncomingHeader>>;
  readonly value: Uint8Array;
  readonly offset: string;
}

/** How topics are made. */
export interface TopicShape {
  readonly partitions: number;
  readonly replicas: number;
  readonly retentionDays: number;
}

/** Who follows topics. */
export interface Follower {
  readonly topics: readonly string[];
  readonly group: string;
  /**
   * Takes messages of one partition, in their order, at once: it has to keep them itself. The next
   * of that partition come once it has resolved, which must not take longer than a second.
   */
  readonly onMessages: (
    topic: string,
    partition: number,
    messages: readonly Incoming[],
  ) => void | Promise<void>;
  /** Hears that the topics cannot be followed; it is tried again. */
  readonly onFault: (error: unknown) => void;
}

export interface Following {
  /** Whether the broker has answered lately. */
  readonly isLive: boolean;
  /** Brings nothing more of a topic until it is resumed. */
  pause(topic: string): void;
  resume(topic: string): void;
  /** Where to go on after a restart: the offset after the last message that is done with. */
  commit(topic: string, partition: number, offset: string): void;
  stop(): Promise<void>;
}

/** 消息中间件: carries messages; what it loses, repeats or delays changes nothing. */
export interface Broker {
  /**
   * Makes a topic, or checks the one that is there.
   *
   * @throws TopicUnfit
   */
  openTopic(topic: string): Promise<void>;
  /** The partition of a key, as every client of the broker chooses it. */
  partitionOf(topic: string, key: string): number;
  /** Resolves when all are kept by as many brokers as the topic asks for. */
  send(topic: string, messages: readonly Outgoing[]): Promise<void>;
  follow(follower: Follower): Following;
  close(): Promise<void>;
}

/** The topic is not as it was stated: to send there would break the order of streams. */
export class TopicUnfit extends Error {
  readonly code = 'TOPIC_UNFIT';
}
