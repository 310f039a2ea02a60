import { type Hash, joinHashes } from './hash.js';
import { emptyRoot, subtreeRoot } from './rfc6962.js';
import { TileHasher } from './tile-hasher.js';
import { TILE_WIDTH } from './tiles.js';

/** 满瓦片: a tile that will never change again; `hashes` are 8,192 bytes, `root` is over them. */
export interface CompletedTile {
  readonly level: number;
  readonly index: number;
  readonly hashes: Uint8Array;
  readonly root: Hash;
}

const NONE: readonly CompletedTile[] = [];

/** Made for the first tile that is full: most processes that open a log complete none. */
let hasher: TileHasher | undefined;

/** A full tile's bytes, and the root over them. */
function tileOf(hashes: readonly Hash[]): readonly [bytes: Uint8Array, root: Hash] {
  hasher ??= new TileHasher();
  hashes.forEach((hash, index) => hasher?.setLeaf(index, hash));
  hasher.hashUp(TILE_WIDTH);
  return [new Uint8Array(hasher.leaves(TILE_WIDTH)), hasher.rootOf(TILE_WIDTH)];
}

/**
 * The right edge of a growing tree: all that is needed to append and to compute the root, at most
 * 255 hashes a level (c2sp.org/tlog-tiles). Inner hashes are computed when a tile is complete and
 * when the root is asked for, never for each entry.
 */
export class TreeEdge {
  readonly #levels: Hash[][];
  #size: number;

  /**
   * @param levels what `levels()` gave: leaf hashes first, then roots of full tiles, level by level
   * @throws RangeError if a level holds a full tile, or the size is no safe integer
   */
  constructor(levels: readonly (readonly Hash[])[] = []) {
    if (levels.some((hashes) => hashes.length >= TILE_WIDTH)) {
      throw new RangeError(
        `A level holds at most ${TILE_WIDTH - 1} hashes until its tile is full.`,
      );
    }
    this.#levels = levels.map((hashes) => [...hashes]);
    this.#size = levels.reduce((sum, { length }, level) => sum + length * TILE_WIDTH ** level, 0);
    if (!Number.isSafeInteger(this.#size)) throw new RangeError('The tree is too large.');
  }

  /** Entries in the tree. */
  get size(): number {
    return this.#size;
  }

  /** Adds a leaf; answers the tiles that it completes, the lowest first: mostly none. */
  append(leaf: Hash): readonly CompletedTile[] {
    this.#size += 1;
    return this.#push(0, leaf) < TILE_WIDTH ? NONE : this.#complete();
  }

  /** The Merkle Tree Hash of all entries (RFC 6962, section 2.1). */
  root(): Hash {
    let below: Hash | undefined;
    for (const hashes of this.#levels) {
      const nodes = below === undefined ? hashes : [...hashes, below];
      if (nodes.length > 0) below = subtreeRoot(nodes);
    }
    return below ?? emptyRoot();
  }

  /** A copy of the edge, from which another one continues identically. */
  levels(): readonly (readonly Hash[])[] {
    return this.#levels.map((hashes) => [...hashes]);
  }

  /**
   * The first `width` hashes of the tile that is not yet complete, 32 bytes each.
   *
   * @throws RangeError if the edge does not hold that many
   */
  tile(level: number, width: number): Uint8Array {
    const hashes = this.#levels[level] ?? [];
    if (!(width > 0 && width <= hashes.length)) {
      throw new RangeError(`Level ${level} has ${hashes.length} hashes at the edge, not ${width}.`);
    }
    return joinHashes(hashes.slice(0, width));
  }

  #push(level: number, hash: Hash): number {
    return (this.#levels[level] ??= []).push(hash);
  }

  /** The root of a full tile is a hash of the next level, whose tile it may complete in turn. */
  #complete(): readonly CompletedTile[] {
    const done: CompletedTile[] = [];
    for (let level = 0; this.#levels[level]?.length === TILE_WIDTH; level += 1) {
      const tile = this.#take(level);
      this.#push(level + 1, tile.root);
      done.push(tile);
    }
    return done;
  }

  #take(level: number): CompletedTile {
    const hashes = this.#levels[level] ?? [];
    const index = this.#size / TILE_WIDTH ** (level + 1) - 1;
    this.#levels[level] = [];
    const [bytes, root] = tileOf(hashes);
    return { level, index, hashes: bytes, root };
  }
}
