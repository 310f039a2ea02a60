import { HASH_BYTES, type Hash, splitHashes } from './hash.js';
import { emptyRoot, nodeHash, subtreeRoot } from './rfc6962.js';
import { TILE_WIDTH, TileInvalid, type TileReader } from './tiles.js';
import {
  type Range,
  type Subtree,
  consistencyRanges,
  inclusionRanges,
  subtreesOf,
} from './tree-ranges.js';

/** A full tile is a subtree of this height. */
const TILE_HEIGHT = 8;

/** Gives the root of a full subtree. */
type Roots = (subtree: Subtree) => Promise<Hash>;

/**
 * The proof that the entry at `index` is in the tree of `size` entries (RFC 6962, section 2.1.1).
 *
 * @throws RangeError if the tree has no such entry; TileInvalid if a tile is too short
 */
export async function inclusionProof(
  index: number,
  size: number,
  reader: TileReader,
): Promise<Hash[]> {
  assertSize(size);
  assertSize(index);
  if (index >= size) throw new RangeError(`A tree of ${size} entries has no entry ${index}.`);
  return rangeRoots(inclusionRanges(index, size), rootsOf(size, reader));
}

/**
 * The proof that the tree of `newSize` entries begins with that of `oldSize` (RFC 6962, section
 * 2.1.2). It is empty for equal sizes, and for an empty old tree, which every tree begins with.
 *
 * @throws RangeError if the new size is smaller; TileInvalid if a tile is too short
 */
export async function consistencyProof(
  oldSize: number,
  newSize: number,
  reader: TileReader,
): Promise<Hash[]> {
  assertSize(oldSize);
  assertSize(newSize);
  if (oldSize > newSize) throw new RangeError(`${newSize} entries do not begin with ${oldSize}.`);
  if (oldSize === 0) return [];
  return rangeRoots(consistencyRanges(oldSize, newSize), rootsOf(newSize, reader));
}

/**
 * The root of the tree of `size` entries, computed from its tiles (RFC 6962, section 2.1).
 *
 * @throws RangeError if the size is no safe integer; TileInvalid if a tile is too short
 */
export async function rootAt(size: number, reader: TileReader): Promise<Hash> {
  assertSize(size);
  if (size === 0) return emptyRoot();
  return rangeRoot({ begin: 0, end: size }, rootsOf(size, reader));
}

function rangeRoots(ranges: readonly Range[], roots: Roots): Promise<Hash[]> {
  return Promise.all(ranges.map((range) => rangeRoot(range, roots)));
}

/** A range's last subtree is its smallest, so the roots are joined from the right. */
async function rangeRoot(range: Range, roots: Roots): Promise<Hash> {
  const hashes = await Promise.all(subtreesOf(range).map(roots));
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** Reads each tile once, however many subtrees lie in it: a proof needs two a level at most. */
function rootsOf(size: number, reader: TileReader): Roots {
  const tiles = new Map<string, Promise<Uint8Array>>();
  return async ({ height, index }) => {
    const level = Math.floor(height / TILE_HEIGHT);
    const span = 2 ** (height % TILE_HEIGHT);
    const tile = Math.floor((index * span) / TILE_WIDTH);
    const key = `${level}/${tile}`;
    const reading = tiles.get(key) ?? readTile(level, tile, { size, reader });
    tiles.set(key, reading);
    const begin = (index * span) % TILE_WIDTH;
    return subtreeRoot(splitHashes(await reading, begin, begin + span));
  };
}

async function readTile(
  level: number,
  index: number,
  { size, reader }: { readonly size: number; readonly reader: TileReader },
): Promise<Uint8Array> {
  const nodes = Math.floor(size / TILE_WIDTH ** level);
  const width = Math.min(TILE_WIDTH, nodes - index * TILE_WIDTH);
  const bytes = await reader.tile(level, index, width);
  if (bytes.length < width * HASH_BYTES)
    throw new TileInvalid({ level, index, width }, bytes.length);
  return bytes;
}

function assertSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`${size} counts no entries.`);
}
