import { leavesTo } from '../test/trees.js';
import type { Hash } from './hash.js';
import { emptyRoot, nodeHash } from './rfc6962.js';
import { verifyConsistency, verifyInclusion } from './verify.js';

const [first, second] = leavesTo(2) as readonly [Hash, Hash];
const both = nodeHash(first, second);
const inclusion = { leaf: first, index: 0, size: 2, proof: [second], root: both };
const consistency = { oldSize: 1, oldRoot: first, newSize: 2, newRoot: both, proof: [second] };

const numbers = [-1, 0.5, NaN, Infinity, 2 ** 53, 1e300, '1', null, undefined, {}];
const hashes = ['', 'short', `${first}x`, `${first.slice(0, 31)}\u0141`, null, undefined, 7, {}];
const proofs = [...hashes.map((hash) => [hash]), undefined, null, 'text', Array(1e6).fill(first)];

describe('a verifier answers no to whatever it is given, and throws nothing', () => {
  it('unless it holds', () => {
    expect([verifyInclusion(inclusion), verifyConsistency(consistency)]).toEqual([true, true]);
  });

  it.each(['index', 'size'])('%s', (key) => {
    for (const value of numbers) {
      expect(verifyInclusion({ ...inclusion, [key]: value })).toBe(false);
    }
  });

  it.each(['oldSize', 'newSize'])('%s', (key) => {
    for (const value of numbers) {
      expect(verifyConsistency({ ...consistency, [key]: value })).toBe(false);
    }
  });

  it('hashes and proofs', () => {
    for (const value of hashes) {
      expect(verifyInclusion({ ...inclusion, leaf: value as Hash })).toBe(false);
      expect(verifyInclusion({ ...inclusion, root: value as Hash })).toBe(false);
      expect(verifyConsistency({ ...consistency, oldRoot: value as Hash })).toBe(false);
      expect(verifyConsistency({ ...consistency, newRoot: value as Hash })).toBe(false);
    }
    for (const value of proofs) {
      expect(verifyInclusion({ ...inclusion, proof: value as Hash[] })).toBe(false);
      expect(verifyConsistency({ ...consistency, proof: value as Hash[] })).toBe(false);
    }
  });

  it('a hash is compared byte for byte: none is cut to fit', () => {
    const wide = String.fromCharCode(second.charCodeAt(0) + 256) + second.slice(1);
    expect(verifyInclusion({ ...inclusion, proof: [wide as Hash] })).toBe(false);
  });
});

describe('the edges of the rules', () => {
  it('an empty tree holds nothing', () => {
    const claim = { leaf: first, index: 0, size: 0, proof: [], root: emptyRoot() };
    expect(verifyInclusion(claim)).toBe(false);
  });

  it('a tree of one entry is its leaf', () => {
    const claim = { leaf: first, index: 0, size: 1, proof: [], root: first };
    expect(verifyInclusion(claim)).toBe(true);
    expect(verifyInclusion({ ...claim, proof: [second] })).toBe(false);
    expect(verifyInclusion({ ...claim, root: second })).toBe(false);
  });

  it('a proof goes no higher than the root', () => {
    const [a, b, c, d, more] = leavesTo(5) as readonly [Hash, Hash, Hash, Hash, Hash];
    const ab = nodeHash(a, b);
    const above = { leaf: a, index: 0, size: 1, proof: [more], root: nodeHash(more, a) };
    const oldRoot = nodeHash(more, nodeHash(ab, c));
    const newRoot = nodeHash(more, nodeHash(ab, nodeHash(c, d)));
    const proof = [c, d, ab, more];
    expect(verifyInclusion(above)).toBe(false);
    expect(verifyConsistency({ oldSize: 3, oldRoot, newSize: 4, newRoot, proof })).toBe(false);
  });

  it.each([
    ['every tree begins with the empty one', 0, emptyRoot(), 2, both, [], true],
    ['the empty tree has one root', 0, first, 2, both, [], false],
    ['the empty tree needs no proof', 0, emptyRoot(), 2, both, [first], false],
    ['a tree begins with itself', 2, both, 2, both, [], true],
    ['equal sizes have equal roots', 2, both, 2, first, [], false],
    ['equal sizes need no proof', 2, both, 2, both, [first], false],
    ['the empty tree begins with itself', 0, emptyRoot(), 0, emptyRoot(), [], true],
    ['no other root is of the empty tree', 0, first, 0, first, [], false],
    ['a tree does not shrink', 2, both, 1, first, [second], false],
    ['a larger tree needs a proof', 1, first, 2, both, [], false],
  ])('%s', (_, oldSize, oldRoot, newSize, newRoot, proof, holds) => {
    expect(verifyConsistency({ oldSize, oldRoot, newSize, newRoot, proof })).toBe(holds);
  });
});
