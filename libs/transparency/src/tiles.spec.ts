import fc from 'fast-check';
import { tilesOf } from './tiles.js';

const shown = (size: number) =>
  [...tilesOf(size)].map(({ level, index, width }) => `${level}/${index}:${width}`);

describe('the tiles of a tree, per c2sp.org/tlog-tiles', () => {
  it.each([
    [0, []],
    [1, ['0/0:1']],
    [255, ['0/0:255']],
    [256, ['0/0:256', '1/0:1']],
    [257, ['0/0:256', '0/1:1', '1/0:1']],
    [600, ['0/0:256', '0/1:256', '0/2:88', '1/0:2']],
  ])('of %d entries', (size, tiles) => {
    expect(shown(size)).toEqual(tiles);
  });

  it("the specification's example of 70,000 entries", () => {
    const tiles = shown(70_000);
    const partial = tiles.filter((tile) => !tile.endsWith(':256'));
    expect(partial).toEqual(['0/273:112', '1/1:17', '2/0:1']);
    expect(tiles.filter((tile) => tile.startsWith('0/'))).toHaveLength(274);
    expect(tiles.filter((tile) => tile.startsWith('1/'))).toHaveLength(2);
  });

  it('a level holds one hash for every full tile below it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300_000 }), (size) => {
        const tiles = [...tilesOf(size)];
        for (let level = 0; level < 4; level += 1) {
          const widths = tiles.filter((tile) => tile.level === level).map(({ width }) => width);
          const sum = widths.reduce((before, width) => before + width, 0);
          expect(sum).toBe(Math.floor(size / 256 ** level));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('comes one by one, so that a huge tree can be asked for its first tiles', () => {
    expect(tilesOf(Number.MAX_SAFE_INTEGER).next().value).toEqual({
      level: 0,
      index: 0,
      width: 256,
    });
  });
});
