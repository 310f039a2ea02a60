import fc from 'fast-check';
import { entriesPath, parseTilePath, tilePath } from './tile-path.js';

const index = fc.maxSafeNat();
const width = fc.integer({ min: 1, max: 256 });

describe('the path of a tile or a bundle', () => {
  it.each([
    [tilePath(0, 0), 'tile/0/000'],
    [tilePath(0, 1_234_067), 'tile/0/x001/x234/067'],
    [tilePath(63, 999), 'tile/63/999'],
    [tilePath(1, 1000, 256), 'tile/1/x001/000'],
    [tilePath(2, 0, 17), 'tile/2/000.p/17'],
    [tilePath(0, Number.MAX_SAFE_INTEGER), 'tile/0/x009/x007/x199/x254/x740/991'],
    [entriesPath(5), 'tile/entries/005'],
    [entriesPath(123_456, 255), 'tile/entries/x123/456.p/255'],
  ])('%s', (path, expected) => {
    expect(path).toBe(expected);
    expect(parseTilePath(path)).toBeDefined();
  });

  it('is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 63 }), index, width, (level, at, wide) => {
        expect(parseTilePath(tilePath(level, at, wide))).toEqual({ level, index: at, width: wide });
        expect(parseTilePath(entriesPath(at, wide))).toEqual({
          level: 'entries',
          index: at,
          width: wide,
        });
      }),
    );
  });

  it.each([
    'tile/0/0',
    'tile/0/0000',
    'tile/0/001/234',
    'tile/0/x001/x234',
    'tile/0/x000/001',
    'tile/0/x01/234',
    'tile/0/x001/234/',
    'tile/0/x009/x007/x199/x254/x740/992',
    'tile/0/x999/x999/x999/x999/x999/x999/999',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/300',
    'tile/0/000.p/',
    'tile/0/000.p/-1',
    'tile/64/000',
    'tile/00/000',
    'tile/-1/000',
    'tile/1e1/000',
    'tile//000',
    'tile/entries/',
    'tile/data/000',
    '/tile/0/000',
    'tile/0/000\n',
    'tile/0/٠٠٠',
    ' tile/0/000',
    '',
  ])('%j is not one', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  it.each([
    [-1, 0, 1],
    [64, 0, 1],
    [0.5, 0, 1],
    [0, -1, 1],
    [0, 2 ** 53, 1],
    [0, NaN, 1],
    [0, 0, 0],
    [0, 0, 257],
    [0, 0, 1.5],
  ])('level %d, index %d, width %d have none', (level, at, wide) => {
    expect(() => tilePath(level, at, wide)).toThrow(RangeError);
  });
});
