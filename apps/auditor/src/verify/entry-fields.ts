/** The bytes are not what a writer of entries writes. */
export class EntryInvalid extends Error {
  constructor(what: string, at: number) {
    super(`${what} was expected at byte ${at}`);
  }
}

const FORMAT = 1;
const FIELDS = 16;
const NULL = 0xf6;
/** The head of a byte string of 16 bytes. */
const UUID_HEAD = 0x50;
const UNSIGNED = 0;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const TWO_32 = 2 ** 32;
const LEAST = [24, 0x100, 0x1_0000, TWO_32] as const;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const UUID_CHARS = 36;
const BRACE = { open: 0x7b, close: 0x7d } as const;

/**
 * Reads the fields of entries (leaf format 1, docs/log-format.md) that a log is checked by, one
 * entry after another and without making anything: it is the verifier's own reader, several times
 * as fast as one that answers with values, and shares no code with the writer.
 */
export class EntryFields {
  position = 0;
  /** Position of the stream's event before; -1 for none. */
  previous = -1;
  version = 0;
  recordedAtMs = 0;
  index = 0;
  count = 0;
  hasFingerprint = false;
  /** Where the id of the command lies, and whether as the 16 bytes of a UUID. */
  commandFrom = 0;
  commandTo = 0;
  isCommandUuid = false;
  actorFrom = 0;
  actorTo = 0;
  /** Both fields of the stream's name, as they are encoded: one name has one encoding. */
  streamFrom = 0;
  streamTo = 0;
  #data: Uint8Array = new Uint8Array();
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  #length = 0;

  /** From now on entries are read that lie in `data`. */
  use(data: Uint8Array): void {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.length);
  }

  /** @throws EntryInvalid, or RangeError where the data ends too soon */
  read(from: number, to: number): void {
    this.#at = from;
    this.#must(this.#head(ARRAY) === FIELDS, `${FIELDS} fields`);
    this.#must(this.#head(UNSIGNED) === FORMAT, `leaf format ${FORMAT}`);
    this.position = this.#head(UNSIGNED);
    this.previous = this.#isNull() ? -1 : this.#head(UNSIGNED);
    this.version = this.#head(UNSIGNED);
    this.recordedAtMs = this.#head(UNSIGNED);
    this.#readCommand();
    this.index = this.#head(UNSIGNED);
    this.count = this.#head(UNSIGNED);
    this.hasFingerprint = !this.#isNull();
    if (this.hasFingerprint) this.#skip(BYTES);
    this.actorTo = this.#skip(TEXT);
    this.actorFrom = this.actorTo - this.#length;
    if (!this.#isNull()) this.#skip(TEXT);
    this.#readStream();
    this.#skip(TEXT);
    this.#head(UNSIGNED);
    this.#readPayload();
    this.#must(this.#at === to, 'the end');
  }

  #readCommand(): void {
    this.isCommandUuid = this.#readId();
    this.commandTo = this.#at;
    this.commandFrom = this.#at - this.#length;
  }

  #readStream(): void {
    this.streamFrom = this.#at;
    this.#skip(TEXT);
    if (this.#isNull()) this.#mustBeNoUuid(this.#at - 1, '-');
    else this.#readId();
    this.streamTo = this.#at;
  }

  #readPayload(): void {
    this.#skip(BYTES);
    const isObject =
      this.#data[this.#at - this.#length] === BRACE.open &&
      this.#data[this.#at - 1] === BRACE.close;
    this.#must(isObject, 'an object of JSON');
  }

  /** Reads an id; true when it is a UUID. */
  #readId(): boolean {
    if (this.#data[this.#at] === UUID_HEAD) {
      this.#length = 16;
      this.#at += 17;
      return true;
    }
    this.#skip(TEXT);
    this.#mustBeNoUuid(this.#at, '');
    return false;
  }

  /** A name that could be told in two ways would be two names of one stream or command. */
  #mustBeNoUuid(end: number, before: '-' | ''): void {
    if (this.#length < UUID_CHARS + before.length) return;
    const text = Buffer.from(this.#data.subarray(end - this.#length, end)).toString('latin1');
    const cut = text.length - UUID_CHARS;
    const isApart = before === '' ? cut === 0 : text[cut - 1] === before;
    this.#must(!(isApart && UUID.test(text.slice(cut))), 'a UUID as 16 bytes');
  }

  #isNull(): boolean {
    if (this.#data[this.#at] !== NULL) return false;
    this.#at += 1;
    return true;
  }

  #skip(major: number): number {
    this.#length = this.#head(major);
    this.#at += this.#length;
    return this.#at;
  }

  #head(major: number): number {
    const first = (this.#data[this.#at] ?? 0xff) ^ (major << 5);
    this.#at += 1;
    if (first < 24) return first;
    this.#must(first <= 27, 'another kind of value');
    return this.#longHead(first - 24);
  }

  /** One value has one form: a longer one would be a second encoding of the same entry. */
  #longHead(size: number): number {
    const value = this.#bigEndian(size);
    this.#at += 1 << size;
    const isShortest = value >= (LEAST[size] ?? 0) && value <= Number.MAX_SAFE_INTEGER;
    this.#must(isShortest, 'a number in its shortest form');
    return value;
  }

  #bigEndian(size: number): number {
    const at = this.#at;
    if (size === 0) return this.#view.getUint8(at);
    if (size === 1) return this.#view.getUint16(at);
    if (size === 2) return this.#view.getUint32(at);
    return this.#view.getUint32(at) * TWO_32 + this.#view.getUint32(at + 4);
  }

  #must(holds: boolean, what: string): void {
    if (!holds) throw new EntryInvalid(what, this.#at);
  }
}
