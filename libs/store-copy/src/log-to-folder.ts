import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeEntry,
  type LogFile,
  LogDamaged,
  MongoCheckpoints,
  MongoLogFile,
  openLogFile,
  openSignedCheckpoints,
  type StoredCommit,
} from '#libs/event-log';
import type { DatabaseNames, Mongo } from '#libs/mongo';
import { type CompletedTile, type Hash, leafHash, TreeEdge } from '#libs/transparency';

const PAGE = 500;

/** What was copied. */
export interface CopiedLog {
  readonly size: number;
  readonly root: Hash;
}

/** Whether there is a log, or at least the memory of one. */
export async function hasLog(
  mongo: Mongo,
  names: Pick<DatabaseNames, 'log' | 'signed'>,
): Promise<boolean> {
  const notes = new MongoCheckpoints(mongo.database(names.signed));
  await notes.open();
  if (notes.epochs().length > 0) return true;
  return (await new MongoLogFile(mongo.database(names.log)).newest()) !== undefined;
}

/**
 * Copies a log out of MongoDB into the files of a folder: every entry byte for byte, every tile as
 * it is stored, every note. What is wrong there is wrong in the copy, for a verifier to find.
 *
 * @throws LogDamaged when commits do not follow each other, which no file could show
 */
export async function logToFolder(
  mongo: Mongo,
  names: Pick<DatabaseNames, 'log' | 'signed'>,
  dir: string,
): Promise<CopiedLog> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const from = new MongoLogFile(mongo.database(names.log));
  const to = openLogFile(join(dir, 'log.db'), { readOnly: false });
  const tree = new TreeEdge();
  try {
    for (let number = 0; ; number += PAGE) {
      const commits = await from.from(number, PAGE);
      const tiles: CompletedTile[] = [];
      to.begin();
      for (const [at, commit] of commits.entries()) {
        tiles.push(...copyCommit(commit, number + at, { to, tree, place: names.log }));
      }
      for (const tile of tiles) to.addTile(await asStored(from, tile));
      to.commit();
      if (commits.length < PAGE) break;
    }
  } finally {
    to.close();
  }
  await notesToFolder(new MongoCheckpoints(mongo.database(names.signed)), dir);
  return { size: tree.size, root: tree.root() };
}

function copyCommit(
  { _id, end, entries }: StoredCommit,
  number: number,
  { to, tree, place }: { readonly to: LogFile; readonly tree: TreeEdge; readonly place: string },
): readonly CompletedTile[] {
  if (_id !== number) throw new LogDamaged(`${place} has no commit ${number}`);
  if (end !== tree.size + entries.length) {
    throw new LogDamaged(`${place} has a gap before position ${end}: see commit ${number}`);
  }
  return entries.flatMap((bytes) => {
    to.addEntry(tree.size, previousIn(tree.size, bytes), bytes);
    return tree.append(leafHash(bytes));
  });
}

/** Of an entry that cannot be read, nothing can be said: a verifier will tell of it. */
function previousIn(position: number, bytes: Uint8Array): number | null {
  try {
    return decodeEntry(position, bytes).previous;
  } catch {
    return null;
  }
}

/** One that is not stored is made again by the log itself, as it is here. */
async function asStored(from: MongoLogFile, tile: CompletedTile): Promise<CompletedTile> {
  const { level, index } = tile;
  const hashes = await from.tile(level, index);
  const [root] = await from.tileRoots(level, index, index + 1);
  return hashes === undefined || root === undefined ? tile : { level, index, hashes, root };
}

async function notesToFolder(from: MongoCheckpoints, dir: string): Promise<void> {
  await from.open();
  const to = openSignedCheckpoints(dir);
  try {
    for (const epoch of from.epochs()) to.openEpoch(epoch);
    for (const checkpoint of await from.all()) to.add(checkpoint);
  } finally {
    to.close();
  }
}
