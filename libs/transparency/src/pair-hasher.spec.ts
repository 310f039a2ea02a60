import { hash } from 'node:crypto';
import fc from 'fast-check';
import { openNodeKernel } from './node-kernel.js';
import { openPairHasher, openPlainHasher } from './pair-hasher.js';

const PAIR = 64;
const TO = 16_384;
const count = fc.integer({ min: 1, max: 128 });

/** By RFC 6962 and Node's own SHA-256. */
function parentsOf(pairs: Uint8Array): Buffer {
  const parents: Buffer[] = [];
  for (let at = 0; at < pairs.length; at += PAIR) {
    const message = Buffer.concat([Uint8Array.of(1), pairs.subarray(at, at + PAIR)]);
    parents.push(hash('sha256', message, 'buffer'));
  }
  return Buffer.concat(parents);
}

describe.each([
  ['four at a time', openNodeKernel],
  ['one by one', openPlainHasher],
])('pairs of hashes, %s', (_, open) => {
  it('have the parents that SHA-256 gives', () => {
    const { memory, hashPairs } = open();
    const bytesOf = (pairs: number) =>
      fc.uint8Array({ minLength: pairs * PAIR, maxLength: pairs * PAIR });
    fc.assert(
      fc.property(count.chain(bytesOf), fc.nat(255), (pairs, from) => {
        memory.set(pairs, from);
        hashPairs(from, TO, pairs.length / PAIR);
        const parents = memory.subarray(TO, TO + pairs.length / 2);
        expect(parents.toString('hex')).toBe(parentsOf(pairs).toString('hex'));
        expect(memory.subarray(from, from + pairs.length).equals(pairs)).toBe(true);
      }),
    );
  });

  it('each have a memory of their own', () => {
    const [one, other] = [open(), open()];
    one.memory.fill(1);
    other.memory.fill(2);
    expect([one.memory[0], other.memory[0]]).toEqual([1, 2]);
    expect(one.memory.length).toBeGreaterThanOrEqual(32 * 1024);
  });

  it('change nothing before them and, behind them, no more than three hashes', () => {
    const { memory, hashPairs } = open();
    memory.fill(7);
    hashPairs(0, TO, 5);
    const changed = [...memory.entries()].filter(([, byte]) => byte !== 7).map(([at]) => at);
    expect(Math.min(...changed)).toBe(TO);
    expect(Math.max(...changed)).toBeLessThan(TO + 8 * 32);
  });
});

it('where there is no code for vectors, pairs are hashed one by one', () => {
  const { memory, hashPairs } = openPairHasher(() => {
    throw new WebAssembly.CompileError('Wasm SIMD unsupported');
  });
  memory.fill(3, 0, PAIR);
  hashPairs(0, TO, 1);
  expect(memory.subarray(TO, TO + 32).equals(parentsOf(memory.subarray(0, PAIR)))).toBe(true);
});
