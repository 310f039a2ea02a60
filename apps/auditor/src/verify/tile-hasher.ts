import { hash } from 'node:crypto';
import { HASH_BYTES, type Hash, hashFromBytes, nodeHash, TILE_WIDTH } from '#libs/transparency';

const LEVELS = 9;
const PAIR = 2 * HASH_BYTES;
/** Puts an inner node apart from a leaf (RFC 6962, section 2.1). */
const NODE = 1;

/**
 * The hashes of one tile, from its leaves up to its root, computed in place: each level lies behind
 * one spare byte, so that a pair and the byte in front of it are what its parent hashes.
 */
export class TileHasher {
  readonly #levels = Array.from({ length: LEVELS }, (_, level) =>
    Buffer.alloc(1 + HASH_BYTES * (TILE_WIDTH >> level)),
  );
  readonly #pairs = this.#levels
    .slice(0, -1)
    .map((hashes, level) =>
      Array.from({ length: TILE_WIDTH >> (level + 1) }, (_, pair) =>
        hashes.subarray(pair * PAIR, (pair + 1) * PAIR + 1),
      ),
    );
  #width = 0;

  setLeaf(index: number, leaf: Hash): void {
    this.#levels[0]?.write(leaf, 1 + index * HASH_BYTES, 'latin1');
  }

  /** The leaf hashes as a tile stores them, valid until the next tile. */
  leaves(width: number): Buffer {
    return this.#hashes(0).subarray(1, 1 + width * HASH_BYTES);
  }

  /** Computes all inner nodes that `width` leaves have below them in full. */
  hashUp(width: number): void {
    this.#width = width;
    for (let level = 0, pairs = width >> 1; pairs > 0; level += 1, pairs >>= 1) {
      this.#hashLevel(level, pairs);
    }
  }

  /** The Merkle Tree Hash of the first `size` leaves, at most those that were hashed up. */
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

  #hashLevel(level: number, pairs: number): void {
    const below = this.#hashes(level);
    const above = this.#hashes(level + 1);
    const inputs = this.#pairs[level] ?? [];
    for (let pair = 0; pair < pairs; pair += 1) {
      // The byte in front belongs to the pair before, which must find it again.
      const kept = below[pair * PAIR] ?? 0;
      below[pair * PAIR] = NODE;
      const parent = hash('sha256', inputs[pair] ?? below, 'binary');
      above.write(parent, 1 + pair * HASH_BYTES, 'latin1');
      below[pair * PAIR] = kept;
    }
  }

  #node(level: number, index: number): Hash {
    const at = 1 + index * HASH_BYTES;
    return hashFromBytes(this.#hashes(level).subarray(at, at + HASH_BYTES));
  }

  #hashes(level: number): Buffer {
    return this.#levels[level] ?? Buffer.alloc(0);
  }
}
