import { HASH_BYTES } from './hash.js';

/** How many hashes a full tile holds, and how many entries a full bundle (c2sp.org/tlog-tiles). */
export const TILE_WIDTH = 256;

/** The highest level that a path may name (c2sp.org/tlog-tiles). */
export const MAX_LEVEL = 63;

/** Where a tile lies: `index` counts within the level; `width` is in hashes, 1 to 256. */
export interface TileAddress {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** Gives the bytes of tiles: from a store, from a web server, from memory. */
export interface TileReader {
  /**
   * @param width hashes that are needed; a reader that has only the full tile may give all of it
   * @returns at least `width` hashes, 32 bytes each
   */
  tile(level: number, index: number, width: number): Uint8Array | Promise<Uint8Array>;
}

/** 瓦片无效: a reader gave fewer bytes than the tile must have. */
export class TileInvalid extends Error {
  override readonly name = 'TileInvalid';
  readonly code = 'TILE_INVALID';

  constructor({ level, index, width }: TileAddress, bytes: number) {
    const needed = width * HASH_BYTES;
    super(`Tile ${index} of level ${level} has ${bytes} bytes, but ${needed} are needed.`);
  }
}

/**
 * Every tile of a tree, level by level from the leaves; the last of a level may be partial, and no
 * level holds an empty one (c2sp.org/tlog-tiles, "Partial Tiles").
 *
 * @param size entries, a safe integer
 */
export function* tilesOf(size: number): Generator<TileAddress> {
  for (let level = 0, nodes = size; nodes > 0; level += 1, nodes = parents(nodes)) {
    const full = parents(nodes);
    for (let index = 0; index < full; index += 1) yield { level, index, width: TILE_WIDTH };
    const width = nodes % TILE_WIDTH;
    if (width > 0) yield { level, index: full, width };
  }
}

/** Division, not a shift: sizes go past 2^31. */
function parents(nodes: number): number {
  return Math.floor(nodes / TILE_WIDTH);
}
