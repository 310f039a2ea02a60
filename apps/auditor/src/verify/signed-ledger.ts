import type { Hash } from '#libs/transparency';
import type { SignedRoot } from './chunk.js';
import type { Epoch } from './epochs.js';
import type { Findings } from './findings.js';
import { noteName } from './open-notes.js';

/**
 * Holds every root that was signed against the root that the log has at that size. Which of those
 * that do not fit were declared lost by a recovery is known at the end only: when it is clear that
 * the recovery was signed.
 */
export class SignedLedger {
  /** Signed, and not yet reached by the tree, by their sizes. */
  readonly #expected = new Map<number, SignedRoot[]>();
  readonly #unfit: SignedRoot[] = [];
  readonly #signedEpochs = new Set<number>();
  /** Checkpoints that fit. */
  matched = 0;
  /** The largest size that was signed and is the log's. */
  matchedSize = 0;
  matchedRoot: Hash | undefined;
  /** The largest size within the log that was signed, whether it fits or not. */
  signedSize = 0;

  expect(signed: SignedRoot): void {
    this.#signedEpochs.add(signed.epoch);
    this.#expected.set(signed.size, [...(this.#expected.get(signed.size) ?? []), signed]);
  }

  /** The tree has this root; sizes come in ascending order. */
  reached(size: number, root: Hash): void {
    for (const signed of this.#expected.get(size) ?? []) {
      this.signedSize = size;
      if (signed.root === root) {
        this.matched += 1;
        this.matchedSize = size;
        this.matchedRoot = root;
      } else this.#unfit.push(signed);
    }
    this.#expected.delete(size);
  }

  /** What of an epoch's signatures the log must still hold: later recoveries end it, if signed. */
  keptOf(epoch: number, epochs: readonly Epoch[]): number {
    const later = epochs.filter((each) => each.epoch > epoch && this.#signedEpochs.has(each.epoch));
    return Math.min(Infinity, ...later.map(({ size }) => size));
  }

  /** Tells of all that was signed and is not the log's; called at its end. */
  tell(head: number, epochs: readonly Epoch[], findings: Findings): void {
    const beyond = [...this.#expected.values()].flat();
    const isKept = ({ epoch, size }: SignedRoot) => size <= this.keptOf(epoch, epochs);
    const rolledBack = beyond.filter(isKept);
    const unfit = this.#unfit.filter(isKept);
    tellOf(
      bySize(rolledBack).reverse(),
      findings,
      (size) => `the log ends at ${head} of ${size} signed entries`,
    );
    const forks = unfit.filter(({ size }) => size < this.matchedSize);
    tellOf(
      bySize(forks),
      findings,
      () => 'signs another root than the log has there: it was signed for two logs',
    );
    const altered = unfit.filter(({ size }) => size > this.matchedSize);
    tellOf(bySize(altered), findings, (size) => this.#alteredText(size));
    const lost = beyond.length + this.#unfit.length - rolledBack.length - unfit.length;
    if (lost > 0) {
      findings.notice('checkpoints', `${lost} are of entries that a recovery has declared lost`);
    }
  }

  #alteredText(size: number): string {
    const range = `entries ${this.matchedSize} to ${size - 1}`;
    return `its entries are not those that were signed: what differs lies in ${range}`;
  }
}

function bySize(all: readonly SignedRoot[]): SignedRoot[] {
  return all.toSorted((a, b) => a.size - b.size);
}

/** The first says where; how many others follow from the same. */
function tellOf(
  all: readonly SignedRoot[],
  findings: Findings,
  text: (size: number) => string,
): void {
  const [first] = all;
  if (first === undefined) return;
  const others = all.length > 1 ? ` (and so for ${all.length - 1} other checkpoints)` : '';
  findings.manipulation(noteName(first), `${text(first.size)}${others}`);
}
