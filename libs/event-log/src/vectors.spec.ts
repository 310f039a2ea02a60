import { readFileSync } from 'node:fs';
import { hashToBytes, leafHash } from '#libs/transparency';
import { decodeEntry, encodeEntry, type Entry } from './entry.js';

interface Vector {
  readonly title: string;
  readonly entry: Entry;
  readonly bytes: string;
  readonly leaf: string;
}

const file = new URL('../../../docs/vectors/entries.json', import.meta.url);
const { entries } = JSON.parse(readFileSync(file, 'utf8')) as { readonly entries: Vector[] };

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('what was recorded before is read and hashed today as it was', () => {
  it.each(entries)('$title', ({ entry, bytes, leaf }) => {
    expect(hex(encodeEntry(entry))).toBe(bytes);
    expect(decodeEntry(entry.position, Buffer.from(bytes, 'hex'))).toEqual(entry);
    expect(hex(hashToBytes(leafHash(Buffer.from(bytes, 'hex'))))).toBe(leaf);
  });

  it('the vectors have every field, null where it may be, and are more than a few', () => {
    expect(entries.length).toBeGreaterThanOrEqual(10);
    const nulls = entries.flatMap(({ entry }) =>
      Object.entries(entry).flatMap(([field, value]) => (value === null ? [field] : [])),
    );
    expect([...new Set(nulls)].sort()).toEqual(['cause', 'fingerprint', 'previous']);
  });
});
