import { bytesAt } from './entry-at.js';
import { EntryFields, EntryInvalid } from './entry-fields.js';
import type { Findings } from './findings.js';
import type { LeafReader } from './leaf-reader.js';

/** A log signs every second; so long after they were recorded events may be without signature. */
export const YOUNG_MS = 5_000;

/** Entries that no checkpoint covers yet. */
export interface Unsealed {
  readonly count: number;
  /** Recorded time of the oldest; null when there is none, or it cannot be read. */
  readonly since: string | null;
}

/** Entries from `sealed` on are protected by nothing: that may last for a moment only. */
export async function checkUnsealed(
  reader: LeafReader,
  {
    sealed,
    head,
    nowMs,
  }: { readonly sealed: number; readonly head: number; readonly nowMs: number },
  findings: Findings,
): Promise<Unsealed> {
  const count = Math.max(head - sealed, 0);
  if (count === 0) return { count, since: null };
  const [oldest, newest] = [
    await recordedAt(reader, sealed, head),
    await recordedAt(reader, head - 1, head),
  ];
  const since = oldest === undefined ? null : new Date(oldest).toISOString();
  const isYoung = oldest !== undefined && nowMs - oldest < YOUNG_MS;
  const isOfToday = newest !== undefined && newest - nowMs < YOUNG_MS;
  if (!(isYoung && isOfToday)) {
    const told = isYoung ? 'are said to be recorded in the future' : `the oldest since ${since}`;
    const range = count === 1 ? `entry ${sealed}` : `entries ${sealed} to ${head - 1}`;
    findings.gap(
      range,
      `are under no checkpoint: whether they were changed cannot be told (${told})`,
    );
  }
  return { count, since };
}

async function recordedAt(
  reader: LeafReader,
  position: number,
  head: number,
): Promise<number | undefined> {
  const bytes = await bytesAt(reader, position, head);
  const fields = new EntryFields();
  if (bytes === undefined) return undefined;
  try {
    fields.use(bytes);
    fields.read(0, bytes.length);
    return fields.recordedAtMs <= 8.64e15 ? fields.recordedAtMs : undefined;
  } catch (error) {
    if (error instanceof EntryInvalid || error instanceof RangeError) return undefined;
    throw error;
  }
}
