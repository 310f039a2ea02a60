import { type Hash, HASH_BYTES, hashFromBytes } from './hash.js';
import { openPairHasher, type PairHasher } from './pair-hasher.js';
import { nodeHash } from './rfc6962.js';
import { TILE_WIDTH } from './tiles.js';

const LEVELS = 9;
/** Where the hashes of each level begin: all leaves, then half as many nodes, and so on. */
const LEVELS_AT = Array.from(
  { length: LEVELS },
  (_, level) => 2 * HASH_BYTES * (TILE_WIDTH - (TILE_WIDTH >> level)),
);

/** The hashes of one tile after the other, from its leaves up to its root, computed in place. */
export class TileHasher {
  #width = 0;

  constructor(private readonly pairs: PairHasher = openPairHasher()) {}

  setLeaf(index: number, leaf: Hash): void {
    this.pairs.memory.write(leaf, index * HASH_BYTES, 'latin1');
  }

  /** The leaf hashes as a tile stores them, valid until the next tile. */
  leaves(width: number): Buffer {
    return this.pairs.memory.subarray(0, width * HASH_BYTES);
  }

  /** Computes all inner nodes that `width` leaves have below them in full. */
  hashUp(width: number): void {
    this.#width = width;
    for (let level = 0, pairs = width >> 1; pairs > 0; level += 1, pairs >>= 1) {
      this.pairs.hashPairs(LEVELS_AT[level] ?? 0, LEVELS_AT[level + 1] ?? 0, pairs);
    }
  }

  /**
   * The Merkle Tree Hash of the first `size` leaves (RFC 6962, section 2.1).
   *
   * @throws RangeError if there is none, or if they are more than were hashed up
   */
  rootOf(size: number): Hash {
    let root: Hash | undefined;
    for (let level = 0; level < LEVELS; level += 1) {
      if (((size >> level) & 1) === 0) continue;
      const left = this.#node(level, (size >> level) - 1);
      root = root === undefined ? left : nodeHash(left, root);
    }
    if (root === undefined || size > this.#width) throw new RangeError(`no ${size} leaves`);
    return root;
  }

  #node(level: number, index: number): Hash {
    const at = (LEVELS_AT[level] ?? 0) + index * HASH_BYTES;
    return hashFromBytes(this.pairs.memory.subarray(at, at + HASH_BYTES));
  }
}
