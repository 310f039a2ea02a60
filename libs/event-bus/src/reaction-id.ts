import { createHash } from 'node:crypto';
import type { Recorded } from '#libs/event';

/**
 * The command id with which a reaction answers an event: the same for every delivery, so that the
 * log refuses the second effect. It follows from the event, the reaction's name and what it acts on.
 *
 * The event is told by the commit that recorded it (a command id is one actor's own), its place in
 * its stream (a commit may write several), and the time. Not by its position: after a recovery the
 * positions of lost events are given again, and a new event would be taken for one that was
 * answered already. What was lost and is asked for anew is another event: its time is another.
 */
export function reactionId(cause: Recorded, reaction: string, target = ''): string {
  const { origin, actor, commandId, stream, version, recordedAt } = cause;
  // JSON keeps the parts apart, whatever characters are in them.
  const parts = [origin, actor, commandId, stream, version, reaction, target];
  return derivedId(recordedAt, JSON.stringify(parts));
}

/**
 * An id that is always the same for the same time and text. UUIDv8 (RFC 9562 section 5.8): the
 * time in milliseconds, then a hash of the text.
 *
 * @param time RFC 3339 time
 */
export function derivedId(time: string, text: string): string {
  const prefix = Date.parse(time).toString(16).padStart(12, '0');
  const hash = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hash.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  return [
    prefix.slice(0, 8),
    prefix.slice(8),
    `8${hash.slice(0, 3)}`,
    `${variant}${hash.slice(4, 7)}`,
    hash.slice(7, 19),
  ].join('-');
}
