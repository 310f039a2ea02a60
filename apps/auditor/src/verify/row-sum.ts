import type { HashKey } from './keyed-hash.js';

/** Odd constants of MurmurHash3's last step, which lets every bit change every other. */
const FIRST = 0x85ebca6b;
const SECOND = 0xc2b2ae35;
/** Apart from each other, so that the two halves are two hashes. */
const WEYL = 0x9e3779b9;

/** Two unsigned 32-bit numbers. */
export type Sum = readonly [low: number, high: number];

/**
 * Adds up keyed hashes of rows: two sets of rows have the same sum, in whatever order they come,
 * and two that differ have another, unless one could know the key.
 */
export class RowSum {
  #low = 0;
  #high = 0;
  readonly #factors: readonly [number, number, number, number];

  constructor([first, second]: HashKey) {
    this.#factors = [first | 1, second | 1, (first ^ WEYL) | 1, (second ^ WEYL) | 1];
  }

  get sum(): Sum {
    return [this.#low, this.#high];
  }

  /** Adds a row of four whole numbers, each under 2^32. */
  add(first: number, second: number, third: number, fourth: number): void {
    const [a, b, c, d] = this.#factors;
    const one =
      Math.imul(first, a) + Math.imul(second, b) + Math.imul(third, c) + Math.imul(fourth, d);
    this.#low = (this.#low + mixed(one, a)) >>> 0;
    const other =
      Math.imul(first + WEYL, c) +
      Math.imul(second, d) +
      Math.imul(third + WEYL, a) +
      Math.imul(fourth, b);
    this.#high = (this.#high + mixed(other, b)) >>> 0;
  }
}

function mixed(value: number, key: number): number {
  let mix = (value | 0) ^ key;
  mix = Math.imul(mix ^ (mix >>> 16), FIRST);
  mix = Math.imul(mix ^ (mix >>> 13), SECOND);
  return mix ^ (mix >>> 16);
}

export function added(one: Sum, other: Sum): Sum {
  return [(one[0] + other[0]) >>> 0, (one[1] + other[1]) >>> 0];
}

export function isSame(one: Sum, other: Sum): boolean {
  return one[0] === other[0] && one[1] === other[1];
}
