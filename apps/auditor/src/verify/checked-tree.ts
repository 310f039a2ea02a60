import { HASH_BYTES, type Hash, TILE_WIDTH, TreeEdge } from '#libs/transparency';
import type { ChunkReport } from './chunk.js';
import type { Findings } from './findings.js';
import type { KeptTile } from './leaf-reader.js';
import { TreeFrontier } from './tree-frontier.js';

type KeptTiles = (
  level: number,
  index: number,
  width: number,
) => KeptTile | undefined | Promise<KeptTile | undefined>;

/**
 * The tree above the leaves' tiles, built from the roots that the checkers computed and from
 * nothing that is kept; what is kept is only compared with it.
 */
export class CheckedTree {
  readonly #frontier = new TreeFrontier();
  readonly #upper = new TreeEdge();
  #last: Hash | undefined;
  #size = 0;
  tilesCompared = 0;
  /** Full tiles at each level. */
  readonly fullTiles: number[] = [0];

  constructor(
    private readonly keptTile: KeptTiles,
    private readonly findings: Findings,
  ) {}

  /** Takes in a chunk; `onSize` hears the root at each size that was asked for, in ascending order. */
  async take(
    { from, to, tileRoots, partials }: ChunkReport,
    sizes: readonly number[],
    onSize: (size: number, root: Hash) => void,
  ): Promise<void> {
    let next = 0;
    for (const [tile, root] of tileRoots.entries()) {
      const end = Math.min(from + (tile + 1) * TILE_WIDTH, to);
      for (; (sizes[next] ?? end) < end; next += 1) {
        const size = sizes[next] ?? end;
        onSize(size, this.#frontier.root(partials.get(size)));
      }
      if (end % TILE_WIDTH === 0) await this.#append(root);
      else this.#last = root;
      this.#size = end;
      for (; sizes[next] === end; next += 1) onSize(end, this.root());
    }
  }

  /** Over all entries so far. */
  root(): Hash {
    return this.#frontier.root(this.#last);
  }

  /** Where tiles are shown before they are full, the upper ones are compared at the end. */
  async comparePartial(): Promise<void> {
    let nodes = Math.floor(this.#size / TILE_WIDTH);
    for (let level = 1; nodes > 0; level += 1, nodes = Math.floor(nodes / TILE_WIDTH)) {
      const width = nodes % TILE_WIDTH;
      if (width === 0) continue;
      const index = Math.floor(nodes / TILE_WIDTH);
      await this.#compare({ level, index, hashes: this.#upper.tile(level - 1, width) });
    }
  }

  async #append(root: Hash): Promise<void> {
    this.#frontier.append(root);
    this.fullTiles[0] = (this.fullTiles[0] ?? 0) + 1;
    for (const { level, index, hashes, root: above } of this.#upper.append(root)) {
      this.fullTiles[level + 1] = (this.fullTiles[level + 1] ?? 0) + 1;
      await this.#compare({ level: level + 1, index, hashes, root: above });
    }
  }

  async #compare({
    level,
    index,
    hashes,
    root,
  }: {
    readonly level: number;
    readonly index: number;
    readonly hashes: Uint8Array;
    readonly root?: Hash;
  }): Promise<void> {
    const where = `tile ${level}/${index}`;
    const kept = await this.keptTile(level, index, hashes.length / HASH_BYTES);
    if (kept === undefined) return this.findings.manipulation(where, 'is missing');
    this.tilesCompared += 1;
    if (!Buffer.from(hashes).equals(kept.hashes)) {
      this.findings.manipulation(where, 'its hashes are not the roots of the tiles below it');
    }
    if (kept.root !== undefined && Buffer.from(kept.root).toString('latin1') !== root) {
      this.findings.manipulation(where, 'the root kept of it is not that of the tiles below it');
    }
  }
}
