import type { EventFeed } from '#libs/event-log';
import type { ConsumedFeed } from './consumed-feed.js';

/** The events of services in other processes. */
export interface RemoteFeeds {
  feedOf(origin: string): ConsumedFeed | undefined;
  /** Starts to listen for news of these origins. */
  follow(origins: readonly string[]): void;
}

/** 总线: where a service finds the events of the others, in its own process or in theirs. */
export class EventBus {
  private readonly feeds = new Map<string, EventFeed>();

  constructor(private readonly remote?: RemoteFeeds) {}

  /** Lets others read `feed`. */
  publish(feed: EventFeed): void {
    this.feeds.set(feed.origin, feed);
  }

  /** The feed of an origin, or undefined when nothing is known of that service here. */
  feedOf(origin: string): ConsumedFeed | undefined {
    return this.feeds.get(origin) ?? this.remote?.feedOf(origin);
  }

  /** The same, but only of a service in this process: it can be asked at any time. */
  feedHere(origin: string): EventFeed | undefined {
    return this.feeds.get(origin);
  }

  /** Starts to listen for news of those origins that run elsewhere. */
  follow(origins: readonly string[]): void {
    this.remote?.follow(origins.filter((origin) => !this.feeds.has(origin)));
  }
}
