import { COLUMN, COLUMNS, NO_POSITION, UNREADABLE } from './chunk.js';
import { CommandSet, type Repeat } from './command-set.js';
import { FingerprintTable } from './fingerprint-table.js';
import type { HashKey } from './keyed-hash.js';
import { RowSum, type Sum } from './row-sum.js';

/** Something that does not follow from what came before it; the entries will say what it is. */
export interface Break {
  readonly kind: 'stream' | 'commit' | 'repeated' | 'unfinished';
  readonly position: number;
  /** The entry that it should follow, or repeats; undefined where there is none. */
  readonly other: number | undefined;
}

const BREAKS_KEPT = 100;
/** Of a log in which everything comes again, some are enough to tell of. */
const REPEATS_KEPT = 100_000;
const UNREADABLE_KEPT = 100_000;

/**
 * Follows all streams and commits of a log, entry by entry in its order: each event must name the
 * newest one of its stream before it, and be of the next version; the events of a commit lie side by
 * side and are complete; a command is committed once. From these follow unbroken versions, and one
 * first event for each stream.
 */
export class Chains {
  readonly #streams = new FingerprintTable(2);
  readonly #commits: CommandSet;
  readonly #unreadable = new Set<number>();
  readonly breaks: Break[] = [];
  breakCount = 0;
  /** Of the commit that the entry before belongs to; a count of 0 while that is not known. */
  #run = { low: 0, high: 0, index: 0, count: 0 };
  #isStart = true;

  /** @param most entries that the log has */
  constructor(most: number) {
    this.#commits = new CommandSet(most);
  }

  get streams(): number {
    return this.#streams.size;
  }

  get commits(): number {
    return this.#commits.size;
  }

  /** Takes in the entries from position `from` on. */
  take(from: number, columns: Uint32Array): void {
    for (let at = 0, position = from; at < columns.length; at += COLUMNS, position += 1) {
      if (columns[at + COLUMN.version] === UNREADABLE) this.#skip(position);
      else {
        this.#followStream(position, columns, at);
        this.#followCommit(position, columns, at);
      }
    }
  }

  /** Called after the last entry. */
  end(head: number): void {
    const { index, count } = this.#run;
    if (count > 0 && index + 1 < count) this.#broken('unfinished', head - 1, undefined);
    const repeats: Repeat[] = [];
    this.#commits.repeats((repeat) => {
      if (repeats.length < REPEATS_KEPT) repeats.push(repeat);
      else this.breakCount += 1;
    });
    repeats.sort((one, other) => one.position - other.position);
    for (const { position, first } of repeats) this.#broken('repeated', position, first);
  }

  /** Of the newest event of each stream, as an index has it. */
  headsSum(key: HashKey): Sum {
    const rows = new RowSum(key);
    this.#streams.forEach((low, high, at) => {
      rows.add(low, high, this.#streams.values[at] ?? 0, this.#streams.values[at + 1] ?? 0);
    });
    return rows.sum;
  }

  /** What is missing or damaged is told already: what follows from it is not told again. */
  #skip(position: number): void {
    if (this.#unreadable.size < UNREADABLE_KEPT) this.#unreadable.add(position);
    this.#run.count = 0;
    this.#isStart = false;
  }

  #followStream(position: number, columns: Uint32Array, at: number): void {
    const slot = this.#streams.at(columns[at] ?? 0, columns[at + COLUMN.streamHigh] ?? 0);
    const { values, isNew } = this.#streams;
    const version = columns[at + COLUMN.version] ?? 0;
    const previous = columns[at + COLUMN.previous] ?? 0;
    const newest = isNew ? NO_POSITION : (values[slot] ?? 0);
    const next = isNew ? 0 : (values[slot + 1] ?? 0) + 1;
    values[slot] = position;
    values[slot + 1] = version;
    if (previous === newest && version === next) return;
    if (this.#unreadable.has(previous)) return;
    this.#broken('stream', position, newest === NO_POSITION ? undefined : newest);
  }

  #followCommit(position: number, columns: Uint32Array, at: number): void {
    const low = columns[at + COLUMN.commitLow] ?? 0;
    const high = columns[at + COLUMN.commitHigh] ?? 0;
    const index = columns[at + COLUMN.index] ?? 0;
    const count = columns[at + COLUMN.count] ?? 0;
    const run = this.#run;
    const isKnown = run.count > 0 || this.#isStart;
    const isWhole = run.index + 1 === run.count || run.count === 0;
    const continues =
      run.low === low && run.high === high && run.count === count && index === run.index + 1;
    if (isKnown && !(index === 0 ? isWhole : continues)) {
      this.#broken('commit', position, position - 1);
    }
    if (index === 0) this.#commits.note(low, high, position);
    run.low = low;
    run.high = high;
    run.index = index;
    run.count = count;
    this.#isStart = false;
  }

  #broken(kind: Break['kind'], position: number, other: number | undefined): void {
    this.breakCount += 1;
    if (this.breaks.length < BREAKS_KEPT) this.breaks.push({ kind, position, other });
  }
}
