import { leavesTo, treeHash } from '../test/trees.js';
import { joinHashes } from './hash.js';
import { TileHasher } from './tile-hasher.js';

const leaves = leavesTo(256);

it.each([1, 2, 3, 5, 64, 127, 128, 255, 256])(
  'the first leaves of a tile of %d have the root that a tree of them has',
  (width) => {
    const hasher = new TileHasher();
    leaves.slice(0, width).forEach((leaf, index) => hasher.setLeaf(index, leaf));
    hasher.hashUp(width);
    const roots = Array.from({ length: width }, (_, index) => hasher.rootOf(index + 1));
    expect(roots).toEqual(leaves.slice(0, width).map((_, at) => treeHash(leaves.slice(0, at + 1))));
    expect(hasher.leaves(width).equals(joinHashes(leaves.slice(0, width)))).toBe(true);
    expect(() => hasher.rootOf(width + 1)).toThrow(RangeError);
    expect(() => hasher.rootOf(0)).toThrow(RangeError);
  },
);

it('a tile that has fewer leaves than the one before is not taken for that', () => {
  const hasher = new TileHasher();
  leaves.forEach((leaf, index) => hasher.setLeaf(index, leaf));
  hasher.hashUp(256);
  const others = leaves.slice(1, 8);
  others.forEach((leaf, index) => hasher.setLeaf(index, leaf));
  hasher.hashUp(others.length);
  expect(hasher.rootOf(others.length)).toBe(treeHash(others));
});
