import { type KeyObject, createPublicKey, hash, sign, verify } from 'node:crypto';
import { decodeBase64, encodeBase64 } from './base64.js';
import { isKeyName } from './note-text.js';

/** The type byte of plain Ed25519 (c2sp.org/signed-note, "Signature types"). */
const ED25519 = 0x01;
const PUBLIC_KEY_BYTES = 32;

/** 签名者: signs notes under its name. */
export interface NoteSigner {
  readonly name: string;
  /** The first four bytes of a hash over name, type and public key, as an unsigned integer. */
  readonly keyId: number;
  /** The public key as text, to give to those who verify. */
  readonly vkey: string;
  /** @returns the raw signature, 64 bytes for Ed25519 */
  sign(text: string): Uint8Array;
}

/** 验签者: a key that is known, and so can tell whether a note's text is what it signed. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  verify(text: string, signature: Uint8Array): boolean;
}

/** 签名公钥无效: a key, its name or its text is not one that a note can be signed with. */
export class NoteKeyInvalid extends Error {
  override readonly name = 'NoteKeyInvalid';
  readonly code = 'NOTE_KEY_INVALID';

  constructor(readonly reason: string) {
    super(`The note key is not valid: ${reason}.`);
  }
}

/**
 * A signer with an Ed25519 key (RFC 8032; c2sp.org/signed-note, "Ed25519 signatures").
 *
 * @throws NoteKeyInvalid if the name may not stand in a note, or the key is of another kind
 */
export function noteSigner(name: string, privateKey: KeyObject): NoteSigner {
  const key = rawPublicKey(createPublicKey(privateKey));
  assertName(name);
  return {
    name,
    keyId: keyIdOf(name, key),
    vkey: vkeyText(name, key),
    sign: (text) => sign(null, Buffer.from(text), privateKey),
  };
}

/**
 * A public key as text: `NAME+HASH+KEY`, where HASH is the key id as 8 hex digits and KEY is base64
 * of the type byte and the 32 bytes of the key (golang.org/x/mod/sumdb/note).
 *
 * @throws NoteKeyInvalid if the name may not stand in a note, or the key is not Ed25519
 */
export function verifierKey(name: string, publicKey: KeyObject): string {
  assertName(name);
  return vkeyText(name, rawPublicKey(publicKey));
}

/** @throws NoteKeyInvalid that says what is wrong with the text */
export function parseVerifierKey(vkey: string): NoteVerifier {
  const parts = /^([^+]*)\+([^+]*)\+(.*)$/su.exec(vkey);
  assertKey(parts !== null, 'it is not a name, an id and a key, joined by plus signs');
  const [, name = '', id = '', base64 = ''] = parts;
  assertName(name);
  assertKey(/^[0-9a-f]{8}$/.test(id), 'the key id is not 8 hex digits');
  const bytes = decodeBase64(base64);
  assertKey(bytes !== undefined, 'the key is not standard base64');
  assertKey(bytes[0] === ED25519, 'the key is not of type 1, Ed25519');
  assertKey(bytes.length === 1 + PUBLIC_KEY_BYTES, 'an Ed25519 key has 32 bytes');
  const key = bytes.subarray(1);
  const keyId = keyIdOf(name, key);
  assertKey(hex(keyId) === id, 'the key id does not belong to this name and key');
  const publicKey = fromRaw(key);
  return {
    name,
    keyId,
    verify: (text, signature) => verify(null, Buffer.from(text), publicKey, signature),
  };
}

/** The first four bytes of SHA-256(name || 0x0A || type || key) (c2sp.org/signed-note). */
function keyIdOf(name: string, key: Uint8Array): number {
  const subject = Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(ED25519), key]);
  return hash('sha256', subject, 'buffer').readUInt32BE();
}

function vkeyText(name: string, key: Uint8Array): string {
  const typed = Buffer.concat([Uint8Array.of(ED25519), key]);
  return `${name}+${hex(keyIdOf(name, key))}+${encodeBase64(typed)}`;
}

function hex(keyId: number): string {
  return keyId.toString(16).padStart(8, '0');
}

function rawPublicKey(publicKey: KeyObject): Uint8Array {
  assertKey(publicKey.asymmetricKeyType === 'ed25519', 'the key is not an Ed25519 key');
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
}

function fromRaw(key: Buffer): KeyObject {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function assertName(name: string): void {
  assertKey(isKeyName(name), 'its name is empty or has white space, a plus or a control character');
}

function assertKey(holds: boolean, reason: string): asserts holds {
  if (!holds) throw new NoteKeyInvalid(reason);
}
