import { type Chunk, COLUMN, COLUMNS, HEAD_MAX, NO_POSITION, UNREADABLE } from './chunk.js';
import { commandNumberOf } from './command-number.js';
import { EntryFields, EntryInvalid } from './entry-fields.js';
import type { Findings } from './findings.js';
import { type HashKey, KeyedHash } from './keyed-hash.js';
import type { LeafBundle } from './leaf-bundle.js';
import { RowSum, type Sum } from './row-sum.js';

const TWO_32 = 2 ** 32;

/**
 * Reads the fields of a chunk's entries into columns by which the whole log is then checked: names
 * become keyed fingerprints, since what is compared is only whether two are the same.
 */
export class EntryColumns {
  readonly values: Uint32Array<ArrayBuffer>;
  readonly #fields = new EntryFields();
  readonly #hash: KeyedHash;
  readonly #commands: RowSum;
  #firstMs = -1;
  #lastMs = -1;

  constructor(
    private readonly chunk: Chunk,
    key: HashKey,
    private readonly findings: Findings,
  ) {
    this.values = new Uint32Array((chunk.to - chunk.from) * COLUMNS);
    this.#hash = new KeyedHash(key);
    this.#commands = new RowSum(key);
  }

  get times(): readonly [firstMs: number, lastMs: number] | undefined {
    return this.#firstMs < 0 ? undefined : [this.#firstMs, this.#lastMs];
  }

  get commands(): Sum {
    return this.#commands.sum;
  }

  /** Takes in the `width` entries from position `from` on. */
  add(from: number, width: number, bundle: LeafBundle): void {
    const { data, starts, ends, previous } = bundle;
    this.#fields.use(data);
    this.#hash.use(data);
    for (let leaf = 0; leaf < width; leaf += 1) {
      const position = from + leaf;
      const at = (position - this.chunk.from) * COLUMNS;
      const start = starts[leaf] ?? 1;
      const end = ends[leaf] ?? 0;
      if (end < start || !this.#read(position, start, end)) {
        this.values[at + COLUMN.version] = UNREADABLE;
        continue;
      }
      this.#fill(at, data);
      if (previous !== undefined && previous[leaf] !== this.#fields.previous) {
        const told = 'its row names another event before it in its stream than the entry does';
        this.findings.manipulation(`entry ${position}`, told);
      }
    }
  }

  #read(position: number, start: number, end: number): boolean {
    try {
      this.#fields.read(start, end);
      const fault = this.#faultAt(position);
      if (fault === undefined) return true;
      this.findings.manipulation(`entry ${position}`, fault);
    } catch (error) {
      if (!(error instanceof EntryInvalid || error instanceof RangeError)) throw error;
      this.findings.manipulation(`entry ${position}`, `is no entry: ${error.message}`);
    }
    return false;
  }

  /** What is wrong with an entry by itself and the one before it. */
  #faultAt(position: number): string | undefined {
    const { position: said, recordedAtMs, index, count, hasFingerprint, version } = this.#fields;
    if (said !== position) return `says that it is entry ${said}`;
    if (hasFingerprint !== (index === 0)) return 'has a fingerprint of its request out of place';
    if (index >= count || version >= HEAD_MAX) return 'has a place that no event has';
    if (recordedAtMs < this.#lastMs) {
      this.findings.manipulation(`entry ${position}`, 'was recorded before the entry before it');
    }
    if (this.#firstMs < 0) this.#firstMs = recordedAtMs;
    this.#lastMs = recordedAtMs;
    return undefined;
  }

  #fill(at: number, data: Uint8Array): void {
    const { values } = this;
    const fields = this.#fields;
    this.#hash.ofBytes(fields.streamFrom, fields.streamTo);
    values[at + COLUMN.streamLow] = this.#hash.low;
    values[at + COLUMN.streamHigh] = this.#hash.high;
    values[at + COLUMN.version] = fields.version;
    values[at + COLUMN.previous] = fields.previous < 0 ? NO_POSITION : fields.previous;
    this.#hash.ofTwo(fields.commandFrom, fields.commandTo, fields.actorFrom, fields.actorTo);
    values[at + COLUMN.commitLow] = this.#hash.low;
    values[at + COLUMN.commitHigh] = this.#hash.high;
    values[at + COLUMN.index] = fields.index;
    values[at + COLUMN.count] = fields.count;
    if (fields.index === 0 && fields.position < this.chunk.mark) {
      const number = commandNumberOf(data, fields);
      const upper = Math.floor(number / TWO_32);
      this.#commands.add(upper, number - upper * TWO_32, fields.position, 0);
    }
  }
}
