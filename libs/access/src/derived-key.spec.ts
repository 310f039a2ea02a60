import { generateKeyPairSync, hkdfSync } from 'node:crypto';
import { derivedKey } from './derived-key.js';

const key = generateKeyPairSync('ed25519');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

it('is the same for everybody who has the key of tokens, and another for each purpose', () => {
  expect(derivedKey(key, 'codes')).toHaveLength(32);
  expect(hex(derivedKey(key, 'codes'))).toBe(hex(derivedKey({ ...key }, 'codes')));
  expect(hex(derivedKey(key, 'codes'))).not.toBe(hex(derivedKey(key, 'other')));
  const another = generateKeyPairSync('ed25519');
  expect(hex(derivedKey(key, 'codes'))).not.toBe(hex(derivedKey(another, 'codes')));
});

it('is HKDF-SHA-256 of what is secret in the key', () => {
  const pkcs8 = key.privateKey.export({ type: 'pkcs8', format: 'der' });
  const seed = pkcs8.subarray(-32);
  const expected = new Uint8Array(hkdfSync('sha256', seed, '', 'fengqiao codes', 32));
  expect(hex(derivedKey(key, 'codes'))).toBe(hex(expected));
});
