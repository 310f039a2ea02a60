const FIRST_CAPACITY = 1 << 10;
/** So full at most, else a look-up walks far. */
const FILL_MAX = 0.6;

/**
 * Finds the slot of a 64-bit fingerprint, and keeps some numbers there: as a Map would, in a tenth
 * of its memory. Slots move when the table grows, so that they are used at once.
 */
export class FingerprintTable {
  /** `width` numbers for each slot. */
  values: Uint32Array;
  /** Whether the fingerprint that was looked for last had not been seen before. */
  isNew = false;
  #size = 0;
  #keys: Uint32Array;
  #capacity = FIRST_CAPACITY;

  constructor(readonly width: number) {
    this.values = new Uint32Array(FIRST_CAPACITY * width);
    this.#keys = new Uint32Array(FIRST_CAPACITY * 2);
  }

  get size(): number {
    return this.#size;
  }

  /** Where the numbers of a fingerprint begin among the values. */
  at(low: number, high: number): number {
    if (this.#size >= this.#capacity * FILL_MAX) this.#grow();
    // Two zeros mark a free slot.
    const first = low === 0 && high === 0 ? 1 : low;
    const slot = this.#slotOf(first, high);
    this.isNew = this.#isFree(slot);
    if (this.isNew) {
      this.#keys[slot * 2] = first;
      this.#keys[slot * 2 + 1] = high;
      this.#size += 1;
    }
    return slot * this.width;
  }

  /** Calls `visit` with each fingerprint and where its numbers begin. */
  forEach(visit: (low: number, high: number, at: number) => void): void {
    for (let slot = 0; slot < this.#capacity; slot += 1) {
      if (this.#isFree(slot)) continue;
      visit(this.#keys[slot * 2] ?? 0, this.#keys[slot * 2 + 1] ?? 0, slot * this.width);
    }
  }

  #isFree(slot: number): boolean {
    return this.#keys[slot * 2] === 0 && this.#keys[slot * 2 + 1] === 0;
  }

  #slotOf(low: number, high: number): number {
    const mask = this.#capacity - 1;
    let slot = low & mask;
    while (!this.#isFree(slot)) {
      if (this.#keys[slot * 2] === low && this.#keys[slot * 2 + 1] === high) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const [keys, values, capacity] = [this.#keys, this.values, this.#capacity];
    this.#capacity *= 2;
    this.#keys = new Uint32Array(this.#capacity * 2);
    this.values = new Uint32Array(this.#capacity * this.width);
    for (let old = 0; old < capacity; old += 1) {
      const [low = 0, high = 0] = [keys[old * 2], keys[old * 2 + 1]];
      if (low === 0 && high === 0) continue;
      const slot = this.#slotOf(low, high);
      this.#keys[slot * 2] = low;
      this.#keys[slot * 2 + 1] = high;
      for (let each = 0; each < this.width; each += 1) {
        this.values[slot * this.width + each] = values[old * this.width + each] ?? 0;
      }
    }
  }
}
