import fc from 'fast-check';
import { EntryBundleInvalid, decodeEntries, encodeEntries } from './entry-bundle.js';

const bytes = (...values: readonly number[]) => Uint8Array.from(values);
const plain = (entries: readonly Uint8Array[]) => entries.map((entry) => [...entry]);

describe('a bundle of entries', () => {
  it('puts the length before each entry, the high byte first', () => {
    const bundle = encodeEntries([bytes(1, 2, 3), bytes(), Buffer.alloc(258, 9)]);
    expect([...bundle.subarray(0, 8)]).toEqual([0, 3, 1, 2, 3, 0, 0, 1]);
    expect([bundle[8], bundle.length]).toEqual([2, 2 + 3 + 2 + 2 + 258]);
  });

  it('is read back', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (entries) => {
        expect(plain(decodeEntries(encodeEntries(entries)))).toEqual(plain(entries));
      }),
    );
  });

  it('takes 256 entries of up to 65,535 bytes, and nothing more', () => {
    const longest = new Uint8Array(65_535);
    const full = Array.from({ length: 256 }, () => bytes(1));
    expect(decodeEntries(encodeEntries([longest]))).toEqual([Buffer.from(longest)]);
    expect(decodeEntries(encodeEntries(full))).toHaveLength(256);
    expect(() => encodeEntries([new Uint8Array(65_536)])).toThrow(EntryBundleInvalid);
    expect(() => encodeEntries([...full, bytes(1)])).toThrow(EntryBundleInvalid);
    expect(() => decodeEntries(new Uint8Array(2 * 257))).toThrow(EntryBundleInvalid);
  });

  it.each([[[0]], [[0, 1]], [[0, 2, 7]], [[0, 1, 7, 0]], [[255, 255, 1]]])(
    'that ends within an entry is refused: %j',
    (values) => {
      expect(() => decodeEntries(bytes(...values))).toThrow(EntryBundleInvalid);
    },
  );
});
