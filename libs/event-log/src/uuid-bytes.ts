export const UUID_CHARS = 36;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Where the two digits of each byte of a UUID begin in its text form. */
const DIGITS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** Whether a text is a UUID exactly as RFC 9562 section 4 writes it, so that bytes lose nothing. */
export function isUuid(text: string): boolean {
  return text.length === UUID_CHARS && UUID.test(text);
}

/** What a character code says as a digit; -1 is none. Codes beyond it are none either. */
const VALUES = Int8Array.from({ length: 0x80 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code)),
);
const HYPHENS = [8, 13, 18, 23];
const HYPHEN = 0x2d;

/**
 * Puts down the 16 bytes of the UUID that stands in `text` from the character `from` on; false when
 * there is none, and then what was put down is of no use.
 */
export function putUuid(text: string, from: number, out: Uint8Array, at: number): boolean {
  if (from < 0 || text.length - from !== UUID_CHARS) return false;
  for (const place of HYPHENS) if (text.charCodeAt(from + place) !== HYPHEN) return false;
  let all = 0;
  for (let index = 0; index < DIGITS.length; index += 1) {
    const place = from + (DIGITS[index] ?? 0);
    const upper = VALUES[text.charCodeAt(place)] ?? -1;
    const lower = VALUES[text.charCodeAt(place + 1)] ?? -1;
    all |= upper | lower;
    out[at + index] = (upper << 4) | lower;
  }
  // One that is no digit has made it negative.
  return all >= 0;
}

/** A hyphen stands behind this many digits, and the digits end here. */
const TIME = { hyphen: 8, end: 13 } as const;

/**
 * The first 48 bits of the UUID that stands in `text` from the character `from` on: its time, in
 * versions 7 and 8 (RFC 9562, 5.7). -1 when there are no twelve digits.
 */
export function firstBits(text: string, from: number): number {
  let bits = 0;
  for (let at = 0; at < TIME.end; at += 1) {
    if (at === TIME.hyphen) continue;
    const digit = VALUES[text.charCodeAt(from + at)] ?? -1;
    if (digit < 0) return -1;
    bits = bits * 16 + digit;
  }
  return bits;
}

const PLACES = Uint8Array.from(DIGITS);
const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const scratch = Buffer.from('00000000-0000-0000-0000-000000000000', 'latin1');
/** What `toString('latin1')` calls in the end: half of its time is in what it asks before. */
const { latin1Slice } = scratch as unknown as { readonly latin1Slice: (this: Buffer) => string };

/** The text form of the 16 bytes from `from` on. */
export function uuidText(bytes: Uint8Array, from: number): string {
  for (let index = 0; index < PLACES.length; index += 1) {
    const byte = bytes[from + index] ?? 0;
    const at = PLACES[index] ?? 0;
    scratch[at] = HEX[byte >> 4] ?? 0;
    scratch[at + 1] = HEX[byte & 0xf] ?? 0;
  }
  return latin1Slice.call(scratch);
}
