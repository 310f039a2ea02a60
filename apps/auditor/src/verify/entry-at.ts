import type { Entry } from '#libs/event-log';
import { TILE_WIDTH } from '#libs/transparency';
import type { LeafReader } from './leaf-reader.js';

/** The bytes of one entry; undefined when it is missing. */
export async function bytesAt(
  reader: LeafReader,
  position: number,
  head: number,
): Promise<Uint8Array | undefined> {
  const from = position - (position % TILE_WIDTH);
  const bundle = await reader.bundle(from, Math.min(from + TILE_WIDTH, head));
  const [start = 1, end = 0] = [bundle.starts[position - from], bundle.ends[position - from]];
  return end < start ? undefined : bundle.data.subarray(start, end);
}

/** One entry with all its fields, to name what was found; undefined when it cannot be read. */
export async function entryAt(
  reader: LeafReader,
  position: number,
  head: number,
): Promise<Entry | undefined> {
  // Only a log that something is found in needs what this loads.
  const { decodeEntry, LogDamaged, UnknownFormat } = await import('#libs/event-log');
  const bytes = await bytesAt(reader, position, head);
  try {
    return bytes && decodeEntry(position, bytes);
  } catch (error) {
    if (error instanceof LogDamaged || error instanceof UnknownFormat) return undefined;
    throw error;
  }
}
