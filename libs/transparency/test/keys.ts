import { type KeyObject, createPrivateKey } from 'node:crypto';
import { type NoteSigner, type NoteVerifier, noteSigner, parseVerifierKey } from '../src/index.js';

/** What stands before the 32 bytes of an Ed25519 seed in PKCS #8 (RFC 8410, section 7). */
const PKCS8_ED25519 = '302e020100300506032b657004220420';

/** The key of an Ed25519 seed (RFC 8032): a test's keys are the same on every run. */
export function keyFromSeed(seed: Uint8Array): KeyObject {
  const der = Buffer.concat([Buffer.from(PKCS8_ED25519, 'hex'), seed]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

/** A signer whose seed is one byte, 32 times. */
export function signerOf(name: string, byte: number): NoteSigner {
  return noteSigner(name, keyFromSeed(Buffer.alloc(32, byte)));
}

export function verifierOf(signer: { readonly vkey: string }): NoteVerifier {
  return parseVerifierKey(signer.vkey);
}
