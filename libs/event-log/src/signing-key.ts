import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** The private key of a log: PKCS #8 PEM, for its owner's eyes alone. */
export function signingKeyPath(dir: string): string {
  return join(dir, 'signing.key');
}

export function hasSigningKey(dir: string): boolean {
  return existsSync(signingKeyPath(dir));
}

/** The Ed25519 key (RFC 8032) that signs the checkpoints of the log in `dir`; made when new. */
export function openSigningKey(dir: string): KeyObject {
  const path = signingKeyPath(dir);
  if (!existsSync(path)) createKey(path);
  return createPrivateKey(readFileSync(path));
}

function createKey(path: string): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  // Written whole under another name first: a process that was killed meanwhile leaves no half key.
  const draft = `${path}.${randomUUID()}`;
  try {
    writeDurably(draft, pem);
    // Of two processes that begin together one makes the key, and the other reads it.
    linkSync(draft, path);
    syncFolder(dirname(path));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
