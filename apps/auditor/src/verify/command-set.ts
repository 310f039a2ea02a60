const FILL_MAX = 0.6;
const FREE = 0;

/**
 * Where each command was seen first, for as many commands as a log may have. Of a fingerprint half
 * chooses the slot and half is kept: two commands are mistaken for one once in some million logs,
 * which the entries then show.
 */
export class CommandSet {
  /** A position and half of a fingerprint for each slot, side by side: they are read together. */
  readonly #slots: Uint32Array;
  readonly #mask: number;
  #size = 0;

  constructor(most: number) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(most, 1) / FILL_MAX));
    this.#slots = new Uint32Array(capacity * 2);
    this.#mask = capacity - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** Notes a command; answers where one of its fingerprint was seen before, if it was. */
  add(low: number, high: number, position: number): number | undefined {
    let slot = (low & this.#mask) >>> 0;
    // Positions are kept as one more: a slot of zeros is free, and needs no filling.
    for (let seen = this.#slots[slot * 2]; seen !== FREE; seen = this.#slots[slot * 2]) {
      if (this.#slots[slot * 2 + 1] === high) return (seen ?? 0) - 1;
      slot = (slot + 1) & this.#mask;
    }
    this.#slots[slot * 2] = position + 1;
    this.#slots[slot * 2 + 1] = high;
    this.#size += 1;
    return undefined;
  }
}
