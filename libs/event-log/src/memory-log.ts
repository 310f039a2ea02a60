import type { EventSchemas } from '#libs/contracts';
import { checkedCommit, decodeEntry, encodeEntry } from './event-codec.js';
import type { Commit, CommitOutcome, EventLog, KnownCommand } from './event-log.js';
import { changedStream, entriesOf } from './recording.js';

export interface LogOptions {
  readonly origin: string;
  readonly events: EventSchemas;
  readonly now: () => string;
}

/** An event log that lives as long as the process: for rules and flows in tests. */
export function openMemoryLog({ origin, events, now }: LogOptions): EventLog {
  const entries: string[] = [];
  const streams = new Map<string, number[]>();
  const commands = new Map<string, KnownCommand>();
  const listeners = new Set<() => void>();
  let recordedAt = '';
  const versionOf = (stream: string): number => streams.get(stream)?.length ?? 0;
  const entryAt = (position: number) => decodeEntry(events, position, entries[position] ?? '');

  function commit(request: Commit): CommitOutcome {
    const key = `${request.actor} ${request.commandId}`;
    const known = commands.get(key);
    if (known !== undefined) return { status: 'known', known };
    const changed = changedStream(request, versionOf);
    if (changed !== undefined) return { status: 'conflict', stream: changed };
    const head = { origin, position: entries.length, recordedAt };
    const added = entriesOf(request, head, now(), versionOf);
    const texts = added.map((entry) => encodeEntry(entry));
    for (const [index, { stream, position }] of added.entries()) {
      streams.set(stream, [...(streams.get(stream) ?? []), position]);
      entries.push(texts[index] ?? '');
    }
    recordedAt = added.at(-1)?.recordedAt ?? recordedAt;
    const done = { first: head.position, count: added.length };
    commands.set(key, { requestHash: request.requestHash, ...done });
    return { status: 'committed', ...done };
  }

  return {
    origin,
    head: async () => entries.length,
    read: async (from, limit) =>
      entries.slice(from, from + limit).map((_, index) => entryAt(from + index)),
    readStream: async (stream) => (streams.get(stream) ?? []).map(entryAt),
    command: async (actor, commandId) => commands.get(`${actor} ${commandId}`),
    append: async (request) => {
      const outcome = commit(checkedCommit(events, request));
      if (outcome.status === 'committed') for (const listener of listeners) listener();
      return outcome;
    },
    onAppended: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => listeners.clear(),
  };
}
