import { decodeEntry, type Entry } from '#libs/event-log';
import type { LogSource } from '../log-source.js';
import { pagesOf } from '../whole-log.js';

/** What a log's entries add up to. */
export interface EntryCounts {
  readonly events: number;
  /** Of the entries alone. */
  readonly bytes: number;
  readonly streams: number;
  /** How many events there are of each type, the most frequent first. */
  readonly types: Readonly<Record<string, number>>;
  /** When the first and the last event were recorded (RFC 3339); null when there is none. */
  readonly first: string | null;
  readonly last: string | null;
}

/**
 * Counts a log's entries.
 *
 * @throws EventsMissing, LogDamaged when one cannot be read
 */
export async function countEntries(
  source: LogSource,
  onProgress: (done: number, total: number) => void,
): Promise<EntryCounts> {
  const events = await source.head();
  const types = new Map<string, number>();
  let [bytes, streams] = [0, 0];
  let first: Entry | undefined;
  let last: Entry | undefined;
  for await (const { from, entries } of pagesOf(source, 0, events)) {
    for (const [index, stored] of entries.entries()) {
      last = decodeEntry(from + index, stored);
      first ??= last;
      bytes += stored.length;
      if (last.version === 0) streams += 1;
      types.set(last.type, (types.get(last.type) ?? 0) + 1);
    }
    onProgress(from + entries.length, events);
  }
  const byCount = [...types].sort(([, one], [, other]) => other - one);
  const counts = { events, bytes, streams, types: Object.fromEntries(byCount) };
  return { ...counts, first: timeOf(first), last: timeOf(last) };
}

function timeOf(entry: Entry | undefined): string | null {
  return entry === undefined ? null : new Date(entry.recordedAtMs).toISOString();
}
