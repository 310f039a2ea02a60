import { hash } from 'node:crypto';
import {
  HASH_BYTES,
  type Hash,
  hashFromBytes,
  leafHash,
  TILE_WIDTH,
  TileHasher,
} from '#libs/transparency';
import { type CheckerConfig, type Chunk, type ChunkReport } from './chunk.js';
import { EntryColumns } from './entry-columns.js';
import { Findings } from './findings.js';
import { bundleOf, type LeafBundle } from './leaf-bundle.js';
import type { KeptTile, LeafReader } from './leaf-reader.js';
import { openLeaves } from './open-leaves.js';
import { openNotes } from './open-notes.js';
import { readable } from './readable.js';

/** Of each chunk, so many altered entries are named. */
const ALTERED_KEPT = 20;
const NOTHING = '\0'.repeat(HASH_BYTES) as Hash;

/** What is gathered while a chunk is checked. */
interface Gathered {
  readonly columns: EntryColumns;
  readonly findings: Findings;
  readonly tileRoots: Hash[];
  readonly partials: Map<number, Hash>;
  readonly altered: number[];
  alteredCount: number;
  tilesCompared: number;
  bytes: number;
}

/**
 * Checks chunks of a log by what can be seen in them alone: hashes every entry's bytes, holds them
 * against the hashes that are kept, reads every entry's fields, opens the signed notes.
 */
export class ChunkChecker {
  readonly #reader: LeafReader;
  readonly #hasher = new TileHasher();

  constructor(private readonly config: CheckerConfig) {
    this.#reader = openLeaves(config.place);
  }

  async check(chunk: Chunk): Promise<ChunkReport> {
    const { from, to, keys } = chunk;
    const findings = new Findings();
    const epochs = keys.map(({ epoch }) => epoch);
    const kept = await readable('checkpoints.db', findings, () =>
      this.#reader.notes(epochs, from, to),
    );
    const notes = openNotes(kept ?? [], keys, findings);
    const columns = new EntryColumns(chunk, this.config.key, findings);
    const gathered: Gathered = {
      columns,
      findings,
      tileRoots: [],
      partials: new Map(),
      altered: [],
      alteredCount: 0,
      tilesCompared: 0,
      bytes: 0,
    };
    const sizes = [...chunk.sizes, ...notes.map(({ size }) => size)];
    for (let at = from; at < to; at += TILE_WIDTH) {
      await this.#checkTile(at, Math.min(at + TILE_WIDTH, to), sizes, gathered);
    }
    const { times, commands } = columns;
    const { tileRoots, partials, altered, alteredCount, tilesCompared, bytes } = gathered;
    return {
      ...{ from, to, columns: columns.values, bytes, times, tileRoots, notes, partials },
      ...{ noteCount: kept?.length ?? 0, tilesCompared, altered, alteredCount, commands },
      found: findings.found(),
    };
  }

  close(): void {
    this.#reader.close();
  }

  async #checkTile(
    from: number,
    to: number,
    sizes: readonly number[],
    gathered: Gathered,
  ): Promise<void> {
    const width = to - from;
    const index = from / TILE_WIDTH;
    const { findings } = gathered;
    const tile = await readable(`tile 0/${index}`, findings, () =>
      this.#reader.tile(0, index, width),
    );
    const bundle = await readable(`entries ${from} to ${to - 1}`, findings, () =>
      this.#reader.bundle(from, to),
    );
    this.#hashLeaves(bundle ?? bundleOf([]), from, width, { tile, gathered });
    if (bundle !== undefined) this.#tellMissing(bundle, from, width, findings);
    this.#hasher.hashUp(width);
    const root = this.#hasher.rootOf(width);
    gathered.tileRoots.push(root);
    for (const size of sizes) {
      if (size > from && size < to) gathered.partials.set(size, this.#hasher.rootOf(size - from));
    }
    this.#compare({ index, from, width, root }, tile, gathered);
    gathered.columns.add(from, width, bundle ?? bundleOf([]));
  }

  /** An entry that is missing leaves its kept hash, so that all others can be told to be whole. */
  #hashLeaves(
    { data, starts, ends }: LeafBundle,
    from: number,
    width: number,
    { tile, gathered }: { readonly tile: KeptTile | undefined; readonly gathered: Gathered },
  ): void {
    for (let leaf = 0; leaf < width; leaf += 1) {
      const start = starts[leaf] ?? 1;
      const end = ends[leaf] ?? 0;
      if (end < start) {
        this.#hasher.setLeaf(leaf, hashAt(tile, leaf));
        continue;
      }
      this.#hasher.setLeaf(leaf, leafHashAt(data, start, end));
      gathered.bytes += end - start;
    }
  }

  #tellMissing(
    { starts, ends }: LeafBundle,
    from: number,
    width: number,
    findings: Findings,
  ): void {
    for (let leaf = 0; leaf < width; leaf += 1) {
      const isMissing = (ends[leaf] ?? 0) < (starts[leaf] ?? 1);
      if (isMissing) findings.manipulation(`entry ${from + leaf}`, 'is missing');
    }
  }

  #compare(
    { index, from, width, root }: { index: number; from: number; width: number; root: Hash },
    tile: KeptTile | undefined,
    gathered: Gathered,
  ): void {
    const where = `tile 0/${index}`;
    if (tile === undefined) {
      // A store keeps full tiles only.
      const isKept = width === TILE_WIDTH || this.config.place.kind !== 'store';
      if (isKept) gathered.findings.manipulation(where, 'is missing');
      return;
    }
    gathered.tilesCompared += 1;
    const leaves = this.#hasher.leaves(width);
    if (!leaves.equals(tile.hashes)) this.#nameAltered(leaves, from, tile.hashes, gathered);
    if (tile.root !== undefined && Buffer.from(tile.root).toString('latin1') !== root) {
      gathered.findings.manipulation(where, 'the root kept of it is not that of its entries');
    }
  }

  #nameAltered(leaves: Buffer, from: number, kept: Uint8Array, gathered: Gathered): void {
    if (kept.length !== leaves.length) {
      const told = `keeps ${kept.length} bytes of hashes, not ${leaves.length}`;
      gathered.findings.manipulation(`tile 0/${from / TILE_WIDTH}`, told);
    }
    for (let at = 0; at < Math.min(leaves.length, kept.length); at += HASH_BYTES) {
      const isSame = leaves
        .subarray(at, at + HASH_BYTES)
        .equals(kept.subarray(at, at + HASH_BYTES));
      if (isSame) continue;
      gathered.alteredCount += 1;
      if (gathered.altered.length < ALTERED_KEPT) gathered.altered.push(from + at / HASH_BYTES);
    }
  }
}

/** The zero byte in front is what a leaf is hashed with (RFC 6962): nothing has to be copied. */
function leafHashAt(data: Uint8Array, start: number, end: number): Hash {
  if (start === 0) return leafHash(data.subarray(0, end));
  const input = new Uint8Array(data.buffer, data.byteOffset + start - 1, end - start + 1);
  return hash('sha256', input, 'binary') as Hash;
}

function hashAt(tile: KeptTile | undefined, leaf: number): Hash {
  const bytes = tile?.hashes.subarray(leaf * HASH_BYTES, (leaf + 1) * HASH_BYTES);
  return bytes?.length === HASH_BYTES ? hashFromBytes(bytes) : NOTHING;
}
