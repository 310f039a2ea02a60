import type { SignedLog } from '#libs/event-log';
import {
  type BundleAddress,
  encodeEntries,
  HASH_BYTES,
  parseCheckpoint,
  TILE_WIDTH,
  type TileAddress,
} from '#libs/transparency';

/** How many events the newest signed note covers; 0 before the first. */
export function signedSize(log: SignedLog): number {
  const note = log.checkpoint();
  // The note is the log's own; what it signs ends at the first empty line.
  return note === undefined ? 0 : parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1)).size;
}

/**
 * A tile or an entry bundle of a log (c2sp.org/tlog-tiles), as far as a signed checkpoint covers
 * it: nobody could hold the log to what it shows without having signed. Widths below that of the
 * newest checkpoint are those of older ones, which somebody may still hold.
 *
 * @returns undefined when it is not covered, or is gone from the log
 */
export async function publishedTile(
  signed: SignedLog,
  address: TileAddress | BundleAddress,
): Promise<Uint8Array | undefined> {
  const { level, index, width } = address;
  const span = level === 'entries' ? 1 : TILE_WIDTH ** level;
  const nodes = Math.floor(signedSize(signed) / span);
  if (index * TILE_WIDTH + width > nodes) return undefined;
  return level === 'entries' ? bundle(signed, index, width) : tile(signed, { level, index, width });
}

async function bundle(
  { log }: SignedLog,
  index: number,
  width: number,
): Promise<Uint8Array | undefined> {
  const entries = await log.entries(index * TILE_WIDTH, width);
  return entries.length === width ? encodeEntries(entries) : undefined;
}

/** A log that has lost what it signed is still read: what is gone is an answer, not a failure. */
async function tile(
  { log }: SignedLog,
  { level, index, width }: TileAddress,
): Promise<Uint8Array | undefined> {
  try {
    const hashes = await log.tile(level, index, width);
    return hashes.length === width * HASH_BYTES ? hashes : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
