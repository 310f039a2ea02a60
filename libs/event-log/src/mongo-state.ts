import type { CompletedTile, TreeEdge } from '#libs/transparency';
import { decodeEntry, type Entry } from './entry.js';
import { EntryTail } from './entry-tail.js';
import type { PreparedCommit } from './event-codec.js';
import type { KnownCommand } from './event-log.js';
import { LogDamaged } from './faults.js';
import { LogState, type OlderEvents, type StreamHead } from './log-state.js';
import { commandText, type MongoLogFile, type StoredCommit } from './mongo-log-file.js';
import { NewestNames } from './newest-names.js';

/** Commits that are read when a log is opened: what was written last is asked for first. */
const TAIL_COMMITS = 512;
/** Up to so many events a log is known as a whole, if it was read from its beginning. */
const WHOLE_MAX = 8_000;

/** What a writer has to ask the server for before it can answer. */
class Unknown extends Error {
  constructor(
    readonly what:
      { readonly stream: string } | { readonly command: string } | { readonly position: number },
  ) {
    super('not in memory');
  }
}

/** What has been asked of the server for one batch; older than it, and not to be kept longer. */
interface Fetched {
  readonly heads: Map<string, StreamHead | undefined>;
  readonly firsts: Map<string, number | undefined>;
  readonly entries: Map<number, Entry>;
}

/**
 * What a writer knows of a log in MongoDB: the number of the next commit, the state of the log, and
 * its newest entries. It moves on only with commits that are known to stay.
 */
export class MongoState {
  readonly state: LogState;
  readonly newest: NewestNames;
  readonly tail: EntryTail;
  private fetched: Fetched = { heads: new Map(), firsts: new Map(), entries: new Map() };
  private newestAtMs = 0;
  /** Whether what is not in memory is not in the log either. */
  private isWhole: boolean;

  /** @param number of the next commit */
  constructor(
    private readonly file: MongoLogFile,
    edge: TreeEdge,
    private next: number,
    { tail, newest }: { readonly tail: EntryTail; readonly newest: NewestNames },
  ) {
    this.state = new LogState(this.olderEvents(), edge);
    this.tail = tail;
    this.newest = newest;
    this.isWhole = tail.start === 0;
  }

  get number(): number {
    return this.next;
  }

  get position(): number {
    return this.state.position;
  }

  /** Of the newest event. */
  get recordedAtMs(): number {
    return this.newestAtMs;
  }

  /**
   * Takes in the next commit of the log, this writer's own or another's.
   *
   * @returns the tiles that it completes
   * @throws LogDamaged when it does not follow the one before
   */
  absorb(commit: StoredCommit): readonly CompletedTile[] {
    const { path } = this.file;
    if (commit._id !== this.next) throw new LogDamaged(`${path} has no commit ${this.next}`);
    if (commit.end !== this.position + commit.entries.length || commit.entries.length === 0) {
      throw new LogDamaged(`${path} has a gap before position ${commit.end}`);
    }
    const entries = commit.entries.map((bytes, at) => decodeEntry(this.position + at, bytes));
    const [first] = entries;
    if (first === undefined || commandText(first.actor, first.commandId) !== commit.command) {
      throw new LogDamaged(`commit ${this.next} of ${path} is not that of its events`);
    }
    this.newest.noteCommand(first.actor, first.commandId);
    for (const { stream } of entries) this.newest.note(stream);
    this.mustAgree(commit);
    const tiles = entries.flatMap((entry, at) => this.add(entry, commit.entries[at]));
    this.next += 1;
    if (this.position > WHOLE_MAX) this.isWhole = false;
    if (!this.isWhole) this.state.forget(this.position);
    return tiles;
  }

  /** Takes in an event that the tree's edge holds already. */
  remember(position: number, bytes: Uint8Array): void {
    const entry = decodeEntry(position, bytes);
    this.state.remember(entry);
    this.newestAtMs = entry.recordedAtMs;
    this.tail.add(bytes);
  }

  /** Asks the server for all that must be known to answer these commits. */
  async fetchFor(commits: readonly PreparedCommit[]): Promise<void> {
    this.fetched = { heads: new Map(), firsts: new Map(), entries: new Map() };
    for (let left = commits; left.length > 0;) {
      const unknown = left.flatMap((commit) => this.unknownOf(commit));
      await Promise.all(unknown.map(({ what }) => this.fetch(what)));
      left = left.filter((commit) => this.unknownOf(commit).length > 0);
    }
  }

  async known(actor: string, commandId: string): Promise<KnownCommand | undefined> {
    try {
      return this.state.known(actor, commandId);
    } catch (error) {
      if (!(error instanceof Unknown)) throw error;
    }
    const commit = await this.file.ofCommand(commandText(actor, commandId));
    if (commit === undefined) return undefined;
    const { fingerprint, count } = firstOf(commit);
    return { fingerprint: fingerprint ?? '', first: commit.end - commit.entries.length, count };
  }

  /** The newest event of a stream, if that is known without asking; undefined if it is not. */
  headInMemory(stream: string): StreamHead | undefined {
    try {
      return this.state.headOf(stream);
    } catch (error) {
      if (error instanceof Unknown) return undefined;
      throw error;
    }
  }

  private add(entry: Entry, bytes: Uint8Array = new Uint8Array()): readonly CompletedTile[] {
    this.newestAtMs = entry.recordedAtMs;
    this.tail.add(bytes);
    return this.state.absorb(entry, bytes);
  }

  /** Each commit repeats what the newest names are: to be believed, they must be these. */
  private mustAgree({ newest }: StoredCommit): void {
    const { streams, command } = newest;
    const isSame =
      command === this.newest.order &&
      streams.length === this.newest.names.length &&
      this.newest.names.every((name) => streams.includes(name));
    if (!isSame) {
      throw new LogDamaged(`commit ${this.next} of ${this.file.path} names other newest streams`);
    }
  }

  private unknownOf({ actor, commandId, reads, writes }: PreparedCommit): readonly Unknown[] {
    const streams = new Set([...reads, ...writes].map(({ stream }) => stream));
    return [
      ...unknownIn(() => this.state.known(actor, commandId)),
      ...[...streams].flatMap((stream) => unknownIn(() => this.state.headOf(stream))),
    ];
  }

  private async fetch(what: Unknown['what']): Promise<void> {
    const { heads, firsts, entries } = this.fetched;
    if ('stream' in what) {
      const commit = await this.file.newestOfStream(what.stream);
      heads.set(what.stream, commit && headIn(commit, what.stream));
    } else if ('command' in what) {
      const commit = await this.file.ofCommand(what.command);
      firsts.set(what.command, commit && commit.end - commit.entries.length);
      if (commit !== undefined) entries.set(commit.end - commit.entries.length, firstOf(commit));
    } else {
      const [bytes] = await this.file.range(what.position, what.position + 1);
      if (bytes === undefined) throw new LogDamaged(`${this.file.path} lost ${what.position}`);
      entries.set(what.position, decodeEntry(what.position, bytes));
    }
  }

  private olderEvents(): OlderEvents {
    return {
      headOf: (stream) => {
        if (this.isWhole || this.newest.isNew(stream)) return undefined;
        if (this.fetched.heads.has(stream)) return this.fetched.heads.get(stream);
        throw new Unknown({ stream });
      },
      firstOf: (actor, commandId) => {
        if (this.isWhole || this.newest.isNewCommand(actor, commandId)) return undefined;
        const command = commandText(actor, commandId);
        if (this.fetched.firsts.has(command)) return this.fetched.firsts.get(command);
        throw new Unknown({ command });
      },
      entryAt: (position) => {
        const bytes = this.tail.at(position);
        if (bytes !== undefined) return decodeEntry(position, bytes);
        const entry = this.fetched.entries.get(position);
        if (entry !== undefined) return entry;
        throw new Unknown({ position });
      },
    };
  }
}

/**
 * Reads what a writer keeps in memory: the tree's right edge, and the newest commits.
 *
 * @throws LogDamaged, UnknownFormat when what is stored contradicts itself
 */
export async function openMongoState(
  file: MongoLogFile,
  edgeOf: (size: number) => Promise<TreeEdge>,
): Promise<MongoState> {
  const last = await file.newest();
  const number = last === undefined ? 0 : last._id + 1;
  const head = last?.end ?? 0;
  const from = Math.max(0, number - TAIL_COMMITS);
  const commits = (await file.from(from, TAIL_COMMITS)).filter(({ _id }) => _id < number);
  const start = commits[0] === undefined ? 0 : commits[0].end - commits[0].entries.length;
  const newest = new NewestNames(last?.newest.streams, last?.newest.command);
  const tail = new EntryTail(start);
  const opened = new MongoState(file, await edgeOf(head), number, { tail, newest });
  for (const [at, { _id, end, entries }] of commits.entries()) {
    if (_id !== from + at) throw new LogDamaged(`${file.path} has no commit ${from + at}`);
    if (end !== tail.end + entries.length) {
      throw new LogDamaged(`${file.path} has a gap before position ${end - entries.length}`);
    }
    for (const bytes of entries) opened.remember(tail.end, bytes);
  }
  if (tail.end !== head) throw new LogDamaged(`${file.path} has a gap after position ${tail.end}`);
  return opened;
}

function unknownIn(ask: () => unknown): readonly Unknown[] {
  try {
    ask();
    return [];
  } catch (error) {
    if (error instanceof Unknown) return [error];
    throw error;
  }
}

function firstOf({ end, entries: [bytes], entries }: StoredCommit): Entry {
  return decodeEntry(end - entries.length, bytes ?? new Uint8Array());
}

function headIn({ end, entries }: StoredCommit, stream: string): StreamHead {
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const position = end - entries.length + at;
    const entry = decodeEntry(position, entries[at] ?? new Uint8Array());
    if (entry.stream === stream) return { position, version: entry.version };
  }
  throw new LogDamaged(`the commit that ends at ${end} does not write ${stream}, as it says`);
}
