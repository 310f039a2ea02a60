import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEY_FILE = 'token-key.pem';

/** The platform's own Ed25519 key pair that signs and verifies tokens. */
export interface TokenKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Whether `DIR` holds a key: whether a platform was ever started there. */
export function hasTokenKey(dir: string): boolean {
  return existsSync(join(dir, KEY_FILE));
}

/** Reads `DIR/token-key.pem`, or makes it, readable by its owner only. */
export function openTokenKey(dir: string): TokenKey {
  const path = join(dir, KEY_FILE);
  const privateKey = createPrivateKey(readKey(path) ?? makeKey(dir, path));
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

function readKey(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function makeKey(dir: string, path: string): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  // Written whole under another name and linked: two processes that start at once share one key.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, pem, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(path, 'utf8');
}
