import { hkdfSync } from 'node:crypto';
import type { TokenKey } from './token-key.js';

const KEY_BYTES = 32;

/**
 * 派生密钥: a key for one purpose, which everybody who has the key of tokens can make: HKDF-SHA-256
 * (RFC 5869) without a salt, since what it begins with is random. It tells nothing of the others.
 */
export function derivedKey({ privateKey }: TokenKey, purpose: string): Uint8Array {
  const { d = '' } = privateKey.export({ format: 'jwk' });
  const seed = Buffer.from(d, 'base64url');
  return new Uint8Array(hkdfSync('sha256', seed, '', `fengqiao ${purpose}`, KEY_BYTES));
}
