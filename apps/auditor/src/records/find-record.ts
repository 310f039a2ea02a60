import { decodeEntry, type Entry } from '#libs/event-log';
import type { LogSource } from '../log-source.js';
import { pagesOf } from '../whole-log.js';

/** 记录史: all events of one stream, in the order of the log. */
export interface History {
  readonly stream: string;
  readonly entries: readonly Entry[];
  /** Where an event does not follow the one before it; none in a sound log. */
  readonly breaks: readonly string[];
}

const UUID = /^(?:(.+)-)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/**
 * Finds a record by its stream (`dispute-UUID`) or its id alone, which several kinds of streams may
 * share. Every entry is looked at: an index could be made to hide one.
 *
 * @param onProgress hears how many entries were looked at
 * @throws LogDamaged when an entry of the record cannot be read
 */
export async function findRecord(
  source: LogSource,
  record: string,
  onProgress: (done: number) => void = () => undefined,
): Promise<readonly History[]> {
  const found = new Map<string, Entry[]>();
  const { trace, isMeant } = searched(record);
  for await (const page of pagesOf(source, 0, await source.head())) {
    for (const [index, bytes] of page.entries.entries()) {
      if (!asBuffer(bytes).includes(trace)) continue;
      const entry = decodeEntry(page.from + index, bytes);
      if (!isMeant(entry.stream)) continue;
      const entries = found.get(entry.stream);
      if (entries === undefined) found.set(entry.stream, [entry]);
      else entries.push(entry);
    }
    onProgress(page.from + page.entries.length);
  }
  const exact = found.get(record);
  const streams = exact === undefined ? [...found] : [[record, exact] as const];
  return streams.map(([stream, entries]) => ({ stream, entries, breaks: breaksIn(entries) }));
}

/** Bytes that every entry of the record has in it: most entries need not be read for that. */
function searched(record: string): {
  readonly trace: Buffer;
  readonly isMeant: (stream: string) => boolean;
} {
  const [, kind, id] = UUID.exec(record) ?? [];
  const trace = id === undefined ? Buffer.from(record) : Buffer.from(id.replaceAll('-', ''), 'hex');
  if (kind !== undefined) return { trace, isMeant: (stream) => stream === record };
  return { trace, isMeant: (stream) => stream === record || stream.endsWith(`-${record}`) };
}

/** Each event of a stream says its place in it and where the event before it lies. */
function breaksIn(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap(({ position, version, previous }, index) => {
    const before = entries[index - 1]?.position ?? null;
    return [
      ...(version === index ? [] : [`entry ${position} is number ${index}, and says ${version}`]),
      ...(previous === before
        ? []
        : [`entry ${position} follows ${told(before)}, and says ${told(previous)}`]),
    ];
  });
}

function told(position: number | null): string {
  return position === null ? 'none' : String(position);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
