import {
  type Hash,
  hashFromBytes,
  HASH_BYTES,
  leafHash,
  TILE_WIDTH,
  TreeEdge,
} from '#libs/transparency';
import { LogDamaged } from './faults.js';
import type { LogFile } from './log-file.js';

/**
 * The right edge of the tree over the first `size` entries, from the full tiles that are stored and
 * the leaves that follow them, which are hashed anew.
 *
 * @throws LogDamaged when a tile or an entry is missing, or a tile is none
 */
export function storedEdge(file: LogFile, size: number): TreeEdge {
  try {
    return edgeOf(file, size);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LogDamaged(`${file.path} has a tile that is none`, { cause: error });
  }
}

function edgeOf(file: LogFile, size: number): TreeEdge {
  const levels: (readonly Hash[])[] = [];
  for (let level = 0, nodes = size; nodes > 0; level += 1, nodes = Math.floor(nodes / TILE_WIDTH)) {
    const full = Math.floor(nodes / TILE_WIDTH);
    levels.push(nodesOf(file, level, full * TILE_WIDTH, nodes));
  }
  return new TreeEdge(levels);
}

/** Nodes `from` to `to` of a level; they lie in one tile. */
function nodesOf(file: LogFile, level: number, from: number, to: number): readonly Hash[] {
  if (from === to) return [];
  const stored = file.tile(level, from / TILE_WIDTH);
  if (stored !== undefined) return hashesIn(stored, to - from);
  const nodes = level === 0 ? leavesOf(file, from, to) : file.tileRoots(level - 1, from, to);
  if (nodes.length === to - from) return nodes;
  throw new LogDamaged(`${file.path} lacks hashes of level ${level}`);
}

function leavesOf(file: LogFile, from: number, to: number): readonly Hash[] {
  return file.page(from, to - from).map(([position, entry], index) => {
    if (position === from + index) return leafHash(entry);
    throw new LogDamaged(`${file.path} has a gap before position ${position}`);
  });
}

function hashesIn(tile: Uint8Array, count: number): readonly Hash[] {
  return Array.from({ length: count }, (_, index) =>
    hashFromBytes(tile.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)),
  );
}
