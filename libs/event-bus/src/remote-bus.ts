import { publishedEventsOf } from '#libs/contracts';
import type { Scheduler } from '#libs/scheduler';
import type { Broker, Following, Incoming } from './broker.js';
import { tailMessage } from './cloud-message.js';
import { FeedClient } from './feed-client.js';
import type { TailMessage } from './live-tail.js';
import { RemoteFeed, type TailSource } from './remote-feed.js';

const COMMIT_EVERY_MS = 1_000;
const MARKS_MAX = 1_000;

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
  readonly onFault: (error: unknown) => void;
}

/** 远端总线: the events of services in other processes. */
export class RemoteBus {
  private readonly remote = new Map<string, RemoteFeed>();
  private readonly tails = new Map<string, TopicTail>();
  private following: Following | undefined;
  private faultTold: string | undefined;

  constructor(private readonly options: RemoteBusOptions) {}

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
    const { broker, topicOf, group, scheduler } = this.options;
    const feeds = origins.flatMap((origin) => this.feedOf(origin) ?? []);
    if (broker === undefined || feeds.length === 0) return;
    for (const feed of feeds) {
      const topic = topicOf(feed.origin);
      const tail = new TopicTail(topic, feed, () => this.following, scheduler);
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

  /** The same fault again and again is one line. */
  private tell(error: unknown): void {
    const told = String(error);
    if (told !== this.faultTold) this.options.onFault(error);
    this.faultTold = told;
  }
}

/** The last message of some that came together: once it is done with, all of them are. */
interface Mark {
  readonly offset: string;
  readonly position: number;
}

/** One topic as a feed hears it. */
class TopicTail implements TailSource {
  private readonly marks = new Map<number, Mark[]>();
  private done = 0;
  private isCommitting = false;

  constructor(
    private readonly topic: string,
    private readonly feed: RemoteFeed,
    private readonly following: () => Following | undefined,
    private readonly scheduler: Scheduler,
  ) {}

  get isLive(): boolean {
    return this.following()?.isLive === true;
  }

  pause(): void {
    this.following()?.pause(this.topic);
  }

  resume(): void {
    this.following()?.resume(this.topic);
  }

  async take(partition: number, messages: readonly Incoming[]): Promise<void> {
    const last = messages.at(-1);
    if (last === undefined) return;
    const read = this.readAll(messages);
    if (read === undefined) return this.feed.doubt();
    const position = Math.max(...read.map((message) => message.position));
    const marks = this.marks.get(partition) ?? [];
    this.marks.set(partition, marks);
    // So many that wait are told apart no further: the last of them stands for those after it.
    if (marks.length >= MARKS_MAX) marks.pop();
    marks.push({ offset: last.offset, position });
    this.feed.accept(partition, read);
    await this.feed.room();
  }

  /** Undefined when one of them cannot be read: the origin's own answer then says what it is. */
  private readAll(messages: readonly Incoming[]): readonly TailMessage[] | undefined {
    const { origin } = this.feed;
    const known = publishedEventsOf(origin);
    try {
      return messages.map((message) => tailMessage(origin, known, message));
    } catch {
      return undefined;
    }
  }

  /** Offsets are committed after our own checkpoint has passed them, and not for each event. */
  handled(position: number): void {
    this.done = position;
    if (this.isCommitting) return;
    this.isCommitting = true;
    this.scheduler.inBackground(COMMIT_EVERY_MS, () => {
      this.isCommitting = false;
      this.commit();
    });
  }

  private commit(): void {
    for (const [partition, marks] of this.marks) {
      const open = marks.findIndex((mark) => mark.position >= this.done);
      const passed = marks.splice(0, open === -1 ? marks.length : open).at(-1);
      if (passed === undefined) continue;
      const next = (BigInt(passed.offset) + 1n).toString();
      this.following()?.commit(this.topic, partition, next);
    }
  }
}
