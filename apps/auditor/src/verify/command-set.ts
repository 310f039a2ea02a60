/** A power of two: so many parts that one of a million commands fits what a core keeps close. */
const PARTS = 64;
const PART_SHIFT = 26;
const FILL_MAX = 0.6;
const FREE = 0;
/** A fingerprint of two numbers, and where it was seen. */
const WIDTH = 3;
const FIRST_ROOM = 64 * WIDTH;

/** A command that was seen at a position, and before that at another. */
export interface Repeat {
  readonly position: number;
  readonly first: number;
}

/**
 * Which commands were seen more than once, for as many as a log may have. They are gathered by the
 * upper bits of their fingerprints, and compared part by part in the end: a look-up among all of
 * them for each would wait for the memory each time.
 */
export class CommandSet {
  readonly #parts: Uint32Array[];
  readonly #ends = new Uint32Array(PARTS);
  #size = 0;

  /** @param most commands, more or less */
  constructor(most: number) {
    const room = Math.ceil((most / PARTS) * 1.05) * WIDTH + FIRST_ROOM;
    this.#parts = Array.from({ length: PARTS }, () => new Uint32Array(room));
  }

  /** All that were noted, each once; known after `repeats`. */
  get size(): number {
    return this.#size;
  }

  note(low: number, high: number, position: number): void {
    const part = high >>> PART_SHIFT;
    const end = this.#ends[part] ?? 0;
    let noted = this.#parts[part] as Uint32Array;
    if (end === noted.length) {
      noted = new Uint32Array(end * 2);
      noted.set(this.#parts[part] as Uint32Array);
      this.#parts[part] = noted;
    }
    noted[end] = low;
    noted[end + 1] = high;
    noted[end + 2] = position;
    this.#ends[part] = end + WIDTH;
  }

  /** Hears of each command that was seen before, by the position where it was seen first. */
  repeats(onRepeat: (repeat: Repeat) => void): void {
    const most = this.#ends.reduce((found, end) => Math.max(found, end), 0) / WIDTH;
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(most, 1) / FILL_MAX));
    const slots = new Uint32Array(capacity);
    this.#size = 0;
    for (let part = 0; part < PARTS; part += 1) {
      slots.fill(FREE);
      this.#compare(part, slots, onRepeat);
    }
  }

  /** A slot holds where a fingerprint lies in its part, as one more: 0 is free. */
  #compare(part: number, slots: Uint32Array, onRepeat: (repeat: Repeat) => void): void {
    const noted = this.#parts[part] as Uint32Array;
    const end = this.#ends[part] ?? 0;
    const mask = slots.length - 1;
    for (let at = 0; at < end; at += WIDTH) {
      const low = noted[at] ?? 0;
      const high = noted[at + 1] ?? 0;
      let slot = (low & mask) >>> 0;
      let seen = slots[slot] ?? FREE;
      while (seen !== FREE && !(noted[seen - 1] === low && noted[seen] === high)) {
        slot = (slot + 1) & mask;
        seen = slots[slot] ?? FREE;
      }
      if (seen === FREE) {
        slots[slot] = at + 1;
        this.#size += 1;
      } else onRepeat({ position: noted[at + 2] ?? 0, first: noted[seen + 1] ?? 0 });
    }
  }
}
