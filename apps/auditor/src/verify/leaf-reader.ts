import type { LeafBundle } from './leaf-bundle.js';

/** Hashes as they are kept or shown; a published tile has no root of its own. */
export interface KeptTile {
  readonly hashes: Uint8Array;
  readonly root?: Uint8Array;
}

/** A signed note as it is kept. */
export interface KeptNote {
  readonly epoch: number;
  readonly size: number;
  readonly note: unknown;
}

/** What a verifier reads of a log, tile by tile; it may be asked for the next before it answers. */
export interface LeafReader {
  /** Entries `from` to `to`, which lie in one tile. */
  bundle(from: number, to: number): LeafBundle | Promise<LeafBundle>;
  /** A full tile, or one that has `width` hashes so far and where that is kept as well. */
  readonly tile: (
    level: number,
    index: number,
    width: number,
  ) => KeptTile | undefined | Promise<KeptTile | undefined>;
  /** Notes over more than `above` and at most `upTo` entries, of these epochs. */
  notes(epochs: readonly number[], above: number, upTo: number): readonly KeptNote[];
  close(): void;
}

/** Remembers the bundle read last: entries that are looked at one by one lie side by side. */
export function withLastBundle(reader: LeafReader): LeafReader {
  let last: { readonly from: number; readonly to: number; readonly bundle: LeafBundle } | undefined;
  return {
    ...reader,
    bundle: async (from, to) => {
      if (last?.from !== from || last.to !== to) {
        last = { from, to, bundle: await reader.bundle(from, to) };
      }
      return last.bundle;
    },
  };
}
