import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { keyFromSeed, verifierOf } from '../test/keys.js';
import { entryAt, grow, leavesTo } from '../test/trees.js';
import {
  type Hash,
  checkProof,
  consistencyProof,
  decodeEntries,
  encodeEntries,
  entriesPath,
  formatProof,
  hashFromBytes,
  hashToBytes,
  inclusionProof,
  leafHash,
  noteSigner,
  openCheckpoint,
  parseTilePath,
  rootAt,
  signCheckpoint,
  tilePath,
  verifyConsistency,
  verifyInclusion,
} from './index.js';

const hex = (hash: Hash) => Buffer.from(hashToBytes(hash)).toString('hex');
const bytes = (text: string) => Buffer.from(text, 'hex');
const hash = (text: string) => hashFromBytes(bytes(text));

interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly proof: readonly string[];
}

interface Consistency {
  readonly oldSize: number;
  readonly newSize: number;
  readonly proof: readonly string[];
}

interface Vectors {
  readonly published: {
    readonly entries: readonly string[];
    readonly leaves: readonly string[];
    /** By size, from 0. */
    readonly roots: readonly string[];
    readonly inclusion: readonly Inclusion[];
    readonly consistency: readonly Consistency[];
  };
  readonly tree: {
    readonly leaves: readonly { readonly index: number; readonly hash: string }[];
    readonly roots: readonly { readonly size: number; readonly root: string }[];
    readonly inclusion: readonly Inclusion[];
    readonly consistency: readonly Consistency[];
    readonly tiles: readonly { readonly path: string; readonly sha256: string }[];
  };
  readonly paths: readonly {
    readonly level: number | 'entries';
    readonly index: number;
    readonly width: number;
    readonly path: string;
  }[];
  readonly bundle: { readonly entries: readonly string[]; readonly bytes: string };
  readonly key: { readonly seed: string; readonly name: string; readonly vkey: string };
  readonly checkpoint: { readonly size: number; readonly root: string; readonly note: string };
  readonly proof: { readonly index: number; readonly extra: string; readonly text: string };
}

const file = new URL('../../../docs/vectors/tree.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

/** Makes every proof again, and checks it as a stranger would, against roots from elsewhere. */
function describeProofs(
  leaves: readonly Hash[],
  { inclusion, consistency }: Pick<Vectors['tree'], 'inclusion' | 'consistency'>,
): void {
  const { reader } = grow(leaves);

  it.each(inclusion)('entry $index is in $size', async ({ index, size, proof }) => {
    const made = await inclusionProof(index, size, reader);
    const root = grow(leaves.slice(0, size)).edge.root();
    expect(made.map(hex)).toEqual(proof);
    expect(verifyInclusion({ leaf: leaves[index]!, index, size, proof: made, root })).toBe(true);
  });

  it.each(consistency)('$newSize begin with $oldSize', async ({ oldSize, newSize, proof }) => {
    const made = await consistencyProof(oldSize, newSize, reader);
    const [oldRoot, newRoot] = [oldSize, newSize].map((size) =>
      grow(leaves.slice(0, size)).edge.root(),
    ) as [Hash, Hash];
    expect(made.map(hex)).toEqual(proof);
    expect(verifyConsistency({ oldSize, oldRoot, newSize, newRoot, proof: made })).toBe(true);
  });
}

describe('the published tree of Certificate Transparency', () => {
  const { entries, leaves, roots } = vectors.published;
  const made = entries.map((entry) => leafHash(bytes(entry)));

  it('has these leaves', () => {
    expect(made.map(hex)).toEqual(leaves);
  });

  it.each(roots.map((root, size) => ({ root, size })))('of $size is $root', ({ root, size }) => {
    expect(hex(grow(made.slice(0, size)).edge.root())).toBe(root);
  });

  describeProofs(made, vectors.published);
});

describe('the tree of our vectors', () => {
  const leaves = leavesTo(300);
  const { edge, reader } = grow(leaves);

  it.each(vectors.tree.leaves)('entry $index is $hash', ({ index, hash }) => {
    expect(hex(leafHash(entryAt(index)))).toBe(hash);
  });

  it.each(vectors.tree.roots)('of $size is $root', async ({ size, root }) => {
    expect(hex(await rootAt(size, reader))).toBe(root);
    expect(hex(grow(leaves.slice(0, size)).edge.root())).toBe(root);
  });

  it.each(vectors.tree.tiles)('has $path', async ({ path, sha256 }) => {
    const address = parseTilePath(path);
    if (address === undefined || address.level === 'entries') throw new Error('This is no tile.');
    const tile = await reader.tile(address.level, address.index, address.width);
    expect(createHash('sha256').update(tile).digest('hex')).toBe(sha256);
  });

  describeProofs(leaves, vectors.tree);

  it('is signed as this checkpoint, and proves this entry', async () => {
    const { seed, name, vkey } = vectors.key;
    const { checkpoint, proof } = vectors;
    const signer = noteSigner(name, keyFromSeed(bytes(seed)));
    const { index } = proof;
    const made = {
      index,
      proof: await inclusionProof(index, edge.size, reader),
      checkpoint: signCheckpoint({ origin: name, size: edge.size, root: edge.root() }, signer),
      extra: bytes(proof.extra),
    };
    expect([signer.vkey, made.checkpoint]).toEqual([vkey, checkpoint.note]);
    expect(formatProof(made)).toBe(proof.text);
  });

  it('is believed by whoever knows the key', () => {
    const { checkpoint, key, proof } = vectors;
    const verifiers = [verifierOf(key)];
    const { root, size } = openCheckpoint(checkpoint.note, verifiers);
    expect([root, size]).toEqual([hash(checkpoint.root), checkpoint.size]);
    expect(checkProof({ proofText: proof.text, entry: entryAt(proof.index), verifiers })).toEqual({
      origin: key.name,
      index: proof.index,
      size,
    });
  });
});

describe('paths and bundles', () => {
  it.each(vectors.paths)('$path', ({ level, index, width, path }) => {
    expect(parseTilePath(path)).toEqual({ level, index, width });
    const made = level === 'entries' ? entriesPath(index, width) : tilePath(level, index, width);
    expect(made).toBe(path);
  });

  it('a bundle', () => {
    const entries = vectors.bundle.entries.map(bytes);
    expect(Buffer.from(encodeEntries(entries)).toString('hex')).toBe(vectors.bundle.bytes);
    expect(decodeEntries(bytes(vectors.bundle.bytes))).toEqual(entries);
  });
});
