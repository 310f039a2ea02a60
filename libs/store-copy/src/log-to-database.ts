import { join } from 'node:path';
import {
  commitDocument,
  decodeEntry,
  type Entry,
  type LogFile,
  LogDamaged,
  MongoCheckpoints,
  MongoLogFile,
  NewestNames,
  openLogFile,
  openSignedCheckpoints,
  type StoredCommit,
} from '#libs/event-log';
import type { DatabaseNames, Mongo } from '#libs/mongo';
import { type CompletedTile, leafHash, TreeEdge } from '#libs/transparency';
import type { CopiedLog } from './log-to-folder.js';
import { CopyRefused } from './refused.js';

const PAGE = 1_000;
const COMMITS = 100;
const WRITER = 'moved';

interface Read {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
}

/**
 * Copies the log in a folder into MongoDB: every entry byte for byte, each command as the document
 * that it would have been.
 *
 * @throws CopyRefused when the databases hold a log already
 * @throws LogDamaged, UnknownFormat when the log is not fit to be gone on with
 */
export async function logToDatabase(
  dir: string,
  mongo: Mongo,
  { names, service }: { readonly names: DatabaseNames; readonly service: string },
): Promise<CopiedLog> {
  const to = new MongoLogFile(mongo.database(names.log));
  const notes = new MongoCheckpoints(mongo.database(names.signed));
  await notes.open();
  if ((await to.newest()) !== undefined || notes.epochs().length > 0) {
    throw new CopyRefused(`${names.log} holds a log already: name an empty target`);
  }
  await to.prepare(service);
  const from = openLogFile(join(dir, 'log.db'), { readOnly: true });
  const tree = new TreeEdge();
  const newest = new NewestNames();
  let number = 0;
  try {
    for (const commits of commitsIn(from, dir)) {
      const tiles = commits.flatMap((commit) =>
        commit.flatMap(({ bytes }) => tree.append(leafHash(bytes))),
      );
      const documents = commits.map((commit, at): StoredCommit =>
        commitDocument({ number: number + at, writer: WRITER }, commit, newest),
      );
      if ((await to.add(documents)) < documents.length) {
        throw new CopyRefused(`${names.log} is written by somebody else`);
      }
      number += documents.length;
      for (const tile of tiles) await to.addTile(asStored(from, tile));
    }
  } finally {
    from.close();
  }
  await notesToDatabase(dir, notes);
  return { size: tree.size, root: tree.root() };
}

/** The commits of a log, a hundred at a time. */
function* commitsIn(from: LogFile, dir: string): Iterable<readonly (readonly Read[])[]> {
  let commits: (readonly Read[])[] = [];
  let commit: Read[] = [];
  const head = from.head();
  for (let at = 0; at < head; at += PAGE) {
    for (const [index, [position, bytes]] of from.page(at, PAGE).entries()) {
      if (position !== at + index) throw new LogDamaged(`${dir} has a gap before ${position}`);
      const entry = decodeEntry(position, bytes);
      if (entry.index !== commit.length)
        throw new LogDamaged(`${dir} has half a commit: ${position}`);
      commit.push({ entry, bytes });
      if (commit.length < entry.count) continue;
      commits.push(commit);
      commit = [];
      if (commits.length < COMMITS) continue;
      yield commits;
      commits = [];
    }
  }
  if (commit.length > 0) throw new LogDamaged(`${dir} ends with half a commit`);
  if (commits.length > 0) yield commits;
}

function asStored(from: LogFile, tile: CompletedTile): CompletedTile {
  const { level, index } = tile;
  const hashes = from.tile(level, index);
  const [root] = from.tileRoots(level, index, index + 1);
  if (hashes === undefined || root === undefined) return tile;
  return { level, index, root, hashes };
}

async function notesToDatabase(dir: string, to: MongoCheckpoints): Promise<void> {
  const from = openSignedCheckpoints(dir, { readOnly: true });
  try {
    for (const epoch of from.epochs()) await to.openEpoch({ ...epoch });
    for (const { epoch, size, note } of from.all()) await to.add({ epoch, size, note });
  } finally {
    from.close();
  }
}
