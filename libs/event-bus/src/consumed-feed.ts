import type { EventFeed } from '#libs/event-log';
import type { FeedPage } from './live-tail.js';

/**
 * A feed as a consumer reads it. That of another process brings only what is published, so that
 * positions are missing between its events, and says itself how far it has come.
 */
export interface ConsumedFeed extends EventFeed {
  /** How many messages were not believed; absent where none come. */
  readonly refused?: number;
  /** @throws what reading a log throws */
  page?(from: number, limit: number, signal?: AbortSignal): Promise<FeedPage>;
  /** Hears that everything before `position` has had its effect or is kept, and that this is saved. */
  handled?(position: number): void;
}

export async function pageOf(
  feed: ConsumedFeed,
  from: number,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<FeedPage> {
  if (feed.page !== undefined) return feed.page(from, limit, signal);
  const events = await feed.read(from, limit);
  for (const [index, { origin, position }] of events.entries()) {
    if (position === from + index) continue;
    throw new Error(`${origin}@${position} came where ${from + index} was to come`);
  }
  return { events, next: from + events.length };
}
