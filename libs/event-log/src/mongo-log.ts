import type { DomainEvent, Recorded } from '#libs/event';
import { type Mongo, ServerLease } from '#libs/mongo';
import { type Cancel, type Scheduler, SystemClock } from '#libs/scheduler';
import { HASH_BYTES, rootAt, TILE_WIDTH } from '#libs/transparency';
import { decodeEntryOnly, type StoredEntry } from './entry.js';
import { prepare, readRecorded, recordedAll } from './event-codec.js';
import type { Commit, CommitOutcome, EventLog, KnownCommand } from './event-log.js';
import { LogDamaged, LogReadOnly, UnknownFormat } from './faults.js';
import type { Committed } from './log-signer.js';
import type { LogOptions } from './memory-log.js';
import { MongoCommitter, takeInNewer } from './mongo-committer.js';
import { MongoLogFile } from './mongo-log-file.js';
import { type MongoState, openMongoState } from './mongo-state.js';
import { MongoTree } from './mongo-tree.js';
import { WaitingCommits } from './waiting-commits.js';

export interface MongoLogOptions extends LogOptions {
  /** Awaited before each commit: what its events depend on must be durable by then. */
  readonly beforeCommit?: () => void | Promise<void>;
  /** What the log has signed last: it must hold that still, or it is opened read-only. */
  readonly committed?: () => Promise<Committed | undefined>;
  /** Who waits for it; the machine's timers unless told. */
  readonly scheduler?: Scheduler;
  /** How often commits of other processes are looked for; 250 unless told. */
  readonly heartbeatMs?: number;
  /** Awaited before anything is read or written. */
  readonly after?: Promise<void>;
  /** Hears of what failed aside from any command, and is tried again. */
  readonly onFault?: (error: unknown) => void;
}

/** Where a log in MongoDB is. */
export interface MongoPlace {
  readonly mongo: Mongo;
  /** The name of its database, which is its own. */
  readonly database: string;
}

const HEARTBEAT_MS = 250;

/**
 * The event log in a database of MongoDB; several processes may write it at once. It answers as
 * soon as it is opened: each call waits until what it needs is read.
 */
export function openMongoLog(place: MongoPlace, options: MongoLogOptions): MongoLog {
  return new MongoLog(place, options);
}

export class MongoLog implements EventLog {
  readonly origin: string;
  /** Resolves when it was read, or is known to be unfit to be written. */
  readonly opened: Promise<void>;
  readonly file: MongoLogFile;
  private readonly tree: MongoTree;
  private readonly lease: ServerLease;
  private readonly group: WaitingCommits;
  private readonly scheduler: Scheduler;
  private readonly listeners = new Set<() => void>();
  private readonly stopBeating: Cancel;
  private memory: MongoState | undefined;
  private reason: string | undefined;
  /** One at a time moves what is in memory. */
  private turn: Promise<unknown> = Promise.resolve();
  private isClosing = false;
  private isBeating = false;

  constructor(
    { mongo, database }: MongoPlace,
    private readonly options: MongoLogOptions,
  ) {
    this.origin = options.origin;
    this.scheduler = options.scheduler ?? new SystemClock();
    this.file = new MongoLogFile(mongo.database(database));
    this.tree = new MongoTree(this.file);
    const { scheduler } = this;
    this.lease = new ServerLease(mongo, this.file.database, { name: 'signing', scheduler });
    const committer = new MongoCommitter(this.file, this.tree, { ...options, scheduler });
    this.group = new WaitingCommits(this.origin, (batch) =>
      this.alone(async () => {
        const memory = this.mustWrite();
        const before = memory.position;
        try {
          await committer.commit(memory, batch, () => this.mustWrite());
        } finally {
          if (memory.position > before) queueMicrotask(() => this.notify());
        }
      }),
    );
    this.opened = this.open();
    // Whoever asks hears of it; nobody may.
    this.opened.catch(() => undefined);
    this.stopBeating = scheduler.every(options.heartbeatMs ?? HEARTBEAT_MS, () => this.beat());
  }

  get readOnly(): string | undefined {
    return this.reason;
  }

  /** Whether this process is the one that signs. */
  get leads(): boolean {
    return this.lease.isHeld;
  }

  /** Takes over from a process that has ended, if there is one. */
  async tryToLead(): Promise<boolean> {
    return this.lease.tryToHold();
  }

  /** From now on nothing is recorded. */
  closeForWriting(reason: string): void {
    this.reason ??= reason;
  }

  async head(): Promise<number> {
    await this.opened;
    return this.memory?.position ?? (await this.file.newest())?.end ?? 0;
  }

  async read(from: number, limit: number): Promise<readonly Recorded[]> {
    const { origin, events } = this.options;
    return readRecorded(origin, events, from, await this.range(from, limit));
  }

  async entries(from: number, limit: number): Promise<readonly Uint8Array[]> {
    return this.range(from, limit);
  }

  async tile(level: number, index: number, width: number): Promise<Uint8Array> {
    const head = await this.head();
    const isFull = index < Math.floor(head / TILE_WIDTH ** (level + 1));
    if (!isFull) return this.mustKnow().state.partialTile(level, index, width);
    return (await this.tree.tile(level, index)).subarray(0, width * HASH_BYTES);
  }

  async readStream(stream: string, before = Infinity): Promise<readonly Recorded[]> {
    const { origin, events } = this.options;
    const entries = await this.stream(stream);
    return recordedAll(
      origin,
      events,
      entries.filter(({ position }) => position < before),
    );
  }

  async streamEvents(stream: string): Promise<readonly DomainEvent[]> {
    return (await this.readStream(stream)).map(({ event }) => event);
  }

  async command(actor: string, commandId: string): Promise<KnownCommand | undefined> {
    await this.opened;
    return this.mustKnow().known(actor, commandId);
  }

  async append(commit: Commit): Promise<CommitOutcome> {
    const prepared = prepare(this.options.events, commit);
    await this.opened;
    this.mustWrite();
    return this.group.append(prepared);
  }

  onAppended(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when every full tile is stored. */
  async tilesSaved(): Promise<void> {
    await this.tree.saved();
  }

  /** Resolves when all that was asked for is answered; from then on nothing is recorded. */
  async drain(): Promise<void> {
    await this.opened.catch(() => undefined);
    await this.group.drain();
  }

  async close(): Promise<void> {
    await this.drain();
    this.isClosing = true;
    this.stopBeating();
    this.listeners.clear();
    await this.turn;
    await this.tree.saved().catch((error: unknown) => this.options.onFault?.(error));
    await this.lease.release().catch((error: unknown) => this.options.onFault?.(error));
  }

  private async open(): Promise<void> {
    try {
      await this.options.after;
      await this.file.prepare(this.origin);
      const memory = await openMongoState(this.file, (size) => this.tree.edge(size));
      this.memory = memory;
      const committed = await this.options.committed?.();
      if (committed !== undefined) this.reason ??= await this.brokenCommitment(memory, committed);
      await this.lease.tryToHold();
    } catch (error) {
      if (!(error instanceof LogDamaged || error instanceof UnknownFormat)) throw error;
      this.memory = undefined;
      this.closeForWriting(error.message);
    }
  }

  /** Why the log may not go on from what it has signed; undefined when it may. */
  private async brokenCommitment(
    { position }: MongoState,
    { size, root }: Committed,
  ): Promise<string | undefined> {
    if (position < size) {
      return `it ends at ${position} events, but has signed ${size}: put back the newer database`;
    }
    const reader = {
      tile: async (level: number, index: number, width: number): Promise<Uint8Array> => {
        const isFull = index < Math.floor(position / TILE_WIDTH ** (level + 1));
        if (!isFull) return this.mustKnow().state.partialTile(level, index, width);
        return (await this.tree.tile(level, index)).subarray(0, width * HASH_BYTES);
      },
    };
    if ((await rootAt(size, reader)) === root) return undefined;
    return `its first ${size} events are not those that it has signed: verify an export of it`;
  }

  private async range(from: number, limit: number): Promise<readonly Uint8Array[]> {
    const to = Math.min(from + limit, await this.head());
    if (to <= from) return [];
    const entries = this.memory?.tail.range(from, to) ?? (await this.file.range(from, to));
    // Positions are dense: anything else means that the database was changed from outside.
    if (entries.length === to - from) return entries;
    throw new LogDamaged(`${this.origin} has a gap after position ${from}`);
  }

  private async stream(stream: string): Promise<readonly StoredEntry[]> {
    await this.opened;
    const memory = this.mustKnow();
    const head = memory.headInMemory(stream);
    if (head !== undefined && head.version < 0) return [];
    const kept = head && memory.tail.stream(head.position);
    const entries = kept ?? (await this.storedStream(stream));
    const isWhole = entries.every((entry, at) => entry.stream === stream && entry.version === at);
    if (isWhole && entries.length > (head?.version ?? -1)) return entries;
    throw new LogDamaged(`${this.origin} has a gap in ${stream}`);
  }

  private async storedStream(stream: string): Promise<readonly StoredEntry[]> {
    const commits = await this.file.ofStream(stream);
    return commits.flatMap(({ end, entries }) =>
      entries
        .map((bytes, at) => decodeEntryOnly(end - entries.length + at, bytes))
        .filter((entry) => entry.stream === stream),
    );
  }

  private mustKnow(): MongoState {
    if (this.memory !== undefined) return this.memory;
    throw new LogReadOnly(this.origin, this.reason ?? 'it could not be read');
  }

  private mustWrite(): MongoState {
    if (this.reason !== undefined) throw new LogReadOnly(this.origin, this.reason);
    return this.mustKnow();
  }

  /** Runs `work` once nobody else moves what is in memory. */
  private alone<Done>(work: () => Promise<Done>): Promise<Done> {
    const done = this.turn.then(work);
    this.turn = done.catch((error: unknown) => {
      if (error instanceof LogDamaged) this.closeForWriting(error.message);
    });
    return done;
  }

  private beat(): void {
    if (this.isClosing || this.isBeating || this.memory === undefined) return;
    if (this.reason !== undefined) return;
    this.isBeating = true;
    this.alone(async () => {
      if (await this.takeInOthers()) this.notify();
    })
      .catch((error: unknown) => this.options.onFault?.(error))
      .finally(() => {
        this.isBeating = false;
      });
  }

  private async takeInOthers(): Promise<boolean> {
    const memory = this.mustKnow();
    const before = memory.position;
    this.tree.save(await takeInNewer(this.file, memory));
    return memory.position > before;
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}
