const FILL_MAX = 0.6;
/** Marks a free slot: no log that can be checked has an entry there. */
const FREE = 2 ** 32 - 1;

/**
 * Where each command was seen first, for as many commands as a log may have. Of a fingerprint half
 * chooses the slot and half is kept: two commands are mistaken for one once in some million logs,
 * which the entries then show.
 */
export class CommandSet {
  readonly #keys: Uint32Array;
  readonly #positions: Uint32Array;
  readonly #mask: number;
  #size = 0;

  constructor(most: number) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(most, 1) / FILL_MAX));
    this.#keys = new Uint32Array(capacity);
    this.#positions = new Uint32Array(capacity).fill(FREE);
    this.#mask = capacity - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** Notes a command; answers where one of its fingerprint was seen before, if it was. */
  add(low: number, high: number, position: number): number | undefined {
    let slot = (low & this.#mask) >>> 0;
    for (let seen = this.#positions[slot]; seen !== FREE; seen = this.#positions[slot]) {
      if (this.#keys[slot] === high) return seen;
      slot = (slot + 1) & this.#mask;
    }
    this.#keys[slot] = high;
    this.#positions[slot] = position;
    this.#size += 1;
    return undefined;
  }
}
