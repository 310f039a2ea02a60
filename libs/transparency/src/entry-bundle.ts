import { TILE_WIDTH } from './tiles.js';

const LENGTH_BYTES = 2;

/** The longest entry that its length prefix can tell, in bytes (c2sp.org/tlog-tiles). */
export const MAX_ENTRY_BYTES = 65_535;

/** 条目包无效: the bytes are no bundle, or the entries fit none. */
export class EntryBundleInvalid extends Error {
  override readonly name = 'EntryBundleInvalid';
  readonly code = 'ENTRY_BUNDLE_INVALID';
}

/**
 * Entries in one bundle, each behind its length as a big-endian uint16 (c2sp.org/tlog-tiles, "Log
 * entries").
 *
 * @throws EntryBundleInvalid if there are more than 256, or one is longer than 65,535 bytes
 */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length > TILE_WIDTH) throw tooMany();
  const sizes = entries.map(({ length }) => LENGTH_BYTES + length);
  const bundle = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size, 0));
  entries.reduce((at, entry) => write(bundle, at, entry), 0);
  return bundle;
}

/**
 * The entries of a bundle, as views of its memory.
 *
 * @throws EntryBundleInvalid if the last entry is cut, or there are more than 256
 */
export function decodeEntries(bytes: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    if (entries.length === TILE_WIDTH) throw tooMany();
    const entry = read(bytes, at);
    entries.push(entry);
    at += LENGTH_BYTES + entry.length;
  }
  return entries;
}

function write(bundle: Buffer, at: number, entry: Uint8Array): number {
  if (entry.length > MAX_ENTRY_BYTES) {
    throw new EntryBundleInvalid(`An entry has ${entry.length} bytes: over ${MAX_ENTRY_BYTES}.`);
  }
  const start = bundle.writeUInt16BE(entry.length, at);
  bundle.set(entry, start);
  return start + entry.length;
}

function read(bytes: Uint8Array, at: number): Uint8Array {
  const [high, low] = bytes.subarray(at, at + LENGTH_BYTES);
  const start = at + LENGTH_BYTES;
  const end = start + (high ?? 0) * 256 + (low ?? 0);
  if (end > bytes.length) throw new EntryBundleInvalid('The bundle ends within an entry.');
  return bytes.subarray(start, end);
}

function tooMany(): EntryBundleInvalid {
  return new EntryBundleInvalid(`A bundle holds at most ${TILE_WIDTH} entries.`);
}
