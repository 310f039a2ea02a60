import { randomFillSync } from 'node:crypto';

/** One call for many: asking the generator costs about as much for a page as for a nonce. */
const pool = Buffer.alloc(4096);
let used = pool.length;

/** Random bytes of their own, at most 4,096; what was given is wiped from the pool. */
export function randomOf(length: number): Buffer {
  if (used + length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const given = Buffer.from(pool.subarray(used, used + length));
  pool.fill(0, used, used + length);
  used += length;
  return given;
}
