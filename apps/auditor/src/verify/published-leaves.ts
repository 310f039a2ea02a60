import {
  decodeEntries,
  EntryBundleInvalid,
  entriesPath,
  TILE_WIDTH,
  tilePath,
} from '#libs/transparency';
import type { Published } from '../sources/published-files.js';
import { bundleOf } from './leaf-bundle.js';
import type { LeafReader } from './leaf-reader.js';

/** Reads an export or an address. */
export function openPublishedLeaves({ read }: Published): LeafReader {
  return {
    bundle: async (from, to) => {
      const bytes = await read(entriesPath(from / TILE_WIDTH, to - from));
      return bundleOf(entriesIn(bytes, to - from));
    },
    tile: async (level, index, width) => {
      const hashes = await read(tilePath(level, index, width));
      return hashes && { hashes };
    },
    // The one checkpoint that is published is known from the start.
    notes: () => [],
    close: () => undefined,
  };
}

/** A bundle that is cut, or holds another number of entries, holds none that can be told apart. */
function entriesIn(
  bytes: Uint8Array | undefined,
  count: number,
): readonly (Uint8Array | undefined)[] {
  const none = new Array<undefined>(count).fill(undefined);
  if (bytes === undefined) return none;
  try {
    const entries = decodeEntries(bytes);
    return entries.length === count ? entries : none;
  } catch (error) {
    if (error instanceof EntryBundleInvalid) return none;
    throw error;
  }
}
