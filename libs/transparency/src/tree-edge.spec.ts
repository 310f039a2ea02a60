import fc from 'fast-check';
import { grow, leavesTo, tileOf, treeHash } from '../test/trees.js';
import { type Hash, hashFromBytes, joinHashes } from './hash.js';
import { emptyRoot, subtreeRoot } from './rfc6962.js';
import { TreeEdge } from './tree-edge.js';

const leaves = leavesTo(1200);
const [leaf] = leaves as readonly [Hash];
const sizes = fc.integer({ min: 1, max: leaves.length });
const runs = { numRuns: 40 };

describe('the right edge of a growing tree', () => {
  it('an empty tree has the root of nothing', () => {
    const edge = new TreeEdge();
    expect([edge.size, edge.root()]).toEqual([0, emptyRoot()]);
  });

  it('its root is the tree hash of all leaves', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const { edge } = grow(leaves.slice(0, size));
        expect([edge.size, edge.root()]).toEqual([size, treeHash(leaves.slice(0, size))]);
      }),
      runs,
    );
  });

  it.each([1, 2, 255, 256, 257, 511, 512, 513, 1024])('its root is right at %d', (size) => {
    expect(grow(leaves.slice(0, size)).edge.root()).toBe(treeHash(leaves.slice(0, size)));
  });

  it('asking for the root changes nothing', () => {
    const [asked, silent] = [new TreeEdge(), new TreeEdge()];
    for (const each of leaves.slice(0, 300)) {
      asked.append(each);
      asked.root();
      silent.append(each);
    }
    expect(asked.root()).toBe(silent.root());
  });

  it('every 256th leaf completes a tile, and no other does', () => {
    const edge = new TreeEdge();
    leaves.forEach((each, index) => {
      const tiles = edge.append(each);
      const number = (index + 1) / 256;
      const hashes = number % 1 === 0 ? tileOf(leaves, 0, number - 1) : undefined;
      expect(tiles).toEqual(
        hashes === undefined
          ? []
          : [{ level: 0, index: number - 1, hashes: joinHashes(hashes), root: treeHash(hashes) }],
      );
    });
  });

  it('a tile may complete the one above it', () => {
    const full = Array.from({ length: 255 }, () => leaf);
    const edge = new TreeEdge([full, full, [leaf]]);
    const before = edge.size;
    const tiles = edge.append(leaf);
    expect(before).toBe(2 * 65_536 - 1);
    expect(tiles.map(({ level, index }) => [level, index])).toEqual([
      [0, 511],
      [1, 1],
    ]);
    expect(tiles[1]?.root).toBe(subtreeRoot([...full, tiles[0]!.root]));
    expect(edge.levels()).toEqual([[], [], [leaf, tiles[1]?.root]]);
  });

  it('an edge that is restored continues identically', () => {
    fc.assert(
      fc.property(sizes, sizes, (one, other) => {
        const [middle, end] = [Math.min(one, other), Math.max(one, other)];
        const { edge } = grow(leaves.slice(0, middle));
        const restored = new TreeEdge(edge.levels());
        for (const each of leaves.slice(middle, end)) {
          expect(restored.append(each)).toEqual(edge.append(each));
        }
        expect([restored.size, restored.root()]).toEqual([edge.size, edge.root()]);
        expect(restored.levels()).toEqual(edge.levels());
      }),
      runs,
    );
  });

  it('a snapshot does not grow with the tree', () => {
    const edge = new TreeEdge([[leaf]]);
    const levels = edge.levels();
    edge.append(leaf);
    expect(levels).toEqual([[leaf]]);
  });

  it('gives the hashes of a tile that is not complete', () => {
    const { edge } = grow(leaves.slice(0, 300));
    expect(edge.tile(0, 44)).toEqual(joinHashes(leaves.slice(256, 300)));
    expect(edge.tile(0, 1)).toEqual(joinHashes(leaves.slice(256, 257)));
    expect(hashFromBytes(edge.tile(1, 1))).toBe(treeHash(leaves.slice(0, 256)));
  });

  it.each([
    [0, 45],
    [0, 0],
    [0, -1],
    [0, NaN],
    [1, 2],
    [2, 1],
    [-1, 1],
  ])('does not give what it does not hold: level %d, width %d', (level, width) => {
    expect(() => grow(leaves.slice(0, 300)).edge.tile(level, width)).toThrow(RangeError);
  });

  it('is not restored from a full tile, or past the largest safe size', () => {
    const full = Array.from({ length: 256 }, () => leaf);
    expect(() => new TreeEdge([full])).toThrow(RangeError);
    expect(() => new TreeEdge([[], [], [], [], [], [], [...full.slice(0, 32)]])).toThrow(
      RangeError,
    );
  });
});
