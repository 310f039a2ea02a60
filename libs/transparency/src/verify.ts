import { type Hash, isHash } from './hash.js';
import { emptyRoot, nodeHash } from './rfc6962.js';

/** A longer proof than any tree with a safe integer for its size can need. */
const MAX_PROOF = 64;

/** What is claimed of a leaf: that it is the `index`-th, from 0, of a tree. */
export interface InclusionClaim {
  readonly leaf: Hash;
  readonly index: number;
  /** Entries in the tree. */
  readonly size: number;
  readonly proof: readonly Hash[];
  readonly root: Hash;
}

/** What is claimed of two trees: that the new one begins with the old one. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Hash;
  readonly newSize: number;
  readonly newRoot: Hash;
  readonly proof: readonly Hash[];
}

/** Where a walk from a leaf to the root is: its node, and the last node of that height. */
interface Step {
  readonly node: number;
  readonly last: number;
}

/** Whether the proof holds (RFC 9162, section 2.1.3.2). Whatever it is given, it throws nothing. */
export function verifyInclusion({ leaf, index, size, proof, root }: InclusionClaim): boolean {
  if (!areSizes(index, size) || index >= size || !areHashes(proof, [leaf, root])) return false;
  let at: Step = { node: index, last: size - 1 };
  let hash = leaf;
  for (const sibling of proof) {
    if (at.last === 0) return false;
    const isRight = isRightChild(at);
    hash = isRight ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    at = isRight ? up(afterLoneNodes(at)) : up(at);
  }
  return at.last === 0 && hash === root;
}

/**
 * Whether the proof holds (RFC 9162, section 2.1.4.2). Whatever it is given, it throws nothing.
 * Every tree begins with the empty one, and with itself; the proof is then empty.
 */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { oldSize, oldRoot, newSize, newRoot, proof } = claim;
  if (!areSizes(oldSize, newSize) || oldSize > newSize) return false;
  if (!areHashes(proof, [oldRoot, newRoot])) return false;
  if (oldSize === newSize)
    return proof.length === 0 && oldRoot === newRoot && isRootOf(oldSize, oldRoot);
  if (oldSize === 0) return proof.length === 0 && oldRoot === emptyRoot();
  return proof.length > 0 && leadsToBoth(claim);
}

function leadsToBoth({ oldSize, oldRoot, newSize, newRoot, proof }: ConsistencyClaim): boolean {
  let at = afterRightChildren({ node: oldSize - 1, last: newSize - 1 });
  // An old tree that is one full subtree is where the walk begins, and is not in the proof.
  const [seed, ...path] = at.node === 0 ? [oldRoot, ...proof] : proof;
  if (seed === undefined) return false;
  let [before, after] = [seed, seed];
  for (const sibling of path) {
    if (at.last === 0) return false;
    const isRight = isRightChild(at);
    if (isRight) before = nodeHash(sibling, before);
    after = isRight ? nodeHash(sibling, after) : nodeHash(after, sibling);
    at = isRight ? up(afterLoneNodes(at)) : up(at);
  }
  return at.last === 0 && before === oldRoot && after === newRoot;
}

/** The last node of a height has no right neighbour: its sibling, if it has one, is on its left. */
function isRightChild({ node, last }: Step): boolean {
  return isOdd(node) || node === last;
}

/** Goes up past the heights at which the node has no sibling and is handed up as it is. */
function afterLoneNodes(at: Step): Step {
  let step = at;
  while (!isOdd(step.node) && step.node !== 0) step = up(step);
  return step;
}

function afterRightChildren(at: Step): Step {
  let step = at;
  while (isOdd(step.node)) step = up(step);
  return step;
}

/** Division, not a shift: sizes go past 2^31. */
function up({ node, last }: Step): Step {
  return { node: Math.floor(node / 2), last: Math.floor(last / 2) };
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function isRootOf(size: number, root: Hash): boolean {
  return size > 0 || root === emptyRoot();
}

function areSizes(...sizes: readonly number[]): boolean {
  return sizes.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** The compiler has promised hashes, but they come from strangers' files. */
function areHashes(proof: readonly unknown[], others: readonly unknown[]): boolean {
  const isShort = Array.isArray(proof) && proof.length <= MAX_PROOF;
  return isShort && [...others, ...Array.from<unknown>(proof)].every(isHash);
}
