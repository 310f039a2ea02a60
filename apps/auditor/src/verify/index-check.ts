import { HASH_BYTES, leafHash } from '#libs/transparency';
import type { Chains } from './chains.js';
import { bytesAt } from './entry-at.js';
import type { Findings } from './findings.js';
import type { HashKey } from './keyed-hash.js';
import type { IndexMark, IndexSums } from './index-session.js';
import type { LeafReader } from './leaf-reader.js';
import { added, isSame, type Sum } from './row-sum.js';

const NOTHING: Sum = [0, 0];

/** What the index should hold, by the log. */
export interface ExpectedIndex {
  readonly heads: Sum;
  readonly commands: Sum;
}

/** Gathers, while the log is followed, what an index up to `mark` must hold. */
export class IndexExpectation {
  #heads: Sum = NOTHING;
  #commands: Sum = NOTHING;

  constructor(private readonly key: HashKey) {}

  addCommands(sum: Sum): void {
    this.#commands = added(this.#commands, sum);
  }

  /** Called when the chains have been followed up to the mark. */
  atMark(chains: Chains): void {
    this.#heads = chains.headsSum(this.key);
  }

  get expected(): ExpectedIndex {
    return { heads: this.#heads, commands: this.#commands };
  }
}

/** Holds the index's mark against the log. @returns false when it is not of this log */
export async function checkMark(
  mark: IndexMark,
  reader: LeafReader,
  head: number,
  findings: Findings,
): Promise<boolean> {
  if (mark.position < 0 || mark.position > head) {
    const told = `tells of ${mark.position} entries, but the log has ${head}`;
    findings.manipulation('index.db mark', `${told}: delete index.db, it is made anew`);
    return false;
  }
  const bytes = mark.position === 0 ? undefined : await bytesAt(reader, mark.position - 1, head);
  const isOurs =
    bytes !== undefined &&
    mark.leaf.length === HASH_BYTES &&
    Buffer.from(mark.leaf).toString('latin1') === leafHash(bytes);
  if (!isOurs) {
    const told = `does not have the leaf hash of entry ${mark.position - 1}`;
    findings.manipulation('index.db mark', `${told}: delete index.db, it is made anew`);
  }
  return isOurs;
}

/** Whether the index holds exactly what the log says. */
export function isAsExpected(sums: IndexSums, { heads, commands }: ExpectedIndex): boolean {
  return isSame(sums.heads, heads) && isSame(sums.commands, commands);
}
