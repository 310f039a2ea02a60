import { CborInvalid, CborReader } from './cbor-reader.js';
import { CborWriter } from './cbor-writer.js';
import { LogDamaged, UnknownFormat } from './faults.js';
import { isUuid } from './uuid-bytes.js';

/** 条目: one event as leaf format 1 keeps it; docs/log-format.md has the fields and test vectors. */
export interface Entry {
  readonly position: number;
  /** Position of the stream's event before this one; null for its first. */
  readonly previous: number | null;
  /** Place within the stream, from 0. */
  readonly version: number;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly recordedAtMs: number;
  readonly commandId: string;
  /** Place within the commit, from 0, and how many events that commit has. */
  readonly index: number;
  readonly count: number;
  /** Of the request, 16 bytes in base64url; in the commit's first event only. */
  readonly fingerprint: string | null;
  readonly actor: string;
  readonly cause: string | null;
  readonly stream: string;
  readonly type: string;
  readonly typeVersion: number;
  /** JSON of the event without its type. */
  readonly payload: string;
}

export const ENTRY_FORMAT = 1;
/** An entry has to fit the 16-bit length of an entry bundle (c2sp.org/tlog-tiles). */
export const ENTRY_BYTES_MAX = 0xffff;
const FIELDS = 16;
const UUID_CHARS = 36;

const writer = new CborWriter(ENTRY_BYTES_MAX);
const reader = new CborReader();

/**
 * The bytes of an entry, which are stored, hashed and never made again.
 *
 * @throws RangeError when they would be more than 65,535
 */
export function encodeEntry(entry: Entry): Buffer {
  writer.reset();
  writer.array(FIELDS);
  writer.unsigned(ENTRY_FORMAT);
  writer.unsigned(entry.position);
  writer.unsigned(entry.previous);
  writer.unsigned(entry.version);
  writer.unsigned(entry.recordedAtMs);
  writer.id(entry.commandId);
  writer.unsigned(entry.index);
  writer.unsigned(entry.count);
  writer.bytesOf(entry.fingerprint, 'base64url');
  writer.text(entry.actor);
  writer.text(entry.cause);
  writer.name(entry.stream);
  writer.text(entry.type);
  writer.unsigned(entry.typeVersion);
  writer.bytesOf(entry.payload, 'utf8');
  return writer.bytes();
}

/**
 * Reads the bytes of an entry.
 *
 * @param position where it is stored, which the entry must say as well
 * @throws LogDamaged when they are no entry, or another's
 * @throws UnknownFormat when a newer version wrote them
 */
export function decodeEntry(position: number, bytes: Uint8Array): Entry {
  return decode(position, bytes, readFields);
}

/**
 * An entry for who reads many: without what only the repeat of a command asks for, and with the
 * bytes of its payload, as part of the entry's own.
 */
export interface StoredEntry extends Omit<Entry, 'fingerprint' | 'payload'> {
  readonly payload: Uint8Array;
}

export function decodeEntryOnly(position: number, bytes: Uint8Array): StoredEntry {
  return decode(position, bytes, readStoredFields);
}

/** What folding a stream asks of its entries. */
export type StreamEntry = Pick<
  StoredEntry,
  'position' | 'previous' | 'version' | 'stream' | 'type' | 'typeVersion' | 'payload'
>;

export function decodeStreamEntry(position: number, bytes: Uint8Array): StreamEntry {
  return decode(position, bytes, readStreamFields);
}

function decode<Fields extends { readonly position: number }>(
  position: number,
  bytes: Uint8Array,
  read: (bytes: Uint8Array) => Fields,
): Fields {
  try {
    const entry = read(bytes);
    if (entry.position === position) return entry;
    throw new LogDamaged(`entry ${position} says that it is entry ${entry.position}`);
  } catch (error) {
    if (!(error instanceof CborInvalid)) throw error;
    throw new LogDamaged(`entry ${position} is not what was written`, { cause: error });
  }
}

function readStreamFields(bytes: Uint8Array): StreamEntry {
  readFormat(bytes);
  const position = reader.unsigned();
  const previous = reader.unsignedOrNull();
  const version = reader.unsigned();
  reader.pass(7);
  const stream = streamName(reader.name(), reader.uuidOrNull());
  const type = reader.name();
  const typeVersion = reader.unsigned();
  const payload = reader.rawBytes();
  reader.end();
  return { position, previous, version, stream, type, typeVersion, payload };
}

function readFormat(bytes: Uint8Array): void {
  reader.read(bytes);
  const fields = reader.array();
  const format = reader.unsigned();
  // Before anything else: a later format may have more fields.
  if (format !== ENTRY_FORMAT) throw new UnknownFormat(`leaf format ${format}`, ENTRY_FORMAT);
  if (fields !== FIELDS) throw new CborInvalid(`an array of ${FIELDS}`, 0);
}

function readStoredFields(bytes: Uint8Array): StoredEntry {
  readFormat(bytes);
  const position = reader.unsigned();
  const previous = reader.unsignedOrNull();
  const version = reader.unsigned();
  const recordedAtMs = reader.unsigned();
  const commandId = reader.id();
  const index = reader.unsigned();
  const count = reader.unsigned();
  reader.pass(1);
  const actor = reader.name();
  const cause = reader.textOrNull();
  const stream = streamName(reader.name(), reader.uuidOrNull());
  const type = reader.name();
  const typeVersion = reader.unsigned();
  const payload = reader.rawBytes();
  reader.end();
  return {
    position,
    previous,
    version,
    recordedAtMs,
    commandId,
    index,
    count,
    actor,
    cause,
    stream,
    type,
    typeVersion,
    payload,
  };
}

function readFields(bytes: Uint8Array): Entry {
  readFormat(bytes);
  const position = reader.unsigned();
  const previous = reader.unsignedOrNull();
  const version = reader.unsigned();
  const recordedAtMs = reader.unsigned();
  const commandId = reader.id();
  const index = reader.unsigned();
  const count = reader.unsigned();
  const fingerprint = reader.bytesOrNull('base64url');
  const actor = reader.name();
  const cause = reader.textOrNull();
  const stream = streamName(reader.name(), reader.uuidOrNull());
  const type = reader.name();
  const typeVersion = reader.unsigned();
  const payload = reader.textBytes();
  reader.end();
  return {
    position,
    previous,
    version,
    recordedAtMs,
    commandId,
    index,
    count,
    fingerprint,
    actor,
    cause,
    stream,
    type,
    typeVersion,
    payload,
  };
}

/** Whether a stream is `CATEGORY-UUID`, of which the entry keeps the UUID as bytes. */
function endsWithUuid(stream: string): boolean {
  const cut = stream.length - UUID_CHARS;
  return cut > 0 && stream[cut - 1] === '-' && isUuid(stream.slice(cut));
}

let lastStream = { category: '', id: '', name: '-' };

function streamName(category: string, id: string | null): string {
  if (id !== null) {
    // Who follows a stream reads its name from each entry, and compares it.
    if (id !== lastStream.id || category !== lastStream.category) {
      lastStream = { category, id, name: `${category}-${id}` };
    }
    return lastStream.name;
  }
  if (endsWithUuid(category)) throw new CborInvalid('a UUID behind the category', 0);
  return category;
}
