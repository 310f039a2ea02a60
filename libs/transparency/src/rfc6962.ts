import { createHash, hash } from 'node:crypto';
import { HASH_BYTES, type Hash } from './hash.js';

/** Different first bytes keep an inner node from being passed off as an entry. */
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/**
 * What is hashed is put together here, so that hashing allocates nothing but its answer. It holds
 * any entry that fits a bundle (65,535 bytes) behind its prefix.
 */
const leafScratch = Buffer.alloc(65_536);
const nodeScratch = Buffer.alloc(1 + 2 * HASH_BYTES, NODE);

/** Views of the leaf's scratch by their length, for the lengths that most entries have. */
const leafViews = new Array<Buffer | undefined>(4096);

/** SHA-256(0x00 || entry): the hash of a leaf (RFC 6962, section 2.1). */
export function leafHash(entry: Uint8Array): Hash {
  if (entry.length >= leafScratch.length) return longLeafHash(entry);
  leafScratch.set(entry, 1);
  return hash('sha256', leafView(entry.length + 1), 'binary') as Hash;
}

/** SHA-256(0x01 || left || right): the hash over two subtrees (RFC 6962, section 2.1). */
export function nodeHash(left: Hash, right: Hash): Hash {
  nodeScratch.write(left, 1, 'latin1');
  nodeScratch.write(right, 1 + HASH_BYTES, 'latin1');
  return hash('sha256', nodeScratch, 'binary') as Hash;
}

/** SHA-256 of nothing: the root of a tree without entries (RFC 6962, section 2.1). */
export function emptyRoot(): Hash {
  return EMPTY_ROOT;
}

const EMPTY_ROOT = hash('sha256', '', 'binary') as Hash;

/**
 * The Merkle Tree Hash over nodes that are already hashed (RFC 6962, section 2.1). All nodes span
 * equally many leaves, only the last one may span fewer.
 *
 * @throws RangeError if there is no node
 */
export function subtreeRoot(hashes: readonly Hash[]): Hash {
  let nodes = hashes;
  while (nodes.length > 1) nodes = pairUp(nodes);
  const [root] = nodes;
  if (root === undefined) throw new RangeError('A subtree has at least one node.');
  return root;
}

/** A node without a neighbour goes up as it is: the RFC splits at the largest power of two. */
function pairUp(nodes: readonly Hash[]): Hash[] {
  const parents: Hash[] = [];
  for (let at = 0; at < nodes.length; at += 2) {
    const [left, right] = [nodes[at], nodes[at + 1]];
    if (left !== undefined) parents.push(right === undefined ? left : nodeHash(left, right));
  }
  return parents;
}

function leafView(length: number): Buffer {
  if (length >= leafViews.length) return leafScratch.subarray(0, length);
  return (leafViews[length] ??= leafScratch.subarray(0, length));
}

/** For entries that no bundle holds; copying them would cost more than a second call. */
function longLeafHash(entry: Uint8Array): Hash {
  return createHash('sha256').update(LEAF).update(entry).digest('binary') as Hash;
}
