import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { emptyRoot } from '#libs/transparency';
import type { LogPlace } from '../sources/log-place.js';
import { Against } from './against.js';
import { Chains } from './chains.js';
import type { Checked } from './checked.js';
import { CheckedTree } from './checked-tree.js';
import { type Chunk, type ChunkReport, COLUMNS } from './chunk.js';
import { explainBreaks } from './explain-breaks.js';
import { explainIndex } from './explain-index.js';
import type { Findings } from './findings.js';
import { checkMark, IndexExpectation, isAsExpected } from './index-check.js';
import type { IndexMark, IndexSums } from './index-session.js';
import type { HashKey } from './keyed-hash.js';
import type { LeafReader } from './leaf-reader.js';
import { readable } from './readable.js';
import { checkRecoveries } from './recoveries.js';
import { SignedLedger } from './signed-ledger.js';
import type { Survey } from './survey.js';
import { checkTrust } from './trust.js';
import { checkUnsealed, type Unsealed } from './unsealed.js';
import type { VerifyOptions } from './verify-options.js';

/** What a verification starts with. */
export interface VerificationParts {
  readonly place: LogPlace;
  readonly key: HashKey;
  readonly survey: Survey;
  readonly mark: IndexMark | undefined;
  readonly reader: LeafReader;
  readonly options: VerifyOptions;
  readonly findings: Findings;
}

/** 一次核验: puts the chunks of a log together, in their order, and holds the whole against what was signed. */
export class LogVerification {
  readonly tree: CheckedTree;
  readonly ledger: SignedLedger;
  readonly against: Against;
  readonly #chains: Chains;
  readonly #index: IndexExpectation;
  readonly #altered: number[] = [];
  #alteredCount = 0;
  #lastMs = 0;
  #checkpoints: number;
  #entries = 0;
  #bytes = 0;
  #leafTiles = 0;
  #indexRows: number | null = null;
  unsealed: Unsealed = { count: 0, since: null };

  constructor(private readonly parts: VerificationParts) {
    const { survey, reader, options, findings, key } = parts;
    this.ledger = new SignedLedger(survey.epochs, options.pinned);
    this.tree = new CheckedTree(reader.tile, findings);
    this.against = new Against(options.against, survey.epochs, options.pinned, findings);
    this.against.reached(0, emptyRoot());
    this.#chains = new Chains(survey.head);
    this.#index = new IndexExpectation(key);
    this.#checkpoints = survey.noteCount;
    for (const signed of survey.signed) this.ledger.expect(signed);
    this.#markReached(0);
  }

  get checked(): Checked {
    return {
      entries: this.#entries,
      bytes: this.#bytes,
      tiles: this.#leafTiles + this.tree.tilesCompared,
      checkpoints: this.#checkpoints,
      streams: this.#chains.streams,
      commands: this.#chains.commits,
      indexRows: this.#indexRows,
      indexed: this.parts.mark?.position ?? 0,
    };
  }

  /** The log in chunks of `length` entries, whole tiles each. */
  *chunks(length: number): Generator<Chunk> {
    const { survey, mark } = this.parts;
    const { head, epochs } = survey;
    const keys = epochs.map(({ epoch, vkey }) => ({ epoch, vkey }));
    for (let from = 0; from < head; from += length) {
      const to = Math.min(from + length, head);
      yield { from, to, sizes: this.#asked(from, to), mark: mark?.position ?? 0, keys };
    }
  }

  async take(report: ChunkReport): Promise<void> {
    const { from, to, notes } = report;
    this.parts.findings.addAll(report.found);
    for (const signed of notes) this.ledger.expect(signed);
    const sizes = new Set([...this.#asked(from, to), ...notes.map(({ size }) => size)]);
    await readable('tiles', this.parts.findings, () =>
      this.tree.take(
        report,
        [...sizes].toSorted((a, b) => a - b),
        (size, root) => {
          this.ledger.reached(size, root);
          this.against.reached(size, root);
        },
      ),
    );
    this.#follow(report);
    this.#count(report);
  }

  /** What can be told only when all entries were seen. */
  async end(): Promise<void> {
    const { survey, reader, options, findings, place } = this.parts;
    const { head, epochs } = survey;
    this.#chains.end(head);
    const { breaks, breakCount } = this.#chains;
    await explainBreaks(breaks, reader, head, findings);
    if (breakCount > breaks.length) {
      findings.manipulation(
        'entries',
        `${breakCount - breaks.length} more do not follow each other`,
      );
    }
    if (place.kind !== 'store') await this.tree.comparePartial();
    this.#tellAltered();
    this.ledger.tell(head, findings);
    this.against.tell(this.ledger, head);
    checkTrust(epochs, options.pinned, findings);
    await checkRecoveries({ epochs, reader, head, ledger: this.ledger }, findings);
    const { signedSize: sealed } = this.ledger;
    this.unsealed = await checkUnsealed(reader, { sealed, head, nowMs: options.now() }, findings);
  }

  /** Holds the index against what the log says; called at the very end. */
  async checkIndex(dir: string, sums: IndexSums): Promise<void> {
    const { mark, reader, survey, findings } = this.parts;
    const { head } = survey;
    if (!existsSync(join(dir, 'index.db'))) return;
    this.#indexRows = sums.headCount + sums.commandCount;
    if (mark !== undefined && !(await checkMark(mark, reader, head, findings))) return;
    if (isAsExpected(sums, this.#index.expected)) return;
    if (mark === undefined || findings.found().totals.manipulation > 0) {
      findings.manipulation(
        'index.db',
        'does not hold what the log says: delete it, it is made anew',
      );
      return;
    }
    await readable('index.db', findings, () =>
      explainIndex(dir, { reader, mark: mark.position, head }, findings),
    );
  }

  /** Sizes beside those of the store's own notes for which the root is wanted. */
  #asked(from: number, to: number): readonly number[] {
    const sizes = [...this.against.sizes, ...this.parts.survey.signed.map(({ size }) => size)];
    return sizes.filter((size) => size > from && size <= to);
  }

  #follow({ from, to, columns, times, commands }: ChunkReport): void {
    const mark = this.parts.mark?.position ?? 0;
    if (mark > from && mark <= to) {
      const cut = (mark - from) * COLUMNS;
      this.#chains.take(from, columns.subarray(0, cut));
      this.#markReached(mark);
      this.#chains.take(mark, columns.subarray(cut));
    } else this.#chains.take(from, columns);
    this.#index.addCommands(commands);
    if (times === undefined) return;
    if (times[0] < this.#lastMs) {
      this.parts.findings.manipulation(`entry ${from}`, 'was recorded before the entry before it');
    }
    this.#lastMs = times[1];
  }

  #markReached(mark: number): void {
    if (mark === (this.parts.mark?.position ?? 0)) this.#index.atMark(this.#chains);
  }

  #count(report: ChunkReport): void {
    this.#entries += report.to - report.from;
    this.#bytes += report.bytes;
    this.#leafTiles += report.tilesCompared;
    this.#checkpoints += report.noteCount;
    this.#altered.push(...report.altered);
    this.#alteredCount += report.alteredCount;
  }

  /** Where a kept leaf hash is not that of its entry, what was signed tells which of them is true. */
  #tellAltered(): void {
    const { findings } = this.parts;
    for (const position of this.#altered) {
      const isSigned = position < this.ledger.matchedSize;
      if (isSigned)
        findings.manipulation(
          `leaf hash ${position}`,
          'is not that of its entry, which is what was signed',
        );
      else findings.manipulation(`entry ${position}`, 'is not what its kept leaf hash was made of');
    }
    const others = this.#alteredCount - this.#altered.length;
    if (others > 0)
      findings.manipulation('leaf hashes', `${others} more are not those of their entries`);
  }
}
