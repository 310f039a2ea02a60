import {
  type CompletedTile,
  type Hash,
  HASH_BYTES,
  hashToBytes,
  subtreeRoot,
  TILE_WIDTH,
  TreeEdge,
} from '#libs/transparency';
import { LogDamaged } from './faults.js';
import type { MongoLogFile } from './mongo-log-file.js';

/**
 * The tree over a log in MongoDB. Full tiles are stored after the entries that fill them, in writes
 * of their own, so that one may be missing: it is made again from what lies below it.
 */
export class MongoTree {
  /** Full tiles that are on their way to the server. */
  private readonly pending = new Map<string, CompletedTile>();
  private saving: Promise<void> = Promise.resolve();

  constructor(private readonly file: MongoLogFile) {}

  /**
   * The right edge of the tree over the first `size` entries.
   *
   * @throws LogDamaged when entries are missing
   */
  async edge(size: number): Promise<TreeEdge> {
    const levels: (readonly Hash[])[] = [];
    let nodes = size;
    for (let level = 0; nodes > 0; level += 1) {
      const full = Math.floor(nodes / TILE_WIDTH);
      levels.push(await this.nodes(level, full * TILE_WIDTH, nodes));
      nodes = full;
    }
    return new TreeEdge(levels);
  }

  /** A full tile. */
  async tile(level: number, index: number): Promise<Uint8Array> {
    const pending = this.pending.get(`${level}/${index}`);
    if (pending !== undefined) return pending.hashes;
    const stored = await this.file.tile(level, index);
    if (stored?.length === TILE_WIDTH * HASH_BYTES) return stored;
    return (await this.makeAnew(level, index)).hashes;
  }

  /** Stores full tiles behind what the caller does; `saved` tells when they are there. */
  save(tiles: readonly CompletedTile[]): void {
    for (const tile of tiles) this.pending.set(`${tile.level}/${tile.index}`, tile);
    if (tiles.length > 0)
      this.saving = this.saving.catch(() => undefined).then(() => this.saveAll());
    // Whoever waits for it hears of a fault; a tile that is not there is made again.
    this.saving.catch(() => undefined);
  }

  /** Resolves when every tile that was to be stored is. */
  async saved(): Promise<void> {
    await this.saving;
    if (this.pending.size > 0) await this.saveAll();
  }

  private async saveAll(): Promise<void> {
    for (const [name, tile] of [...this.pending]) {
      await this.file.addTile(tile);
      this.pending.delete(name);
    }
  }

  /** Nodes `from` to `to` of a level; they lie in one tile that is not full. */
  private async nodes(level: number, from: number, to: number): Promise<readonly Hash[]> {
    if (level === 0) return this.leaves(from, to);
    const roots = await this.file.tileRoots(level - 1, from, to);
    const hashes: Hash[] = [];
    for (const [at, stored] of roots.entries()) {
      hashes.push(stored ?? (await this.makeAnew(level - 1, from + at)).root);
    }
    return hashes;
  }

  private async leaves(from: number, to: number): Promise<readonly Hash[]> {
    const leaves = await this.file.leaves(from, to);
    if (leaves.length === to - from) return leaves;
    throw new LogDamaged(`${this.file.path} has a gap after position ${from + leaves.length}`);
  }

  /** A full tile from what lies below it; stored, so that nobody needs to do so again. */
  private async makeAnew(level: number, index: number): Promise<CompletedTile> {
    const nodes = await this.nodes(level, index * TILE_WIDTH, (index + 1) * TILE_WIDTH);
    const bytes = Buffer.concat(nodes.map(hashToBytes));
    const tile = { level, index, hashes: new Uint8Array(bytes), root: subtreeRoot(nodes) };
    await this.file.addTile(tile);
    return tile;
  }
}
