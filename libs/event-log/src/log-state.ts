import { type CompletedTile, leafHash, TILE_WIDTH, type TreeEdge } from '#libs/transparency';
import { commandKey } from './command-key.js';
import { encodeEntry, type Entry } from './entry.js';
import type { Payload, PreparedCommit } from './event-codec.js';
import type { CommitOutcome, KnownCommand } from './event-log.js';
import { NewestNames } from './newest-names.js';
import { Recent } from './recent.js';

/** The newest event of a stream. */
export interface StreamHead {
  readonly position: number;
  readonly version: number;
}

/** What a writer asks of its store about events that it does not hold in memory. */
export interface OlderEvents {
  headOf(stream: string): StreamHead | undefined;
  /** Position of the first event of a command. */
  firstOf(actor: string, commandId: string): number | undefined;
  entryAt(position: number): Entry;
}

/** What one event adds to a log. */
export interface Addition {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  readonly tiles: readonly CompletedTile[];
}

/** Some 150 bytes each; a stream that is written now will be written again soon. */
const HEADS_KEPT = 25_000;
/** Numbers of commands tell a quarter of a second: what is younger need not be looked for. */
const COMMANDS_KEPT = 20_000;

const NO_EVENT: StreamHead = { position: -1, version: -1 };
/** No command id is less. */
const LEAST = '\0';

/**
 * What a writer knows of its log: where it ends, the right edge of the tree, and, for the newest
 * events at least, the head of each stream and the commands. Whatever is added, by this writer or
 * by another, goes through `absorb`, so that all writers of one log know the same.
 */
export class LogState {
  private readonly heads = new Recent<StreamHead>(HEADS_KEPT);
  private readonly firsts: Recent<number>;
  /** What is greater than these was not remembered, and need not be looked for in memory. */
  private readonly newest = new NewestNames([], LEAST);
  private recordedAtMs = 0;
  private askedStream: string | undefined;
  private askedHead = NO_EVENT;
  private end: number;

  /** @param olderCommands no command that the store alone knows has a higher number */
  constructor(
    private readonly older: OlderEvents,
    private readonly edge: TreeEdge,
    olderCommands = Infinity,
  ) {
    this.end = edge.size;
    this.firsts = new Recent(COMMANDS_KEPT, olderCommands);
  }

  /** The position that the next event gets. */
  get position(): number {
    return this.end;
  }

  root(): ReturnType<TreeEdge['root']> {
    return this.edge.root();
  }

  /**
   * The first `width` hashes of the tile that is not full yet.
   *
   * @throws RangeError if it is another tile, or does not hold that many
   */
  partialTile(level: number, index: number, width: number): Uint8Array {
    if (index !== Math.floor(this.end / TILE_WIDTH ** (level + 1))) {
      throw new RangeError(`There is no tile ${level}/${index} among ${this.end} entries.`);
    }
    return this.edge.tile(level, width);
  }

  headOf(stream: string): StreamHead {
    // A commit asks for the stream that it reads again when it writes.
    if (stream === this.askedStream) return this.askedHead;
    const recent = this.newest.isNew(stream) ? undefined : this.heads.get(stream);
    this.askedHead = recent ?? this.older.headOf(stream) ?? NO_EVENT;
    this.askedStream = stream;
    return this.askedHead;
  }

  known(actor: string, commandId: string): KnownCommand | undefined {
    const first = this.firstOf(actor, commandId);
    if (first === undefined) return undefined;
    const { fingerprint, count } = this.older.entryAt(first);
    return { fingerprint: fingerprint ?? '', first, count };
  }

  /**
   * Answers a commit as the log stands, and hands each event that it adds to `add`; what a commit
   * before it in the same batch has added counts already.
   */
  commit(commit: PreparedCommit, nowMs: number, add: (addition: Addition) => void): CommitOutcome {
    const known = this.known(commit.actor, commit.commandId);
    if (known !== undefined) return { status: 'known', known };
    const changed = commit.reads.find(
      ({ stream, version }) => this.headOf(stream).version + 1 !== version,
    );
    if (changed !== undefined) return { status: 'conflict', stream: changed.stream };
    const first = this.end;
    // A clock that was set back must not make recorded time run backwards.
    const recordedAtMs = Math.max(nowMs, this.recordedAtMs);
    const count = commit.writes.reduce((sum, { events }) => sum + events.length, 0);
    for (const { stream, events } of commit.writes) {
      for (const payload of events) {
        const place = { index: this.end - first, count, recordedAtMs };
        const entry = this.nextEntry(commit, stream, payload, place);
        const bytes = encodeEntry(entry);
        add({ entry, bytes, tiles: this.absorb(entry, bytes) });
      }
    }
    return { status: 'committed', first, count };
  }

  /** Takes in the next event of the log; answers with the tiles that it completes. */
  absorb(entry: Entry, bytes: Uint8Array): readonly CompletedTile[] {
    this.remember(entry);
    this.end += 1;
    return this.edge.append(leafHash(bytes));
  }

  /** Takes in an event whose leaf the tree's edge holds already. */
  remember({ stream, position, version, index, actor, commandId, recordedAtMs }: Entry): void {
    this.askedStream = undefined;
    this.heads.set(stream, { position, version });
    this.newest.note(stream);
    if (index === 0) {
      this.newest.noteCommand(commandId);
      const { name, number } = commandKey(actor, commandId);
      this.firsts.set(name, position, number);
    }
    this.recordedAtMs = recordedAtMs;
  }

  /** The store tells of everything before `before` by now: that need not be kept in memory. */
  forget(before: number): void {
    this.heads.forget(before, this.end);
    this.firsts.forget(before, this.end);
  }

  private firstOf(actor: string, commandId: string): number | undefined {
    const { name, number } = commandKey(actor, commandId);
    const recent = this.newest.isNewCommand(commandId) ? undefined : this.firsts.get(name, number);
    if (recent !== undefined || !this.firsts.mayHaveForgotten(number)) return recent;
    return this.older.firstOf(actor, commandId);
  }

  private nextEntry(
    { actor, commandId, cause, fingerprint }: PreparedCommit,
    stream: string,
    { type, typeVersion, json: payload }: Payload,
    place: Pick<Entry, 'index' | 'count' | 'recordedAtMs'>,
  ): Entry {
    const head = this.headOf(stream);
    return {
      position: this.end,
      previous: head.version < 0 ? null : head.position,
      version: head.version + 1,
      recordedAtMs: place.recordedAtMs,
      commandId,
      index: place.index,
      count: place.count,
      fingerprint: place.index === 0 ? fingerprint : null,
      actor,
      cause: cause ?? null,
      stream,
      type,
      typeVersion,
      payload,
    };
  }
}
