import {
  type CompletedTile,
  HASH_BYTES,
  type Hash,
  hashToBytes,
  leafHash,
} from '#libs/transparency';
import { hashFromBytes } from '#libs/transparency';
import { insertedBefore, isDuplicate, type MongoCollection, type MongoDatabase } from '#libs/mongo';
import { LogDamaged, UnknownFormat } from './faults.js';
import type { Entry } from './entry.js';
import type { NewestNames } from './newest-names.js';

/** Counts on its own: nothing but the entries is shared with the format of a file. */
export const MONGO_LOG_FORMAT = 1;

/** One command's commit, as it is stored. */
export interface StoredCommit {
  /** Its number in the log, from 0; the next one has the next. */
  readonly _id: number;
  /** The position after its last event; another commit ends elsewhere. */
  readonly end: number;
  /** Who wrote it: told apart from another writer's commit of the same command. */
  readonly writer: string;
  /** `ACTOR\nCOMMAND`: committed once. */
  readonly command: string;
  /** Of all commits so far: the greatest stream name of each kind, the greatest command number. */
  readonly newest: { readonly streams: readonly string[]; readonly command: number };
  /** The streams that it writes, each once. */
  readonly streams: readonly string[];
  /** Its events' entries: the bytes that were hashed. */
  readonly entries: readonly Uint8Array[];
}

/** As it is written: the server keeps whole numbers of 64 bits. */
type Written = Omit<StoredCommit, '_id' | 'end'> & {
  readonly _id: number | bigint;
  readonly end: number | bigint;
};

interface StoredTile {
  readonly _id: string;
  readonly root: Uint8Array;
  readonly hashes: Uint8Array;
}

interface About {
  readonly _id: string;
  readonly format: number;
  readonly origin: string;
  /** How often the log was opened. */
  readonly opened?: number;
}

export const commandText = (actor: string, commandId: string): string => `${actor}\n${commandId}`;

/** The commit of one command whose events have these entries; `newest` takes them in. */
export function commitDocument(
  { number, writer }: { readonly number: number; readonly writer: string },
  added: readonly { readonly entry: Entry; readonly bytes: Uint8Array }[],
  newest: NewestNames,
): StoredCommit {
  const [first] = added;
  if (first === undefined) throw new Error('a commit without events has no place in the log');
  const { actor, commandId, position } = first.entry;
  newest.noteCommand(actor, commandId);
  for (const { entry } of added) newest.note(entry.stream);
  return {
    _id: number,
    end: position + added.length,
    writer,
    command: commandText(actor, commandId),
    streams: [...new Set(added.map(({ entry }) => entry.stream))],
    newest: { streams: newest.names, command: newest.order },
    entries: added.map(({ bytes }) => bytes),
  };
}

/** The collections of a log in MongoDB: commits as they were recorded, and the full tiles. */
export class MongoLogFile {
  private readonly commits: MongoCollection<Written>;
  private readonly tiles: MongoCollection<StoredTile>;
  private readonly about: MongoCollection<About>;

  constructor(readonly database: MongoDatabase) {
    this.commits = database.collection<Written>('commits');
    this.tiles = database.collection<StoredTile>('tiles');
    this.about = database.collection<About>('about');
  }

  get path(): string {
    return this.database.databaseName;
  }

  /**
   * Makes what is missing.
   *
   * @throws UnknownFormat when a newer version wrote it
   * @throws LogDamaged when it is another service's
   */
  async prepare(origin: string): Promise<void> {
    const found = (await this.about.findOne({ _id: 'log' })) ?? (await this.begin(origin));
    if (found.format > MONGO_LOG_FORMAT) {
      throw new UnknownFormat(`store format ${found.format}`, MONGO_LOG_FORMAT);
    }
    if (found.origin !== origin) {
      throw new LogDamaged(`${this.path} is the log of ${found.origin}, not of ${origin}`);
    }
    // Numbers keep the order, and the first two what they say; the rest only finds things.
    await this.commits.createIndex({ end: 1 }, { unique: true });
    await this.commits.createIndex({ command: 1 }, { unique: true });
    await this.commits.createIndex({ streams: 1, _id: 1 });
    // A primary that was just elected may show what was, until a write of its own has reached the
    // majority: after this one, whatever was acknowledged before is seen.
    await this.about.updateOne({ _id: 'log' }, { $inc: { opened: 1 } });
  }

  private async begin(origin: string): Promise<About> {
    const about = { _id: 'log', format: MONGO_LOG_FORMAT, origin };
    try {
      await this.about.insertOne(about);
      return about;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return (await this.about.findOne({ _id: 'log' })) ?? about;
    }
  }

  newest(): Promise<StoredCommit | undefined> {
    return this.one({}, { _id: -1 });
  }

  /** Commits from a number on, at most `limit`. */
  async from(number: number, limit: number): Promise<readonly StoredCommit[]> {
    const found = await this.commits
      .find({ _id: { $gte: number } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return found as unknown as readonly StoredCommit[];
  }

  /**
   * Entries from one position up to, not including, another: as many as are there.
   *
   * @throws LogDamaged when commits do not follow each other
   */
  async range(from: number, to: number): Promise<readonly Uint8Array[]> {
    if (to <= from) return [];
    const entries: Uint8Array[] = [];
    const cursor = this.commits
      .find({ end: { $gt: from } })
      .sort({ end: 1 })
      .limit(to - from);
    for await (const each of cursor) {
      const { end, entries: of } = each as unknown as StoredCommit;
      const first = end - of.length;
      const next = from + entries.length;
      if (first > next || (entries.length > 0 && first !== next)) {
        throw new LogDamaged(`${this.path} has a gap before position ${first}`);
      }
      for (const bytes of of.slice(next - first)) entries.push(bytes);
      if (end >= to) break;
    }
    return entries.slice(0, to - from);
  }

  /** The commits that wrote to a stream, the oldest first. */
  async ofStream(stream: string): Promise<readonly StoredCommit[]> {
    const found = await this.commits.find({ streams: stream }).sort({ _id: 1 }).toArray();
    return found as unknown as readonly StoredCommit[];
  }

  newestOfStream(stream: string): Promise<StoredCommit | undefined> {
    return this.one({ streams: stream }, { _id: -1 });
  }

  async ofCommand(command: string): Promise<StoredCommit | undefined> {
    return ((await this.commits.findOne({ command })) ?? undefined) as StoredCommit | undefined;
  }

  /**
   * Stores commits in their order, in one request; each is there before the next.
   *
   * @returns how many went in before a number, or another unique field, was found taken
   * @throws when nobody knows how many went in
   */
  async add(commits: readonly StoredCommit[]): Promise<number> {
    try {
      await this.commits.insertMany(commits.map(written), { ordered: true });
      return commits.length;
    } catch (error) {
      const inserted = insertedBefore(error);
      if (inserted === undefined) throw error;
      return inserted;
    }
  }

  async tile(level: number, index: number): Promise<Uint8Array | undefined> {
    return (await this.tiles.findOne({ _id: `${level}/${index}` }))?.hashes;
  }

  /** The roots of full tiles of a level, in order; undefined where one is not stored. */
  async tileRoots(level: number, from: number, to: number): Promise<readonly (Hash | undefined)[]> {
    if (to <= from) return [];
    const names = Array.from({ length: to - from }, (_, at) => `${level}/${from + at}`);
    const found = await this.tiles.find({ _id: { $in: names } }).toArray();
    const roots = new Map(found.map(({ _id, root }) => [_id, root]));
    return names.map((name) => {
      const root = roots.get(name);
      return root?.length === HASH_BYTES ? hashFromBytes(root) : undefined;
    });
  }

  /** A tile is what its entries make it: whoever stores it first stores what all would. */
  async addTile({ level, index, root, hashes }: CompletedTile): Promise<void> {
    try {
      await this.tiles.insertOne({ _id: `${level}/${index}`, root: hashToBytes(root), hashes });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }

  async leaves(from: number, to: number): Promise<readonly Hash[]> {
    return (await this.range(from, to)).map(leafHash);
  }

  private async one(
    filter: object,
    sort: Readonly<Record<string, 1 | -1>>,
  ): Promise<StoredCommit | undefined> {
    const [found] = await this.commits.find(filter).sort(sort).limit(1).toArray();
    return found as unknown as StoredCommit | undefined;
  }
}

/** Numbers are written with 64 bits whatever their size, so that they sort and compare as one kind. */
function written(commit: StoredCommit): Written {
  return {
    ...commit,
    _id: BigInt(commit._id),
    end: BigInt(commit.end),
    entries: commit.entries.map((bytes) => Buffer.from(bytes)),
  };
}
