import { MAX_LEVEL, TILE_WIDTH, type TileAddress } from './tiles.js';

/** Where a bundle lies: `entries` stands in its path where a tile has its level. */
export interface BundleAddress {
  readonly level: 'entries';
  readonly index: number;
  /** Entries in the bundle, 1 to 256. */
  readonly width: number;
}

/**
 * The path of a tile under the log's prefix, as in `tile/0/x001/234` or `tile/2/000.p/17`
 * (c2sp.org/tlog-tiles).
 *
 * @throws RangeError if level, index or width is not one that a tile can have
 */
export function tilePath(level: number, index: number, width = TILE_WIDTH): string {
  return pathOf({ level, index, width });
}

/**
 * The path of a bundle under the log's prefix, as in `tile/entries/x001/234.p/17`.
 *
 * @throws RangeError if index or width is not one that a bundle can have
 */
export function entriesPath(index: number, width = TILE_WIDTH): string {
  return pathOf({ level: 'entries', index, width });
}

/** What a path names; undefined unless it is written exactly as the functions above write it. */
export function parseTilePath(path: string): TileAddress | BundleAddress | undefined {
  const [, level = '', digits = '', width] =
    /^tile\/(\d{1,2}|entries)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
  const rest = {
    index: digits === '' ? NaN : Number(digits.replace(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  const address: TileAddress | BundleAddress =
    level === 'entries' ? { level, ...rest } : { level: Number(level), ...rest };
  // One tile has one path, or caches and checks that go by the path could be led around.
  return isPossible(address) && pathOf(address) === path ? address : undefined;
}

function pathOf(address: TileAddress | BundleAddress): string {
  const { level, index, width } = address;
  if (!isPossible(address)) throw new RangeError(`No tile ${level}/${index} has width ${width}.`);
  return `tile/${level}/${elements(index)}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

function isPossible({ level, index, width }: TileAddress | BundleAddress): boolean {
  return (
    (level === 'entries' || isBetween(0, level, MAX_LEVEL)) &&
    isBetween(0, index, Number.MAX_SAFE_INTEGER) &&
    isBetween(1, width, TILE_WIDTH)
  );
}

function isBetween(lowest: number, value: number, highest: number): boolean {
  return Number.isSafeInteger(value) && value >= lowest && value <= highest;
}

/** Three digits an element; an `x` marks a folder, which can then never have a tile's name. */
function elements(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  return padded.replace(/\d{3}(?=\d)/g, 'x$&/');
}
