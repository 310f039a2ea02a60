import type { EventSchemas } from '#libs/contracts';
import { HASH_BYTES, TreeEdge } from '#libs/transparency';
import { decodeEntry, decodeEntryOnly } from './entry.js';
import { prepare, readRecorded, recordedAll } from './event-codec.js';
import type { EventLog } from './event-log.js';
import { LogState } from './log-state.js';

export interface LogOptions {
  readonly origin: string;
  readonly events: EventSchemas;
  /** RFC 3339 time. */
  readonly now: () => string;
}

/** An event log that lives as long as the process: for rules and flows in tests. */
export function openMemoryLog({ origin, events, now }: LogOptions): EventLog {
  const entries: Uint8Array[] = [];
  const streams = new Map<string, number[]>();
  const tiles = new Map<string, Uint8Array>();
  const listeners = new Set<() => void>();
  const state = new LogState(
    {
      headOf: () => undefined,
      firstOf: () => undefined,
      entryAt: (position) => decodeEntry(position, entries[position] ?? new Uint8Array()),
    },
    new TreeEdge(),
  );
  const readAll = (positions: readonly number[]) =>
    recordedAll(
      origin,
      events,
      positions.map((at) => decodeEntryOnly(at, entries[at] ?? new Uint8Array())),
    );

  return {
    origin,
    readOnly: undefined,
    head: async () => entries.length,
    read: async (from, limit) =>
      readRecorded(origin, events, from, entries.slice(from, from + limit)),
    entries: async (from, limit) => entries.slice(from, from + limit),
    tile: async (level, index, width) =>
      tiles.get(`${level}/${index}`)?.subarray(0, width * HASH_BYTES) ??
      state.partialTile(level, index, width),
    readStream: async (stream, before = Infinity) =>
      readAll((streams.get(stream) ?? []).filter((position) => position < before)),
    streamEvents: async (stream) => readAll(streams.get(stream) ?? []).map(({ event }) => event),
    command: async (actor, commandId) => state.known(actor, commandId),
    append: async (request) => {
      const commit = prepare(events, request);
      const outcome = state.commit(
        commit,
        Date.parse(now()),
        ({ entry, bytes, tiles: completed }) => {
          entries.push(bytes);
          const { stream, position } = entry;
          streams.set(stream, [...(streams.get(stream) ?? []), position]);
          for (const { level, index, hashes } of completed) tiles.set(`${level}/${index}`, hashes);
        },
      );
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
