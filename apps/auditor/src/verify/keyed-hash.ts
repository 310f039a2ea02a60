import { randomFillSync } from 'node:crypto';

/** Two 32-bit numbers. */
export type HashKey = readonly [number, number];

export function newHashKey(): HashKey {
  const [first = 0, second = 0] = randomFillSync(new Uint32Array(2));
  return [first, second];
}

const LAST_ROUNDS = 3;

/**
 * Short fingerprints of 64 bits under a key that is new in each run and never leaves it, so that
 * nobody can prepare two names that share one: the rounds of HalfSipHash-1-3 (Aumasson and
 * Bernstein), of whose state more is given out at the end.
 */
export class KeyedHash {
  /** The fingerprint that was ended last, as two unsigned 32-bit numbers. */
  low = 0;
  high = 0;
  #data: DataView = new DataView(new ArrayBuffer(0));

  constructor(private readonly key: HashKey) {}

  /** From now on bytes are hashed that lie in `data`. */
  use(data: Uint8Array): void {
    this.#data = new DataView(data.buffer, data.byteOffset, data.length);
  }

  ofBytes(from: number, to: number): void {
    this.#hash(this.#data, from, to, to, to);
  }

  /** Of two ranges, the end of each being told: the same bytes, cut elsewhere, are not the same. */
  ofTwo(from: number, to: number, secondFrom: number, secondTo: number): void {
    this.#hash(this.#data, from, to, secondFrom, secondTo);
  }

  /** One loop for all: a function for each round would keep its state in memory. */
  #hash(data: DataView, from: number, to: number, secondFrom: number, secondTo: number): void {
    let v0 = this.key[0];
    let v1 = this.key[1];
    let v2 = this.key[0] ^ 0x6c796765;
    let v3 = this.key[1] ^ 0x74656462;
    const words = (to - from) >> 2;
    const secondStart = words + 1;
    const secondWords = (secondTo - secondFrom) >> 2;
    const end = secondStart + secondWords;
    for (let step = 0; step <= end + LAST_ROUNDS; step += 1) {
      let word = 0;
      if (step < words) word = data.getInt32(from + step * 4, true);
      else if (step === words) word = lastWord(data, from, to);
      else if (step < end) word = data.getInt32(secondFrom + (step - secondStart) * 4, true);
      else if (step === end) word = lastWord(data, secondFrom, secondTo);
      else if (step === end + 1) v2 ^= 0xee;
      v3 ^= word;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= word;
    }
    this.low = (v1 ^ v3) >>> 0;
    this.high = (v0 ^ v2) >>> 0;
  }
}

/** What is left after the whole words, and the length. */
function lastWord(data: DataView, from: number, to: number): number {
  let word = (to - from) << 24;
  for (let at = to - ((to - from) & 3), shift = 0; at < to; at += 1, shift += 8) {
    word |= data.getUint8(at) << shift;
  }
  return word;
}
