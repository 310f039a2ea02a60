import type { Hash } from '#libs/transparency';
import type { SignedRoot } from './chunk.js';
import type { Epoch } from './epochs.js';
import type { Findings } from './findings.js';
import { noteName } from './open-notes.js';
import { vouchedEpochs } from './trust.js';

/**
 * Holds every root that was signed against the root that the log has at that size. Which of those
 * that do not fit were declared lost by a recovery is known at the end only: when it is clear that
 * the recovery was signed, with a key that somebody vouches for.
 */
export class SignedLedger {
  /** Signed, and not yet reached by the tree, by their sizes. */
  readonly #expected = new Map<number, SignedRoot[]>();
  readonly #unfit: SignedRoot[] = [];
  readonly #signedEpochs = new Set<number>();
  /** The largest size that each epoch has signed and that is the log's. */
  readonly #matchedSizes = new Map<number, number>();
  /** The largest size that a vouched key has signed and that is the log's. */
  matchedSize = 0;
  matchedRoot: Hash | undefined;
  /** The largest size within the log that a vouched key has signed, whether it fits or not. */
  signedSize = 0;

  readonly #vouched: ReadonlySet<number>;

  /** @param pinned keys from elsewhere, as `NAME+ID+KEY` */
  constructor(
    private readonly epochs: readonly Epoch[],
    pinned: readonly string[],
  ) {
    this.#vouched = vouchedEpochs(epochs, pinned);
  }

  expect(signed: SignedRoot): void {
    this.#signedEpochs.add(signed.epoch);
    this.#expected.set(signed.size, [...(this.#expected.get(signed.size) ?? []), signed]);
  }

  /** The tree has this root; sizes come in ascending order. */
  reached(size: number, root: Hash): void {
    for (const signed of this.#expected.get(size) ?? []) {
      const isVouched = this.#vouched.has(signed.epoch);
      if (isVouched) this.signedSize = size;
      if (signed.root !== root) this.#unfit.push(signed);
      else if (isVouched) {
        this.#matchedSizes.set(signed.epoch, size);
        this.matchedSize = size;
        this.matchedRoot = root;
      }
    }
    this.#expected.delete(size);
  }

  /** Whether a checkpoint of the epoch is kept that its key has signed. */
  hasSigned(epoch: number): boolean {
    return this.#signedEpochs.has(epoch);
  }

  /**
   * What of an epoch's signatures the log must still hold. Later recoveries end it: those whose own
   * event is under a checkpoint that fits, of a vouched key.
   */
  keptOf(epoch: number): number {
    const ending = this.epochs.filter(
      (each) => each.epoch > epoch && (this.#matchedSizes.get(each.epoch) ?? 0) > each.size,
    );
    return Math.min(Infinity, ...ending.map(({ size }) => size));
  }

  /** Tells of all that was signed and is not the log's; called at its end. */
  tell(head: number, findings: Findings): void {
    const beyond = [...this.#expected.values()].flat();
    const isKept = ({ epoch, size }: SignedRoot) => size <= this.keptOf(epoch);
    const rolledBack = beyond.filter(isKept);
    const unfit = this.#unfit.filter(isKept);
    tellOf(
      bySize(rolledBack).reverse(),
      findings,
      (size) => `the log ends at ${head} of ${size} signed entries`,
    );
    const forks = unfit.filter(({ size }) => size <= this.matchedSize);
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
