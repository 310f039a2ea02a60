import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
} from 'node:crypto';

export const KEY_BYTES = 32;
/**
 * 96 random bits (NIST SP 800-38D, 8.2.2). One key may seal 2^32 times (8.3); it belongs to one
 * person in one record, who is written down a few times.
 */
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FINGERPRINT_BYTES = 16;
const CIPHER = 'aes-256-gcm';
const WITH_TAG = { authTagLength: TAG_BYTES };

/** Each use of a master key has a label of its own, so that no derived key tells of another. */
const LABELS = {
  encryption: 'fengqiao sealed 1 encryption',
  commitment: 'fengqiao sealed 1 commitment',
  fingerprints: 'fengqiao request 1',
} as const;

/** What the encryption is bound to besides its content. */
export interface Binding {
  readonly subject: string;
  /** The key commitment, base64url. */
  readonly key: string;
}

/** The key that seals, and the commitment to it in base64url. */
export function sealingKeys(master: Buffer): { encryption: KeyObject; commitment: string } {
  const key = createSecretKey(master);
  return {
    encryption: keyObject(expand(key, 'encryption')),
    commitment: expand(key, 'commitment').toString('base64url'),
  };
}

export function fingerprintKey(master: Buffer): KeyObject {
  return keyObject(expand(createSecretKey(master), 'fingerprints'));
}

/**
 * 32 bytes by HKDF-Expand with SHA-256 (RFC 5869, 2.3). A master key is uniformly random already,
 * so that nothing has to be extracted first (RFC 5869, 3.3); each seal of a new subject feels it.
 */
function expand(master: KeyObject, use: keyof typeof LABELS): Buffer {
  return createHmac('sha256', master).update(`${LABELS[use]}\u0001`, 'latin1').digest();
}

/** Node takes five times as long with a key that it is given as bytes each time. */
function keyObject(bytes: Buffer): KeyObject {
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

/** AES-256-GCM; nonce, ciphertext and tag in one, base64url. */
export function encrypt(key: KeyObject, nonce: Buffer, bound: Binding, content: string): string {
  const cipher = createCipheriv(CIPHER, key, nonce, WITH_TAG);
  cipher.setAAD(associated(bound));
  const text = cipher.update(content, 'utf8');
  // Of this mode it is empty, and ends what the tag is over.
  cipher.final();
  return Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url');
}

/** The content, or undefined when the box is not what `encrypt` gave for this key and binding. */
export function decrypt(key: KeyObject, box: string, bound: Binding): string | undefined {
  const bytes = Buffer.from(box, 'base64url');
  // Several texts stand for the same bytes; only one of them was recorded.
  if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== box) {
    return undefined;
  }
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, WITH_TAG);
  decipher.setAAD(associated(bound));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    // `final` fails exactly when the tag does not fit, and says nothing more.
    return undefined;
  }
}

/** HMAC-SHA-256, cut to 16 bytes (RFC 2104, 5), base64url: 22 characters. */
export function fingerprint(key: KeyObject, text: string): string {
  const mac = createHmac('sha256', key).update(text, 'utf8').digest();
  return mac.subarray(0, FINGERPRINT_BYTES).toString('base64url');
}

function associated({ subject, key }: Binding): Buffer {
  return Buffer.from(`fengqiao sealed 1\n${subject}\n${key}`, 'utf8');
}
