import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { leavesTo, treeHash } from '../test/trees.js';
import { hashFromBytes } from './hash.js';
import { emptyRoot, leafHash, nodeHash, subtreeRoot } from './rfc6962.js';

const sha256 = (...parts: readonly Uint8Array[]) =>
  hashFromBytes(createHash('sha256').update(Buffer.concat(parts)).digest());

describe('RFC 6962, section 2.1', () => {
  it('an empty tree is the hash of nothing', () => {
    expect(emptyRoot()).toBe(sha256());
  });

  it.each([0, 1, 550, 4094, 4095, 4096, 65_535, 65_536, 200_000])(
    'a leaf of %d bytes is hashed behind a zero',
    (length) => {
      const entry = Buffer.alloc(length, 7);
      // Twice, with another between: nothing of one entry may reach the hash of the next.
      const [first, , second] = [entry, Buffer.alloc(length + 3, 9), entry].map(leafHash);
      expect(first).toBe(sha256(Uint8Array.of(0), entry));
      expect(second).toBe(first);
    },
  );

  it('a node is the hash of its children behind a one', () => {
    const [left, right] = [sha256(Uint8Array.of(1)), sha256(Uint8Array.of(2))];
    const bytes = Buffer.from(left + right, 'latin1');
    expect(nodeHash(left, right)).toBe(sha256(Uint8Array.of(1), bytes));
    expect(nodeHash(right, left)).not.toBe(nodeHash(left, right));
  });

  it('pairing up gives what splitting gives', () => {
    const leaves = leavesTo(600);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), (size) => {
        expect(subtreeRoot(leaves.slice(0, size))).toBe(treeHash(leaves.slice(0, size)));
      }),
      { numRuns: 60 },
    );
  });

  it('no nodes have no root', () => {
    expect(() => subtreeRoot([])).toThrow(RangeError);
  });
});
