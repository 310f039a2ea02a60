import type { RecoveryEpoch, SignedCheckpoint } from '#libs/event-log';
import { openStoredCheckpoints, openStoredEvents, type StoredEvents } from '#libs/stored-log';
import { HASH_BYTES, hashToBytes, leafHash, TILE_WIDTH } from '#libs/transparency';
import type { LogSource } from '../log-source.js';
import type { LogPlace } from './log-place.js';

/** A service's folder, in use or a copy. */
export function openStoreSource({ service, dir }: Extract<LogPlace, { kind: 'store' }>): LogSource {
  const stored = openStoredEvents(dir);
  const signed = openStoredCheckpoints(dir);
  const head = () => stored.extent().head;
  return {
    service,
    origin: service,
    place: dir,
    dir,
    head: async () => head(),
    entries: async (from, limit) => entriesOf(stored, from, Math.min(from + limit, head())),
    tile: async (level, index, width) =>
      tileOf(stored, level, index).subarray(0, width * HASH_BYTES),
    // Whoever uses a note or a key opens it first, and so finds what is no text.
    epochs: async () => (signed?.epochs() ?? []) as readonly RecoveryEpoch[],
    checkpoints: async () => [...(signed?.all() ?? [])] as readonly SignedCheckpoint[],
    close: async () => {
      stored.close();
      signed?.close();
    },
  };
}

/** Entries without a gap: what follows one is not handed out under another's position. */
function entriesOf(stored: StoredEvents, from: number, to: number): readonly Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (const [position, entry] of stored.rows(from, to)) {
    if (position !== from + entries.length || !(entry instanceof Uint8Array)) break;
    entries.push(entry);
  }
  return entries;
}

/** A tile that is not full yet is made of what lies below it. */
function tileOf(stored: StoredEvents, level: number, index: number): Uint8Array {
  const tile = stored.tile(level, index);
  if (tile !== undefined) return tile.hashes;
  const [from, to] = [index * TILE_WIDTH, (index + 1) * TILE_WIDTH];
  if (level > 0) return Buffer.concat(stored.tileRoots(level - 1, from, to));
  return Buffer.concat(entriesOf(stored, from, to).map((entry) => hashToBytes(leafHash(entry))));
}
