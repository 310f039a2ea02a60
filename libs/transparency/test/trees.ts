import {
  type Hash,
  TILE_WIDTH,
  TreeEdge,
  type TileReader,
  leafHash,
  nodeHash,
} from '../src/index.js';

/** The entry that the vectors mean by its number, and its leaf. */
export function entryAt(index: number): Uint8Array {
  return Buffer.from(`entry ${index}`);
}

export function leavesTo(size: number): readonly Hash[] {
  return Array.from({ length: size }, (_, index) => leafHash(entryAt(index)));
}

/** The Merkle Tree Hash, word for word as RFC 6962, section 2.1, defines it; not for zero leaves. */
export function treeHash(leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (only !== undefined && leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

/** A tile as c2sp.org/tlog-tiles defines it: tree hashes over consecutive runs of leaves. */
export function tileOf(leaves: readonly Hash[], level: number, index: number): readonly Hash[] {
  const span = TILE_WIDTH ** level;
  const first = index * TILE_WIDTH;
  const width = Math.min(TILE_WIDTH, Math.floor(leaves.length / span) - first);
  return Array.from({ length: width }, (_, at) =>
    treeHash(leaves.slice((first + at) * span, (first + at + 1) * span)),
  );
}

/** Grows a tree and serves its tiles from memory, as a log does from its store. */
export function grow(leaves: readonly Hash[]): {
  readonly edge: TreeEdge;
  readonly reader: TileReader;
} {
  const edge = new TreeEdge();
  const done = new Map<string, Uint8Array>();
  for (const leaf of leaves) {
    for (const { level, index, hashes } of edge.append(leaf)) done.set(`${level}/${index}`, hashes);
  }
  const tile = (level: number, index: number, width: number) =>
    done.get(`${level}/${index}`) ?? edge.tile(level, width);
  return { edge, reader: { tile } };
}
