import type { Hash } from '#libs/transparency';
import type { LogPlace } from '../sources/log-place.js';
import type { Found } from './findings.js';
import type { HashKey } from './keyed-hash.js';
import type { Sum } from './row-sum.js';

/** What a checker has to know before its first chunk. */
export interface CheckerConfig {
  readonly place: LogPlace;
  readonly key: HashKey;
}

/** 检查段: entries that are checked in one go, in whole tiles; only the log's last tile may be cut. */
export interface Chunk {
  readonly from: number;
  readonly to: number;
  /** Further sizes for which the root will be asked, over `from` and up to `to`. */
  readonly sizes: readonly number[];
  /** The index tells of entries before this position. */
  readonly mark: number;
  /** Keys by the epochs that sign with them. */
  readonly keys: readonly { readonly epoch: number; readonly vkey: string }[];
}

/** A signed note that its key has signed. */
export interface SignedRoot {
  readonly epoch: number;
  readonly size: number;
  readonly root: Hash;
}

/** What of a chunk is left to be compared with the rest of the log. */
export interface ChunkReport {
  readonly from: number;
  readonly to: number;
  /** `COLUMNS` numbers for each entry. */
  readonly columns: Uint32Array<ArrayBuffer>;
  readonly bytes: number;
  /** Recorded time of the first and the last entry that could be read. */
  readonly times: readonly [firstMs: number, lastMs: number] | undefined;
  /** Of each tile, the root over its entries; the last one's tile may not be full. */
  readonly tileRoots: readonly Hash[];
  readonly notes: readonly SignedRoot[];
  /** Notes that are kept, good or not. */
  readonly noteCount: number;
  /** For each size that ends within a tile, the root over that tile's entries before it. */
  readonly partials: ReadonlyMap<number, Hash>;
  readonly tilesCompared: number;
  /** Entries whose kept leaf hash is not that of their bytes; which of the two was altered shows later. */
  readonly altered: readonly number[];
  readonly alteredCount: number;
  readonly found: Found;
  /** Of the commands that begin before the mark, the sum of their keyed hashes. */
  readonly commands: Sum;
}

/** The columns of an entry, in their order. */
export const COLUMNS = 8;
export const COLUMN = {
  streamLow: 0,
  streamHigh: 1,
  version: 2,
  previous: 3,
  commitLow: 4,
  commitHigh: 5,
  index: 6,
  count: 7,
} as const;

/** In the place of a previous position: there is none. */
export const NO_POSITION = 2 ** 32 - 1;
/** In the place of a version: the entry is missing or cannot be read. */
export const UNREADABLE = 2 ** 32 - 1;
/** Positions and versions are kept in 32 bits. */
export const HEAD_MAX = 2 ** 32 - 2;
