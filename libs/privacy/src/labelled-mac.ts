import { hash } from 'node:crypto';

const HASH = 'sha256';
const BLOCK_BYTES = 64;
const KEY_BYTES = 32;
const HASH_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/** HMAC-SHA-256 of one label under many keys of 32 bytes each; as bytes, or as base64url. */
export interface LabelledMac {
  bytes(key: Uint8Array): Buffer;
  text(key: Uint8Array): string;
}

/**
 * By the definition (RFC 2104, section 2): a hash of the key and the label, and a hash over that.
 * Node makes an object for each HMAC, which costs more than both.
 */
export function labelledMac(label: string): LabelledMac {
  const inner = Buffer.concat([Buffer.alloc(BLOCK_BYTES, INNER_PAD), Buffer.from(label)]);
  const outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES, OUTER_PAD);

  function under<Mac>(key: Uint8Array, end: (outer: Buffer) => Mac): Mac {
    if (key.length !== KEY_BYTES) throw new RangeError(`a key has ${KEY_BYTES} bytes`);
    mix(key);
    outer.write(hash(HASH, inner, 'binary'), BLOCK_BYTES, 'latin1');
    const mac = end(outer);
    // Nothing of a key stays behind here: it may be destroyed a moment later.
    inner.fill(INNER_PAD, 0, KEY_BYTES);
    outer.fill(OUTER_PAD, 0, KEY_BYTES);
    return mac;
  }

  function mix(key: Uint8Array): void {
    for (let at = 0; at < KEY_BYTES; at += 1) {
      const byte = key[at] ?? 0;
      inner[at] = byte ^ INNER_PAD;
      outer[at] = byte ^ OUTER_PAD;
    }
  }

  return {
    bytes: (key) => under(key, (block) => hash(HASH, block, 'buffer')),
    text: (key) => under(key, (block) => hash(HASH, block, 'base64url')),
  };
}
