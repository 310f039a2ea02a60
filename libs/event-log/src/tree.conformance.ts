import {
  consistencyProof,
  emptyRoot,
  type Hash,
  hashFromBytes,
  hashToBase64,
  hashToBytes,
  inclusionProof,
  leafHash,
  nodeHash,
  rootAt,
  TILE_WIDTH,
  tilesOf,
  verifyConsistency,
  verifyInclusion,
} from '#libs/transparency';
import { decodeEntry, type Entry } from './entry.js';
import type { EventLog, ProvableLog } from './event-log.js';
import {
  ANOTHER,
  commitOf,
  counted,
  countOn,
  FINGERPRINT,
  growTo,
  type LogStore,
  sampleOptions,
  TIME,
} from './sample-commits.conformance.js';

const HEAD = 600;
/** Around the widths of tiles and of powers of two, where a tree changes its shape. */
const SIZES = [0, 1, 2, 3, 127, 128, 129, 255, 256, 257, 300, 511, 512, 513, HEAD - 1, HEAD];

/** The Merkle Tree Hash, word for word as RFC 6962, section 2.1, defines it. */
export function treeHash(leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (only === undefined) return emptyRoot();
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

export async function leavesOf(log: ProvableLog): Promise<readonly Hash[]> {
  return (await log.entries(0, await log.head())).map(leafHash);
}

/** A tile's hashes, as tree hashes over runs of leaves (c2sp.org/tlog-tiles, "Merkle Tree"). */
function tileOf(leaves: readonly Hash[], level: number, index: number): readonly Hash[] {
  const span = TILE_WIDTH ** level;
  const hashes: Hash[] = [];
  for (let at = index * TILE_WIDTH; hashes.length < TILE_WIDTH; at += 1) {
    if ((at + 1) * span > leaves.length) break;
    hashes.push(treeHash(leaves.slice(at * span, (at + 1) * span)));
  }
  return hashes;
}

const joined = (hashes: readonly Hash[]) => Buffer.concat(hashes.map(hashToBytes)).toString('hex');
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** What every log's entries and tiles promise to whoever proves something with them. */
export function treeConformance({ open, reopen }: LogStore): void {
  let log: EventLog;
  let leaves: readonly Hash[];

  beforeAll(async () => {
    log = open(sampleOptions);
    await growTo(log, HEAD);
    leaves = await leavesOf(log);
  });
  afterAll(() => log.close());

  const describeTree = () => {
    it.each(SIZES)('its root at %i is that of its first entries', async (size) => {
      const root = treeHash(leaves.slice(0, size));
      expect(hashToBase64(await rootAt(size, log))).toBe(hashToBase64(root));
    });

    it.each([...tilesOf(HEAD)])('tile $level/$index of $width is as it must be', async (tile) => {
      const { level, index, width } = tile;
      const bytes = await log.tile(level, index, width);
      expect(hex(bytes)).toBe(joined(tileOf(leaves, level, index)));
    });

    it.each([
      [0, 0, 1],
      [0, 1, 255],
      [0, 2, 1],
      [0, 2, 87],
      [1, 0, 1],
    ])('of tile %i/%i the first %i hashes are given', async (level, index, width) => {
      const bytes = await log.tile(level, index, width);
      const expected = joined(tileOf(leaves, level, index)).slice(0, width * 64);
      expect(hex(bytes.subarray(0, width * 32))).toBe(expected);
    });

    it.each([
      ['wider than it is yet', 0, 2, 89],
      ['that is not full', 0, 2, 256],
      ['behind the last', 0, 3, 1],
      ['of a level that is not full', 1, 0, 3],
      ['of a level that is not there', 2, 0, 1],
      ['far away', 40, 1_000_000, 256],
    ])('a tile %s is refused (%i/%i of %i)', async (_, level, index, width) => {
      await expect(log.tile(level, index, width)).rejects.toThrow(RangeError);
    });
  };

  describe('the tree', describeTree);

  it('every entry is proven to be in it, and every older tree to be its beginning', async () => {
    const root = await rootAt(HEAD, log);
    for (const index of [0, 1, 255, 256, 511, 512, HEAD - 1]) {
      const proof = await inclusionProof(index, HEAD, log);
      const leaf = leaves[index] ?? emptyRoot();
      expect(verifyInclusion({ leaf, index, size: HEAD, proof, root })).toBe(true);
    }
    for (const oldSize of SIZES) {
      const proof = await consistencyProof(oldSize, HEAD, log);
      const oldRoot = treeHash(leaves.slice(0, oldSize));
      const claim = { oldSize, oldRoot, newSize: HEAD, newRoot: root, proof };
      expect(verifyConsistency(claim)).toBe(true);
    }
  });

  it('a proof of an older size is made while the log grows', async () => {
    const growing = open(sampleOptions);
    await growTo(growing, 200);
    const root = rootAt(200, growing);
    await growTo(growing, 300);
    const first = (await leavesOf(growing)).slice(0, 200);
    expect([await root, await rootAt(200, growing)]).toEqual([treeHash(first), treeHash(first)]);
    await growing.close();
  });

  describe('a stored entry', () => {
    it('says its place in the log and in its stream, and the one before it', async () => {
      const last = new Map<string, Entry>();
      for (const [position, bytes] of (await log.entries(0, HEAD)).entries()) {
        const entry = decodeEntry(position, bytes);
        const before = last.get(entry.stream);
        expect([entry.position, entry.previous, entry.version]).toEqual([
          position,
          before?.position ?? null,
          (before?.version ?? -1) + 1,
        ]);
        last.set(entry.stream, entry);
      }
      expect(last.size).toBe(5);
    });

    it('says what was asked for, the fingerprint once', async () => {
      const asked = open(sampleOptions);
      const commit = {
        ...commitOf({ fingerprint: ANOTHER, cause: 'other@3', actor: 'wang-1' }),
        writes: [
          { stream: 'a', events: [counted(1), counted(2)] },
          { stream: 'b', events: [counted(3)] },
        ],
      };
      await asked.append(commit);
      await asked.append(countOn('b', 1, 4));
      const entries = (await asked.entries(0, 10)).map((bytes, at) => decodeEntry(at, bytes));
      const common = {
        recordedAtMs: Date.parse(TIME),
        commandId: commit.commandId,
        count: 3,
        actor: 'wang-1',
        cause: 'other@3',
        type: 'Counted',
        typeVersion: 1,
      };
      expect(entries).toMatchObject([
        { ...common, index: 0, fingerprint: ANOTHER },
        { ...common, index: 1, fingerprint: null, payload: '{"n":2}' },
        { ...common, index: 2, fingerprint: null, previous: null, stream: 'b', version: 0 },
        { index: 0, count: 1, fingerprint: FINGERPRINT, cause: null, previous: 2, version: 1 },
      ]);
      await asked.close();
    });

    it.each([
      [0, 2, [0, 1]],
      [598, 5, [598, 599]],
      [600, 5, []],
      [0, 0, []],
    ])('is given from %i on, at most %i', async (from, limit, expected) => {
      const entries = await log.entries(from, limit);
      expect(entries.map((bytes, index) => decodeEntry(from + index, bytes).position)).toEqual(
        expected,
      );
    });

    it('is the leaf of the tile over it', async () => {
      const tile = await log.tile(0, 1, TILE_WIDTH);
      const [entry] = await log.entries(300, 1);
      expect(hashFromBytes(tile.subarray(44 * 32, 45 * 32))).toBe(leafHash(entry ?? tile));
    });
  });

  if (reopen !== undefined) {
    describe('the tree of the log opened again', () => {
      beforeAll(async () => {
        await log.close();
        // The log that was opened last is another by now.
        log = open(sampleOptions);
        await growTo(log, HEAD);
        leaves = await leavesOf(log);
        await log.close();
        log = reopen(sampleOptions);
      });

      describeTree();

      it('goes on where it was', async () => {
        await growTo(log, HEAD + 200);
        const more = await leavesOf(log);
        expect(more.slice(0, HEAD)).toEqual(leaves);
        expect(await rootAt(HEAD + 200, log)).toBe(treeHash(more));
      });
    });
  }
}
