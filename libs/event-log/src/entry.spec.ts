import fc from 'fast-check';
import {
  decodeEntry,
  decodeEntryOnly,
  decodeStreamEntry,
  encodeEntry,
  type Entry,
  ENTRY_BYTES_MAX,
} from './entry.js';
import { LogDamaged, UnknownFormat } from './faults.js';

const UUID = '019570c0-0000-7000-8000-00000000abcd';

const sample: Entry = {
  position: 7,
  previous: 3,
  version: 2,
  recordedAtMs: 1_772_323_200_000,
  commandId: UUID,
  index: 0,
  count: 1,
  fingerprint: 'AAECAwQFBgcICQoLDA0ODw',
  actor: 'li-1',
  cause: 'mediation@3',
  stream: 'dispute-019570c0-0000-7000-8000-000000000002',
  type: 'Counted',
  typeVersion: 1,
  payload: '{"n":1}',
};

/** A text of whole characters: what JSON, SQLite and UTF-8 all hold. */
const text = fc.string({ unit: 'binary', maxLength: 80 });
const number = fc.oneof(
  fc.constantFrom(0, 23, 24, 0xff, 0x100, 0xffff, 0x1_0000, 2 ** 32 - 1, 2 ** 32, 2 ** 40),
  fc.maxSafeNat(),
);
const id = fc.oneof(fc.uuid(), text, fc.constantFrom('', UUID.toUpperCase(), `${UUID}0`));
const streamName = fc.oneof(
  text,
  fc.tuple(text, fc.uuid()).map((parts) => parts.join('-')),
  fc.constantFrom('', '-', UUID, `-${UUID}`, `a-b-${UUID}`, `街道-${UUID}`, `a_${UUID}`),
);
const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const entries: fc.Arbitrary<Entry> = fc.record({
  position: number,
  previous: orNull(number),
  version: number,
  recordedAtMs: number,
  commandId: id,
  index: number,
  count: number,
  fingerprint: orNull(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  ),
  actor: text,
  cause: orNull(text),
  stream: streamName,
  type: text,
  typeVersion: number,
  payload: fc.oneof(text, fc.json()),
});

/** What is made of bytes: the entry, or the name of what was thrown. */
function outcomeOf<Fields = Entry>(
  position: number,
  bytes: Uint8Array,
  decode: (position: number, bytes: Uint8Array) => Fields = decodeEntry as never,
): Fields | string {
  try {
    return decode(position, bytes);
  } catch (error) {
    if (error instanceof LogDamaged || error instanceof UnknownFormat)
      return error.constructor.name;
    throw error;
  }
}

/** Whatever is taken for an entry has these bytes and no others, and is read alike by all. */
function mustBeExact(position: number, bytes: Uint8Array): void {
  const outcome = outcomeOf(position, bytes);
  const only = outcomeOf(position, bytes, decodeEntryOnly);
  const inStream = outcomeOf(position, bytes, decodeStreamEntry);
  if (typeof outcome === 'string') return;
  expect(encodeEntry(outcome).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
  const { fingerprint, ...others } = outcome;
  expect(withText(only)).toEqual(others);
  expect({ ...others, fingerprint }).toMatchObject(withText(inStream));
}

/** The text of a payload that was left as bytes. */
function withText(entry: { readonly payload: Uint8Array } | string): object {
  if (typeof entry === 'string') throw new Error(`one reader finds ${entry}`);
  return { ...entry, payload: Buffer.from(entry.payload).toString() };
}

describe('an entry', () => {
  it('is read as it was written, whatever its fields hold', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        const bytes = encodeEntry(entry);
        expect(decodeEntry(entry.position, bytes)).toEqual(entry);
        mustBeExact(entry.position, bytes);
      }),
      { numRuns: 500 },
    );
  });

  it.each([255, 256, 257, 21_000, 21_845, 60_000])('holds a text of %d characters', (length) => {
    for (const character of ['x', 'é', '调', '𠮷']) {
      const units = Math.floor(length / character.length);
      const payload = character.repeat(Math.min(units, 60_000 / Buffer.byteLength(character)));
      const bytes = encodeEntry({ ...sample, payload });
      expect(decodeEntry(7, bytes).payload).toBe(payload);
      mustBeExact(7, bytes);
    }
  });

  it('is read from a part of a larger piece of memory as well', () => {
    const bytes = encodeEntry(sample);
    const around = new Uint8Array([1, 2, 3, ...bytes, 4, 5]);
    expect(decodeEntry(7, around.subarray(3, 3 + bytes.length))).toEqual(sample);
  });

  it('keeps bytes of its own: the next one does not change them', () => {
    const before = encodeEntry(sample);
    const copy = Buffer.from(before);
    encodeEntry({ ...sample, position: 8, payload: '{"n":2}' });
    expect(before.equals(copy)).toBe(true);
  });

  it('is not longer than a bundle can tell', () => {
    const rest = encodeEntry({ ...sample, payload: 'x'.repeat(1000) }).length - 1000;
    const longest = { ...sample, payload: 'x'.repeat(ENTRY_BYTES_MAX - rest) };
    expect(encodeEntry(longest)).toHaveLength(ENTRY_BYTES_MAX);
    expect(decodeEntry(7, encodeEntry(longest))).toEqual(longest);
    const longer = { ...sample, payload: `${longest.payload}x` };
    expect(() => encodeEntry(longer)).toThrow(RangeError);
    // After a refusal the next entry is written as ever.
    expect(decodeEntry(7, encodeEntry(sample))).toEqual(sample);
  });

  it.each(['actor', 'stream', 'cause', 'type'] as const)(
    'is refused when its %s fills it',
    (field) => {
      expect(() => encodeEntry({ ...sample, [field]: 'x'.repeat(70_000) })).toThrow(RangeError);
      expect(() => encodeEntry({ ...sample, [field]: 'x'.repeat(65_500) })).toThrow(RangeError);
    },
  );
});

describe('bytes that are no entry', () => {
  const bytes = encodeEntry(sample);

  it('every beginning of one is refused', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      const part = bytes.subarray(0, length);
      for (const decode of [decodeEntry, decodeEntryOnly, decodeStreamEntry]) {
        expect(outcomeOf<object>(7, part, decode)).toBe('LogDamaged');
      }
    }
  });

  it.each([0x00, 0xf6, 0xff, 0x60])('one with byte %i after its end is refused', (more) => {
    for (const decode of [decodeEntry, decodeEntryOnly, decodeStreamEntry]) {
      expect(outcomeOf<object>(7, Buffer.from([...bytes, more]), decode)).toBe('LogDamaged');
    }
  });

  it('an altered one is refused, or is another entry written exactly so', () => {
    for (let at = 0; at < bytes.length; at += 1) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const altered = Buffer.from(bytes);
        altered[at] = bytes[at]! ^ bit;
        mustBeExact(7, altered);
      }
    }
  });

  it('so is any other sequence of bytes', () => {
    const cut = fc.record({
      at: fc.nat(200),
      take: fc.nat(3),
      put: fc.uint8Array({ maxLength: 4 }),
    });
    fc.assert(
      fc.property(entries, cut, (entry, { at, take, put }) => {
        const whole = encodeEntry(entry);
        const altered = [...whole.subarray(0, at), ...put, ...whole.subarray(at + take)];
        mustBeExact(entry.position, Buffer.from(altered));
      }),
      { numRuns: 1000 },
    );
  });

  it('are told with the position where they were found', () => {
    expect(() => decodeEntry(12, Buffer.from('no entry'))).toThrow(
      'entry 12 is not what was written',
    );
  });

  it('an entry of another position is told', () => {
    expect(() => decodeEntry(8, bytes)).toThrow(LogDamaged);
    expect(() => decodeEntry(8, bytes)).toThrow('entry 8 says that it is entry 7');
  });
});

/** The fields of the sample in their order, as deterministic CBOR, to be put together wrongly. */
const hex = (words: string) => Buffer.from(words.replaceAll(' ', ''), 'hex');
const fields: readonly Buffer[] = [
  '01', // format
  '07', // position
  '03', // previous
  '02', // version
  '1b 0000 019c a6b1 dc00', // recordedAtMs
  '50 019570c0 0000 7000 8000 00000000abcd', // commandId
  '00', // index
  '01', // count
  '50 000102030405060708090a0b0c0d0e0f', // fingerprint
  '64 6c692d31', // actor
  '6b 6d6564696174696f6e4033', // cause
  '67 64697370757465', // category
  '50 019570c0 0000 7000 8000 000000000002', // stream id
  '67 436f756e746564', // type
  '01', // typeVersion
  '47 7b226e223a317d', // payload
].map(hex);
const PLACE = {
  format: 0,
  position: 1,
  previous: 2,
  commandId: 5,
  fingerprint: 8,
  actor: 9,
  cause: 10,
  category: 11,
  streamId: 12,
  payload: 15,
};
const assembled = (parts: readonly Buffer[], head = '90') => Buffer.concat([hex(head), ...parts]);
const withField = (place: keyof typeof PLACE, field: string | Buffer) =>
  assembled(fields.with(PLACE[place], typeof field === 'string' ? hex(field) : field));

describe('the same entry in another form of CBOR (RFC 8949, section 4.2.1)', () => {
  it('its one form is this', () => {
    expect(assembled(fields).toString('hex')).toBe(encodeEntry(sample).toString('hex'));
  });

  it.each([
    ['a number of 1 byte more', withField('position', '18 07')],
    ['a number of 2 bytes more', withField('position', '19 0007')],
    ['a number of 4 bytes more', withField('position', '1a 00000007')],
    ['a number of 8 bytes more', withField('position', '1b 0000000000000007')],
    ['a number beyond 2^53', withField('previous', '1b 0020000000000000')],
    ['a negative number', withField('previous', '20')],
    ['a float', withField('position', 'f9 4700')],
    ['a tagged number', withField('position', 'c1 07')],
    ['a bignum', withField('position', 'c2 41 07')],
    ['false for a number', withField('position', 'f4')],
    ['undefined for null', withField('previous', 'f7')],
    ['a two-byte simple value for null', withField('previous', 'f8 16')],
    ['null for a position', withField('position', 'f6')],
    ['null for an actor', withField('actor', 'f6')],
    ['null for a payload', withField('payload', 'f6')],
    ['a text with a longer head', withField('actor', '78 04 6c692d31')],
    ['a text of unknown length', withField('actor', '7f 64 6c692d31 ff')],
    ['a byte string for a text', withField('actor', '44 6c692d31')],
    ['a text for a byte string', withField('payload', '67 7b226e223a317d')],
    ['a byte string of unknown length', withField('payload', '5f 47 7b226e223a317d ff')],
    ['a reserved length', withField('actor', '7c 6c692d31')],
    ['a text that is no UTF-8', withField('actor', '64 6c69ff31')],
    ['a text with half a surrogate pair', withField('actor', '64 6ceda080')],
    ['a text that ends within a character', withField('actor', '64 6c69e8a1')],
    ['a payload that is no UTF-8', withField('payload', '47 7b226e223a31ff')],
    [
      'a long text that is no UTF-8',
      withField('cause', Buffer.concat([hex('78 60'), Buffer.alloc(96, 0xc3)])),
    ],
    ['a UUID with a longer head', withField('commandId', '58 10 019570c000007000800000000000abcd')],
    ['a UUID as text', withField('commandId', Buffer.concat([hex('78 24'), Buffer.from(UUID)]))],
    [
      'bytes that are too few for a UUID',
      withField('commandId', '4f 019570c000007000800000000000ab'),
    ],
    ['a stream id that is no UUID', withField('streamId', '61 31')],
    ['a fingerprint as text', withField('fingerprint', '61 31')],
    ['a field too many', assembled([...fields, hex('00')], '91')],
    ['a field too few', assembled(fields.slice(0, -1), '8f')],
    ['a longer head of the array', assembled(fields, '98 10')],
    ['an array of unknown length', assembled([...fields, hex('ff')], '9f')],
    ['a tag in front of it all', assembled(fields, 'd9d9f7 90')],
    ['a map', assembled(fields, 'b0')],
  ])('is refused: %s', (_, bytes) => {
    expect(() => decodeEntry(7, bytes)).toThrow(LogDamaged);
    expect(() => decodeEntry(7, bytes)).toThrow('entry 7 is not what was written');
  });

  it('is refused: a stream’s UUID within its name', () => {
    const whole = Buffer.from(sample.stream);
    const bytes = assembled(
      fields
        .with(PLACE.category, Buffer.concat([hex('78'), Buffer.of(whole.length), whole]))
        .with(PLACE.streamId, hex('f6')),
    );
    expect(() => decodeEntry(7, bytes)).toThrow(LogDamaged);
  });

  it('a text that holds the replacement character itself is an entry', () => {
    const actor = 'a\ufffdb';
    expect(decodeEntry(7, encodeEntry({ ...sample, actor })).actor).toBe(actor);
  });
});

describe('a leaf format of a later version', () => {
  it.each([
    ['2', '02'],
    ['24', '18 18'],
    ['0', '00'],
  ])('%s is named, not taken for damage', (format, bytes) => {
    expect(() => decodeEntry(7, withField('format', bytes))).toThrow(UnknownFormat);
    expect(() => decodeEntry(7, withField('format', bytes))).toThrow(`leaf format ${format}`);
  });

  it('is read before anything else, so that it may have other fields', () => {
    const later = Buffer.concat([hex('83 02'), Buffer.from('later')]);
    expect(() => decodeEntry(7, later)).toThrow(UnknownFormat);
  });
});
