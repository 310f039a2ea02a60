import { TILE_WIDTH } from '#libs/transparency';

/** 条目束: the entries of one tile as they lie in memory, at most 256. */
export interface LeafBundle {
  /** Entries, each behind a byte that is zero, save for one at the very beginning. */
  readonly data: Uint8Array;
  /** Where each entry begins and ends; one that is missing ends before it begins. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** What each row names as the stream's event before, -1 for none and less for no position, where a store repeats that. */
  readonly previous: Float64Array | undefined;
}

/** All entries are missing at first. */
export function emptyBundle(): Pick<LeafBundle, 'starts' | 'ends'> {
  return { starts: new Uint32Array(TILE_WIDTH).fill(1), ends: new Uint32Array(TILE_WIDTH) };
}

/** The bundle of entries that stand one by one; undefined for one that is missing. */
export function bundleOf(
  entries: readonly (Uint8Array | undefined)[],
  previous?: Float64Array,
): LeafBundle {
  const { starts, ends } = emptyBundle();
  const bytes = entries.reduce((sum, entry) => sum + 1 + (entry?.length ?? 0), 0);
  const data = new Uint8Array(bytes);
  let at = 1;
  entries.forEach((entry, index) => {
    if (entry === undefined) return;
    starts[index] = at;
    ends[index] = at + entry.length;
    data.set(entry, at);
    at += entry.length + 1;
  });
  return { data, starts, ends, previous };
}
