import { z } from 'zod';
import type { Commit, EventLog } from './event-log.js';
import type { LogOptions } from './memory-log.js';

/** A store under test. */
export interface LogStore {
  /** Opens a log that holds nothing yet. */
  readonly open: (options: LogOptions) => EventLog;
  /** Opens the log that was opened last again, after it was closed; for a store that keeps it. */
  readonly reopen?: (options: LogOptions) => EventLog;
}

export const sampleEvents = {
  Counted: z.strictObject({ n: z.int() }),
  Noted: z.strictObject({ text: z.string() }),
};

export const TIME = '2026-03-01T00:00:00.000Z';
export const sampleOptions: LogOptions = {
  origin: 'sample',
  events: sampleEvents,
  now: () => TIME,
};

export const counted = (n: number) => ({ type: 'Counted', n });
export const noted = (text: string) => ({ type: 'Noted', text });

/** Two requests' fingerprints, 16 bytes each. */
export const FINGERPRINT = 'AAAAAAAAAAAAAAAAAAAAAA';
export const ANOTHER = 'AQEBAQEBAQEBAQEBAQEBAQ';

let commands = 0;

/** A UUID that is greater than all before, as a client's version 7 would be. */
export function newCommandId(): string {
  commands += 1;
  return `019570c0-0000-7000-8000-${String(commands).padStart(12, '0')}`;
}

/** A commit under an id of its own, unless the test gives one. */
export function commitOf(parts: Partial<Commit>): Commit {
  return {
    commandId: newCommandId(),
    actor: 'li-1',
    fingerprint: FINGERPRINT,
    reads: [],
    writes: [],
    ...parts,
  };
}

/** A commit that counts on one stream which was read when it had `version` events. */
export function countOn(stream: string, version: number, ...numbers: readonly number[]): Commit {
  return commitOf({
    reads: [{ stream, version }],
    writes: [{ stream, events: numbers.map(counted) }],
  });
}

/** Counts from the log's head to `size`, on `streams` streams in turn, 64 events a commit. */
export async function growTo(log: EventLog, size: number, streams = 5): Promise<void> {
  const asked: Promise<unknown>[] = [];
  for (let from = await log.head(); from < size; from += 64) {
    const numbers = Array.from({ length: Math.min(64, size - from) }, (_, index) => from + index);
    const writes = numbers.map((n) => ({ stream: `s-${n % streams}`, events: [counted(n)] }));
    asked.push(log.append(commitOf({ writes })));
  }
  await Promise.all(asked);
}
