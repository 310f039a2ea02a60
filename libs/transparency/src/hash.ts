import { decodeBase64 } from './base64.js';

declare const sha256: unique symbol;

/**
 * 哈希: a SHA-256 hash as a latin1 string: one character, U+0000 to U+00FF, for each of its 32 bytes.
 * Node makes such strings about three times as fast as Buffers, and `===` compares them.
 */
export type Hash = string & { readonly [sha256]: true };

/** The length of a hash, in bytes. */
export const HASH_BYTES = 32;

/** True for 32 characters that are each one byte: a wider one would be cut when it is hashed. */
export function isHash(value: unknown): value is Hash {
  return (
    typeof value === 'string' &&
    value.length === HASH_BYTES &&
    Buffer.from(value, 'latin1').toString('latin1') === value
  );
}

/** @throws RangeError if there are not exactly 32 bytes */
export function hashFromBytes(bytes: Uint8Array): Hash {
  if (bytes.length !== HASH_BYTES) {
    throw new RangeError(`A hash has ${HASH_BYTES} bytes, not ${bytes.length}.`);
  }
  return asBuffer(bytes).toString('latin1') as Hash;
}

/** The 32 bytes of a hash, in memory of their own. */
export function hashToBytes(hash: Hash): Uint8Array {
  return Buffer.from(hash, 'latin1');
}

/**
 * Standard base64 with padding (RFC 4648, section 4), in its one canonical spelling.
 *
 * @throws RangeError if the text is anything else, or not of 32 bytes
 */
export function hashFromBase64(text: string): Hash {
  const bytes = decodeBase64(text);
  if (bytes === undefined) throw new RangeError('The hash is not standard base64.');
  return hashFromBytes(bytes);
}

/** Standard base64 with padding (RFC 4648, section 4): 44 characters. */
export function hashToBase64(hash: Hash): string {
  return Buffer.from(hash, 'latin1').toString('base64');
}

/** The hashes one after the other, as a tile holds them: 32 bytes each. */
export function joinHashes(hashes: readonly Hash[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(hashes.length * HASH_BYTES);
  hashes.forEach((hash, index) => bytes.write(hash, index * HASH_BYTES, 'latin1'));
  return bytes;
}

/** The hashes from the `begin`-th up to, not including, the `end`-th of a tile's bytes. */
export function splitHashes(bytes: Uint8Array, begin: number, end: number): readonly Hash[] {
  const view = asBuffer(bytes);
  return Array.from({ length: end - begin }, (_, index) => {
    const at = (begin + index) * HASH_BYTES;
    return hashFromBytes(view.subarray(at, at + HASH_BYTES));
  });
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
