import fc from 'fast-check';
import { grow, leavesTo, treeHash } from '../test/trees.js';
import { type Hash, joinHashes } from './hash.js';
import { consistencyProof, inclusionProof, rootAt } from './proofs.js';
import { emptyRoot, nodeHash } from './rfc6962.js';
import { TileInvalid, type TileReader } from './tiles.js';
import {
  type ConsistencyClaim,
  type InclusionClaim,
  verifyConsistency,
  verifyInclusion,
} from './verify.js';

const leaves = leavesTo(1200);
const { reader } = grow(leaves);
const root = (size: number) => (size === 0 ? emptyRoot() : treeHash(leaves.slice(0, size)));

/** A size, and a number below it. */
const pairs = fc
  .integer({ min: 1, max: leaves.length })
  .chain((size) => fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.constant(size)));
const runs = { numRuns: 100 };

/** The same hash with one bit turned. */
function altered(hash: Hash, at: number): Hash {
  const bytes = Buffer.from(hash, 'latin1');
  bytes.writeUInt8(bytes.readUInt8(at % 32) ^ 1, at % 32);
  return bytes.toString('latin1') as Hash;
}

async function inclusion(index: number, size: number): Promise<InclusionClaim> {
  const proof = await inclusionProof(index, size, reader);
  return { leaf: leaves[index]!, index, size, proof, root: root(size) };
}

async function consistency(oldSize: number, newSize: number): Promise<ConsistencyClaim> {
  const proof = await consistencyProof(oldSize, newSize, reader);
  return { oldSize, oldRoot: root(oldSize), newSize, newRoot: root(newSize), proof };
}

/** Every way to break a proof itself. */
function brokenProofs(proof: readonly Hash[]): readonly (readonly Hash[])[] {
  const [first, ...rest] = proof;
  const longer = [...proof, proof.at(-1) ?? emptyRoot()];
  if (first === undefined) return [longer];
  const changed = proof.map((hash, at) => proof.with(at, altered(hash, at)));
  return [...changed, longer, rest, proof.slice(0, -1), [first, ...proof]];
}

describe('a proof that is made is a proof that holds', () => {
  it('of inclusion, and of nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, async ([index, size]) => {
        const claim = await inclusion(index, size);
        expect(verifyInclusion(claim)).toBe(true);
        const broken: readonly Partial<InclusionClaim>[] = [
          { leaf: altered(claim.leaf, index) },
          { root: altered(claim.root, index) },
          // Sizes whose proofs have one shape are told apart by the root, which the log signs.
          { size: size * 4 },
          ...[index - 1, index + 1, index + size].map((other) => ({ index: other })),
          ...brokenProofs(claim.proof).map((proof) => ({ proof })),
        ];
        for (const part of broken) expect(verifyInclusion({ ...claim, ...part })).toBe(false);
      }),
      runs,
    );
  });

  it('of consistency, and of nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, async ([oldSize, newSize]) => {
        const claim = await consistency(oldSize, newSize);
        expect(verifyConsistency(claim)).toBe(true);
        const broken: readonly Partial<ConsistencyClaim>[] = [
          { oldRoot: altered(claim.oldRoot, oldSize) },
          { oldSize: newSize + 1 },
          ...brokenProofs(claim.proof).map((proof) => ({ proof })),
          ...(oldSize === 0 ? [] : [{ newRoot: altered(claim.newRoot, newSize) }]),
          ...(oldSize === 0 ? [] : [{ newSize: newSize * 4 }]),
        ];
        for (const part of broken) expect(verifyConsistency({ ...claim, ...part })).toBe(false);
      }),
      runs,
    );
  });

  it('every entry of a small tree, in every older tree', async () => {
    for (let size = 1; size <= 33; size += 1) {
      expect(await rootAt(size, reader)).toBe(root(size));
      for (let index = 0; index < size; index += 1) {
        expect(verifyInclusion(await inclusion(index, size))).toBe(true);
        expect(verifyConsistency(await consistency(index + 1, size))).toBe(true);
      }
    }
  });

  it('the root of any older size comes from the tiles', async () => {
    for (const size of [0, 1, 255, 256, 257, 511, 512, 513, 1024, 1199, 1200]) {
      expect(await rootAt(size, reader)).toBe(root(size));
    }
  });
});

/** A tree whose leaves are all the same has one hash a height, so it can be as large as one likes. */
function uniform(leaf: Hash): TileReader {
  const heights = [leaf];
  while (heights.length < 60) heights.push(nodeHash(heights.at(-1)!, heights.at(-1)!));
  const hashAt = (level: number) => heights[level * 8]!;
  return {
    tile: (level, _, width) => joinHashes(Array.from({ length: width }, () => hashAt(level))),
  };
}

describe('a tree of more than 2^31 entries', () => {
  const leaf = leaves[0]!;
  const reader = uniform(leaf);
  const sizes = [2 ** 31 + 1, 2 ** 32 - 1, 2 ** 40 + 255, 2 ** 52, Number.MAX_SAFE_INTEGER];

  it.each(sizes)('proves its entries: %d', async (size) => {
    const root = await rootAt(size, reader);
    for (const index of [0, 2 ** 31 - 1, 2 ** 31, size - 1]) {
      const proof = await inclusionProof(index, size, reader);
      expect(verifyInclusion({ leaf, index, size, proof, root })).toBe(true);
    }
  });

  it.each(sizes)('proves what it began with: %d', async (newSize) => {
    const newRoot = await rootAt(newSize, reader);
    for (const oldSize of [1, 2 ** 31 - 1, 2 ** 31, newSize - 1, newSize]) {
      const oldRoot = await rootAt(oldSize, reader);
      const proof = await consistencyProof(oldSize, newSize, reader);
      expect(verifyConsistency({ oldSize, oldRoot, newSize, newRoot, proof })).toBe(true);
    }
  });
});

describe('what cannot be proven', () => {
  it.each([
    [0, 0],
    [5, 5],
    [-1, 5],
    [0.5, 5],
    [0, NaN],
    [0, 2 ** 53],
  ])('entry %d of %d', async (index, size) => {
    await expect(inclusionProof(index, size, reader)).rejects.toThrow(RangeError);
  });

  it.each([
    [6, 5],
    [-1, 5],
    [1.5, 5],
    [1, Infinity],
  ])('that %d entries begin %d', async (oldSize, newSize) => {
    await expect(consistencyProof(oldSize, newSize, reader)).rejects.toThrow(RangeError);
  });

  it('anything, from a tile that is too short', async () => {
    const short = { tile: () => new Uint8Array(32 * 6) };
    await expect(rootAt(7, short)).rejects.toThrow(TileInvalid);
    await expect(rootAt(6, short)).resolves.toHaveLength(32);
  });

  it('each tile is read once', async () => {
    const read: string[] = [];
    const counted: TileReader = {
      tile: (level, index, width) => {
        read.push(`${level}/${index}:${width}`);
        return reader.tile(level, index, width);
      },
    };
    await inclusionProof(300, 1200, counted);
    expect(read.sort()).toEqual(['0/1:256', '0/4:176', '1/0:4']);
  });
});
