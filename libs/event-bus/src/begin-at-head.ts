import type { EventFeed } from '#libs/event-log';
import type { Checkpoints } from './checkpoints.js';

/**
 * For reactions whose effect is outside the log, such as a message sent: the first time, and
 * whenever their checkpoint is lost, they begin with what is recorded from now on. Nobody is told
 * today what happened years ago; what was not sent before a loss is for people to find.
 *
 * @returns whether they begin now
 */
export async function beginAtHead(checkpoints: Checkpoints, feed: EventFeed): Promise<boolean> {
  if (checkpoints.origins().includes(feed.origin)) return false;
  checkpoints.save(feed.origin, await feed.head());
  return true;
}
