import type { Recorded } from '#libs/event';

/** 处理者: one method of a reaction, as it is told apart from the others for one event. */
export interface Handler {
  /** `Reaction.method`, such as `ReturnDisputesReaction.on`: kept on disk, so rename with care. */
  readonly name: string;
  /** Resolves when the event has had its effect, durably; may be called again for the same one. */
  readonly handle: (recorded: Recorded) => Promise<void>;
}

/** The class of a handler: all its methods hear a stream in its order, also when one is parked. */
export function reactionOf(handler: string): string {
  return handler.split('.', 1)[0] ?? handler;
}
