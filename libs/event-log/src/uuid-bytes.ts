const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Where the two digits of each byte of a UUID begin in its text form. */
const DIGITS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** Whether a text is a UUID exactly as RFC 9562 section 4 writes it, so that bytes lose nothing. */
export function isUuid(text: string): boolean {
  return text.length === 36 && UUID.test(text);
}

/** Puts down the 16 bytes of the UUID that stands in `text` from the character `from` on. */
export function putUuid(text: string, from: number, out: Uint8Array, at: number): void {
  for (let index = 0; index < DIGITS.length; index += 1) {
    const place = from + (DIGITS[index] ?? 0);
    out[at + index] = (digit(text.charCodeAt(place)) << 4) | digit(text.charCodeAt(place + 1));
  }
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

function digit(code: number): number {
  return code < 0x3a ? code - 0x30 : code - 0x57;
}
