import { putUuid, UUID_CHARS } from './uuid-bytes.js';

/** Major types of RFC 8949 section 3.1, in their place in the first byte. */
const MAJOR = { unsigned: 0x00, bytes: 0x40, text: 0x60, array: 0x80 } as const;
const NULL = 0xf6;
const TWO_32 = 2 ** 32;
const UUID_BYTES = 16;
const SHORT = 64;
const ASCII_MAX = 0x7f;
/** What stands for one unit of UTF-16 at most: UTF-8 has four bytes for two of them. */
const CHARACTER_BYTES_MAX = { utf8: 3, base64url: 1 } as const;

/**
 * Writes deterministic CBOR (RFC 8949 section 4.2.1) into one buffer that is used again for every
 * entry: unsigned integers, byte and text strings, null, and arrays whose length is known.
 */
export class CborWriter {
  private at = 0;
  private readonly uuidBytes = new Uint8Array(UUID_BYTES);
  private readonly out: Buffer;

  /** `capacity` in bytes: writing beyond it throws RangeError. */
  constructor(capacity: number) {
    this.out = Buffer.allocUnsafe(capacity);
  }

  reset(): void {
    this.at = 0;
  }

  /** A copy of what was written since the reset. */
  bytes(): Buffer {
    const bytes = Buffer.allocUnsafe(this.at);
    bytes.set(this.out.subarray(0, this.at));
    return bytes;
  }

  array(length: number): void {
    this.head(MAJOR.array, length);
  }

  unsigned(value: number | null): void {
    if (value === null) this.null();
    else this.head(MAJOR.unsigned, value);
  }

  text(value: string | null): void {
    if (value === null) this.null();
    else if (!this.shortAscii(MAJOR.text, value)) this.encoded(MAJOR.text, value, 'utf8');
  }

  /** A byte string given as the text that these bytes encode. */
  bytesOf(value: string | null, encoding: 'utf8' | 'base64url'): void {
    if (value === null) this.null();
    else this.encoded(MAJOR.bytes, value, encoding);
  }

  /** A UUID as its 16 bytes; another text as it is. */
  id(value: string | null): void {
    if (value === null || !this.uuid(value)) this.text(value);
  }

  /**
   * A text that ends with a hyphen and a UUID, as what stands before these and as 16 bytes; another
   * text as it is, and null.
   */
  name(value: string): void {
    const cut = value.length - UUID_CHARS;
    const isNamed = cut > 0 && value[cut - 1] === '-' && putUuid(value, cut, this.uuidBytes, 0);
    this.text(isNamed ? value.slice(0, cut - 1) : value);
    if (isNamed) this.sixteen(this.uuidBytes);
    else this.null();
  }

  /** False, and nothing is written, when the text is none, or there is no room for it. */
  private uuid(text: string): boolean {
    const { out, at } = this;
    const from = at + 1;
    if (from + UUID_BYTES > out.length || !putUuid(text, 0, out, from)) return false;
    this.head(MAJOR.bytes, UUID_BYTES);
    this.at = from + UUID_BYTES;
    return true;
  }

  private sixteen(bytes: Uint8Array): void {
    this.head(MAJOR.bytes, UUID_BYTES);
    this.out.set(bytes, this.at);
    this.at += UUID_BYTES;
  }

  private null(): void {
    this.out[this.at] = NULL;
    this.at += 1;
  }

  /** Most texts are names of a few ASCII characters: put down here, they need no call of Node. */
  private shortAscii(major: number, value: string): boolean {
    const { out } = this;
    const { length } = value;
    const from = this.at + (length < 24 ? 1 : 2);
    if (length > SHORT || from + length > out.length) return false;
    for (let index = 0; index < length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > ASCII_MAX) return false;
      out[from + index] = code;
    }
    this.head(major, length);
    this.at += length;
    return true;
  }

  /**
   * Written behind the head that the longest text of so many characters needs, and moved when it
   * needs less: to measure it before costs half as much again.
   */
  private encoded(major: number, value: string, encoding: 'utf8' | 'base64url'): void {
    const { out, at } = this;
    const most = value.length * CHARACTER_BYTES_MAX[encoding];
    const from = at + headBytes(most);
    if (from + most > out.length) {
      this.measured(major, value, encoding);
      return;
    }
    const length = out.write(value, from, encoding);
    this.head(major, length);
    if (this.at < from) out.copyWithin(this.at, from, from + length);
    this.at += length;
  }

  private measured(major: number, value: string, encoding: 'utf8' | 'base64url'): void {
    const length = Buffer.byteLength(value, encoding);
    this.head(major, length);
    if (this.at + length > this.out.length) throw new RangeError('the entry is too long');
    this.at += this.out.write(value, this.at, encoding);
  }

  private head(major: number, value: number): void {
    const { out, at } = this;
    if (value < 24) {
      out[at] = major | value;
      this.at = at + 1;
    } else if (value < 0x100) {
      out[at] = major | 24;
      out[at + 1] = value;
      this.at = at + 2;
    } else if (value < 0x1_0000) {
      out[at] = major | 25;
      this.at = out.writeUInt16BE(value, at + 1);
    } else if (value < TWO_32) {
      out[at] = major | 26;
      this.at = out.writeUInt32BE(value, at + 1);
    } else {
      out[at] = major | 27;
      const upper = Math.floor(value / TWO_32);
      out.writeUInt32BE(upper, at + 1);
      this.at = out.writeUInt32BE(value - upper * TWO_32, at + 5);
    }
  }
}

/** Of the head of a text or a byte string of this length. */
function headBytes(length: number): number {
  if (length < 24) return 1;
  if (length < 0x100) return 2;
  return length < 0x1_0000 ? 3 : 5;
}
