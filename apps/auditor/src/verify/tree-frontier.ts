import { emptyRoot, type Hash, nodeHash } from '#libs/transparency';

/**
 * The full subtrees that a growing tree consists of, the largest first: one hash for each bit of
 * its size, so that its root costs as many hashes as that.
 */
export class TreeFrontier {
  readonly #subtrees: { readonly height: number; readonly hash: Hash }[] = [];

  /** Adds a full subtree of the height of all that are added. */
  append(hash: Hash): void {
    let added = { height: 0, hash };
    for (
      let last = this.#subtrees.at(-1);
      last?.height === added.height;
      last = this.#subtrees.at(-1)
    ) {
      this.#subtrees.pop();
      added = { height: added.height + 1, hash: nodeHash(last.hash, added.hash) };
    }
    this.#subtrees.push(added);
  }

  /** The Merkle Tree Hash, with a last subtree that is not full if there is one. */
  root(last?: Hash): Hash {
    const hashes = this.#subtrees.map(({ hash }) => hash);
    if (last !== undefined) hashes.push(last);
    if (hashes.length === 0) return emptyRoot();
    return hashes.reduceRight((right, left) => nodeHash(left, right));
  }
}
