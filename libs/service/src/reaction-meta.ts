import type { Recorded } from '#libs/event';
import { reactionId } from '#libs/event-bus';
import { type CommandMeta, positionText } from '#libs/event-log';

/**
 * Under which id and in whose name a service answers another's event: the same for every delivery.
 *
 * @param reaction the command it sends
 * @param target what the command acts on, when one event leads to several
 */
export function reactionMeta(
  service: string,
  recorded: Recorded,
  reaction: string,
  target = '',
): CommandMeta {
  return {
    commandId: reactionId(recorded, reaction, target),
    actor: `service:${service}`,
    // The event itself is in the id already; where its log keeps it is no part of what is asked.
    request: [reaction, target],
    cause: positionText(recorded.origin, recorded.position),
  };
}
