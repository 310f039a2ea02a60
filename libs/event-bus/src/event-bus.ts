import type { EventFeed } from '#libs/event-log';

/** 总线: where the services of one process find each other's events. */
export class EventBus {
  private readonly feeds = new Map<string, EventFeed>();

  /** Lets others read `feed`. */
  publish(feed: EventFeed): void {
    this.feeds.set(feed.origin, feed);
  }

  /** The feed of an origin, or undefined when that service does not run in this process. */
  feedOf(origin: string): EventFeed | undefined {
    return this.feeds.get(origin);
  }
}
