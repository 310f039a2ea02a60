import type { Recorded } from '#libs/event';
import type { Commit } from './event-log.js';

/** Where a log stands: what the next entry continues. */
export interface LogHead {
  readonly origin: string;
  readonly position: number;
  readonly recordedAt: string;
}

/** The entries that a valid commit adds after `head`, given how long each stream is now. */
export function entriesOf(
  commit: Commit,
  head: LogHead,
  now: string,
  versionOf: (stream: string) => number,
): readonly Recorded[] {
  // A clock that was set back must not make recorded time run backwards.
  const recordedAt = now > head.recordedAt ? now : head.recordedAt;
  const entries: Recorded[] = [];
  for (const { stream, events } of commit.writes) {
    const added = entries.filter((entry) => entry.stream === stream).length;
    const first = versionOf(stream) + added;
    for (const [index, event] of events.entries()) {
      entries.push({
        origin: head.origin,
        position: head.position + entries.length,
        stream,
        version: first + index,
        recordedAt,
        actor: commit.actor,
        commandId: commit.commandId,
        ...(commit.cause === undefined ? {} : { cause: commit.cause }),
        event,
      });
    }
  }
  return entries;
}

/** The first stream that is not as the decision read it. */
export function changedStream(
  commit: Commit,
  versionOf: (stream: string) => number,
): string | undefined {
  return commit.reads.find(({ stream, version }) => versionOf(stream) !== version)?.stream;
}
