import { publishedEventsOf } from '#libs/contracts';
import type { Scheduler } from '#libs/scheduler';
import type { Broker, Following } from './broker.js';
import { FeedClient } from './feed-client.js';
import { MessageReader } from './message-reader.js';
import { RemoteFeed } from './remote-feed.js';
import { RepeatedFaults } from './repeated-faults.js';
import { TopicTail } from './topic-tail.js';

export interface RemoteBusOptions {
  /** Where the feed of each other service is, by its name. */
  readonly feeds: Readonly<Record<string, string>>;
  readonly token: () => Promise<string>;
  readonly scheduler: Scheduler;
  /** Without it the feeds are all there is. */
  readonly broker?: Broker;
  /** Names who follows, to the broker. */
  readonly group: string;
  readonly topicOf: (origin: string) => string;
  /** What the relays share: a message without its code was sent by none of them. */
  readonly codeKey: Uint8Array;
  readonly onFault: (error: unknown) => void;
}

/** 远端总线: the events of services in other processes. */
export class RemoteBus {
  private readonly remote = new Map<string, RemoteFeed>();
  private readonly tails = new Map<string, TopicTail>();
  private following: Following | undefined;
  private readonly faults: RepeatedFaults;

  constructor(private readonly options: RemoteBusOptions) {
    this.faults = new RepeatedFaults(options.scheduler);
  }

  feedOf(origin: string): RemoteFeed | undefined {
    const { feeds, token, scheduler, onFault } = this.options;
    const url = Object.hasOwn(feeds, origin) ? feeds[origin] : undefined;
    if (url === undefined) return undefined;
    let feed = this.remote.get(origin);
    if (feed === undefined) {
      const client = new FeedClient({ origin, url, token });
      feed = new RemoteFeed({ origin, client, scheduler, onFault });
      this.remote.set(origin, feed);
    }
    return feed;
  }

  /** Follows the topics of these origins, whenever the broker is there. */
  follow(origins: readonly string[]): void {
    const { broker, topicOf, group, scheduler, codeKey } = this.options;
    const feeds = origins.flatMap((origin) => this.feedOf(origin) ?? []);
    if (broker === undefined || feeds.length === 0) return;
    for (const feed of feeds) {
      const { origin } = feed;
      const topic = topicOf(origin);
      const reader = new MessageReader(codeKey, { origin, topic }, publishedEventsOf(origin));
      const tail = new TopicTail({
        ...{ topic, feed, reader, scheduler },
        following: () => this.following,
        onRefused: (told) => this.options.onFault(new Error(told)),
      });
      this.tails.set(topic, tail);
      feed.attach(tail);
    }
    this.following = broker.follow({
      topics: [...this.tails.keys()],
      group,
      onMessages: (topic, partition, messages) => this.tails.get(topic)?.take(partition, messages),
      onFault: (error) => this.tell(error),
    });
  }

  async close(): Promise<void> {
    await this.following?.stop();
  }

  private tell(error: unknown): void {
    if (this.faults.isDue(String(error))) this.options.onFault(error);
  }
}
