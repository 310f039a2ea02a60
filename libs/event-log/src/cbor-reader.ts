import { isUuid, uuidText } from './uuid-bytes.js';

const NULL = 0xf6;
const TWO_32 = 2 ** 32;
const UUID_BYTES = 16;
/** The head of a byte string of 16 bytes. */
const UUID_HEAD = 0x50;
/** The least value that needs each length of head. */
const LEAST = [24, 0x100, 0x1_0000, TWO_32] as const;
/** What Node puts where bytes are no UTF-8. */
const REPLACED = '\ufffd';

/** What is stored is not deterministic CBOR of the forms that an entry uses. */
export class CborInvalid extends Error {
  constructor(what: string, at: number) {
    super(`${what} was expected at byte ${at}`);
  }
}

/** A short text that was read lately, with its bytes. */
interface SeenText {
  readonly bytes: Uint8Array;
  readonly text: string;
}

const SEEN_TEXTS = 512;
const SEEN_BYTES_MAX = 64;
const NOTHING = Buffer.alloc(0);

type TextOf = (this: Uint8Array, encoding: BufferEncoding, start: number, end: number) => string;

/** What a Buffer does to its bytes, for bytes of any array: a Buffer over each would be one more. */
const { toString: textOf } = Buffer.prototype as { readonly toString: TextOf };

const SHORT_MAX = 23;
const SIZE_MAX = 27;

/**
 * Reads what `CborWriter` writes, and nothing else; throws `CborInvalid`. One reader serves many
 * entries: `read` sets it to the next.
 */
export class CborReader {
  private at = 0;
  private bytes: Uint8Array = NOTHING;
  private readonly seen: (SeenText | undefined)[] = new Array<undefined>(SEEN_TEXTS);
  /** The UUID that was read last where many entries in a row have the same. */
  private readonly lastUuid = Buffer.alloc(UUID_BYTES);
  private lastUuidText = uuidText(this.lastUuid, 0);

  read(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.at = 0;
  }

  /** How many fields follow. */
  array(): number {
    return this.head(4, 'an array');
  }

  unsigned(): number {
    const first = this.bytes[this.at] ?? 0xff;
    if (first >= 24) return this.head(0, 'a number');
    this.at += 1;
    return first;
  }

  unsignedOrNull(): number | null {
    return this.skipNull() ? null : this.unsigned();
  }

  text(): string {
    const length = this.head(3, 'a text');
    return this.utf8(length);
  }

  textOrNull(): string | null {
    return this.skipNull() ? null : this.text();
  }

  /** A text of which there are few different ones, such as a type: most are not decoded again. */
  name(): string {
    const length = this.head(3, 'a text');
    const from = this.at;
    if (length === 0 || length > SEEN_BYTES_MAX) return this.utf8(length);
    const last = this.skip(length) - 1;
    const { bytes, seen } = this;
    const slot = (length * 31 + (bytes[from] ?? 0) * 7 + (bytes[last] ?? 0)) % SEEN_TEXTS;
    const known = seen[slot];
    if (known?.bytes.length === length && hasBytes(bytes, from, known.bytes)) return known.text;
    this.at = from;
    const text = this.utf8(length);
    seen[slot] = { bytes: bytes.slice(from, from + length), text };
    return text;
  }

  /** A UUID from its 16 bytes, or a text that is none. */
  id(): string {
    if (this.bytes[this.at] === UUID_HEAD) return this.uuid();
    const text = this.text();
    if (isUuid(text)) throw new CborInvalid('a UUID as bytes', this.at - text.length);
    return text;
  }

  idOrNull(): string | null {
    return this.skipNull() ? null : this.id();
  }

  uuidOrNull(): string | null {
    if (this.skipNull()) return null;
    if (this.bytes[this.at] !== UUID_HEAD) throw new CborInvalid('a UUID', this.at);
    return this.repeatedUuid();
  }

  /** A byte string that is the UTF-8 of a text. */
  textBytes(): string {
    const length = this.head(2, 'a byte string');
    return this.utf8(length);
  }

  /** A byte string as part of what is read. */
  rawBytes(): Uint8Array {
    const length = this.head(2, 'a byte string');
    const { buffer, byteOffset } = this.bytes;
    const from = byteOffset + this.at;
    this.skip(length);
    return new Uint8Array(buffer, from, length);
  }

  bytesOrNull(encoding: 'base64url'): string | null {
    if (this.skipNull()) return null;
    const length = this.head(2, 'a byte string');
    return this.slice(encoding, length);
  }

  /** Passes over `count` values of any form but arrays, without making anything of them. */
  pass(count: number): void {
    for (let left = count; left > 0; left -= 1) {
      if (this.skipNull()) continue;
      const major = (this.bytes[this.at] ?? 0xff) >> 5;
      const value = this.head(major, 'a value');
      if (major === 2 || major === 3) this.skip(value);
      else if (major !== 0) throw new CborInvalid('a value', this.at);
    }
  }

  end(): void {
    if (this.at !== this.bytes.length) throw new CborInvalid('the end', this.at);
  }

  private slice(encoding: 'utf8' | 'base64url', length: number): string {
    const from = this.at;
    return textOf.call(this.bytes, encoding, from, this.skip(length));
  }

  private repeatedUuid(): string {
    const { bytes, lastUuid } = this;
    const from = this.at + 1;
    if (from + UUID_BYTES <= bytes.length && hasBytes(bytes, from, lastUuid)) {
      this.at = from + UUID_BYTES;
      return this.lastUuidText;
    }
    this.lastUuidText = this.uuid();
    for (let index = 0; index < UUID_BYTES; index += 1) lastUuid[index] = bytes[from + index] ?? 0;
    return this.lastUuidText;
  }

  private uuid(): string {
    this.at += 1;
    const from = this.at;
    this.skip(UUID_BYTES);
    return uuidText(this.bytes, from);
  }

  /** Bytes that are no UTF-8 would be read as a text that has other bytes. */
  private utf8(length: number): string {
    const from = this.at;
    const text = this.slice('utf8', length);
    if (!text.includes(REPLACED)) return text;
    const exact = Buffer.from(text);
    if (exact.length === length && hasBytes(this.bytes, from, exact)) return text;
    throw new CborInvalid('UTF-8', from);
  }

  private skipNull(): boolean {
    if (this.bytes[this.at] !== NULL) return false;
    this.at += 1;
    return true;
  }

  private skip(length: number): number {
    const next = this.at + length;
    if (next > this.bytes.length) throw new CborInvalid(`${length} bytes more`, this.at);
    this.at = next;
    return next;
  }

  private head(major: number, what: string): number {
    const short = (this.bytes[this.at] ?? 0xff) ^ (major << 5);
    if (short > SIZE_MAX) throw new CborInvalid(what, this.at);
    this.at += 1;
    return short <= SHORT_MAX ? short : this.longHead(short - 24, what);
  }

  private longHead(power: number, what: string): number {
    const { bytes, at } = this;
    const end = at + (1 << power);
    if (end > bytes.length) throw new CborInvalid(what, at - 1);
    let value = 0;
    for (let index = at; index < end; index += 1) value = value * 256 + (bytes[index] ?? 0);
    // One value has one form: a longer one would be a second text of the same entry.
    if (value < (LEAST[power] ?? 0) || value > Number.MAX_SAFE_INTEGER) {
      throw new CborInvalid(what, at - 1);
    }
    this.at = end;
    return value;
  }
}

function hasBytes(bytes: Uint8Array, from: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index += 1) {
    if (bytes[from + index] !== wanted[index]) return false;
  }
  return true;
}
