import { hashFromBase64, hashFromBytes, hashToBase64, hashToBytes, isHash } from './hash.js';

const bytes = Uint8Array.from({ length: 32 }, (_, index) => 255 - index * 8);
const base64 = Buffer.from(bytes).toString('base64');

describe('a hash is 32 bytes', () => {
  it('goes to bytes and back', () => {
    expect(hashToBytes(hashFromBytes(bytes))).toEqual(Buffer.from(bytes));
    expect(hashToBase64(hashFromBytes(bytes))).toBe(base64);
    expect(hashFromBase64(base64)).toBe(hashFromBytes(bytes));
  });

  it('is read from within a larger memory', () => {
    const memory = Uint8Array.of(1, 2, ...bytes, 3);
    expect(hashFromBytes(memory.subarray(2, 34))).toBe(hashFromBytes(bytes));
  });

  it.each([0, 31, 33, 64])('%d bytes are no hash', (length) => {
    expect(() => hashFromBytes(new Uint8Array(length))).toThrow(RangeError);
    expect(() => hashFromBase64(Buffer.alloc(length).toString('base64'))).toThrow(RangeError);
  });

  it.each([
    ['without padding', base64.replace('=', '')],
    ['base64url', base64.replaceAll('+', '-').replaceAll('/', '_')],
    ['with a line break', `${base64}\n`],
    ['with bits past the end', `${Buffer.alloc(32).toString('base64').slice(0, -2)}B=`],
    ['empty', ''],
  ])('has one spelling: %s is refused', (_, text) => {
    expect(text).not.toBe(base64);
    expect(() => hashFromBase64(text)).toThrow(RangeError);
  });

  it('a character that is more than a byte is not cut to one', () => {
    const wide = `${hashFromBytes(bytes).slice(0, -1)}\u0107`;
    expect([isHash(hashFromBytes(bytes)), isHash(wide), isHash(32), isHash(undefined)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
