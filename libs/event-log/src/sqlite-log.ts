import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DomainEvent, Recorded } from '#libs/event';
import { type Cancel, type Scheduler, SystemClock } from '#libs/scheduler';
import { HASH_BYTES } from '#libs/transparency';
import { decodeEntry, decodeEntryOnly, decodeStreamEntry, type StreamEntry } from './entry.js';
import {
  eventsOf,
  prepare,
  type PreparedCommit,
  readRecorded,
  recordedAll,
} from './event-codec.js';
import type { Commit, CommitOutcome, EventLog, KnownCommand } from './event-log.js';
import { LogDamaged, LogReadOnly } from './faults.js';
import { followBack } from './follow-back.js';
import { type GroupCommit, groupCommit } from './group-commit.js';
import { brokenCommitment } from './held-to-committed.js';
import { type Lease, openLease } from './lease.js';
import type { Committed } from './log-signer.js';
import { type LogFile, openLogFile, STORE_FORMAT } from './log-file.js';
import { type LogIndex, openLogIndex } from './log-index.js';
import type { LogOptions } from './memory-log.js';
import { closedLogState, type Memory, openLogState } from './open-log-state.js';
import { failedAs } from './sqlite-errors.js';

export interface SqliteLogOptions extends LogOptions {
  /** Called before each commit to disk: what its events depend on must be durable by then. */
  readonly beforeCommit?: () => void;
  /** What the log has signed last: it must hold that still, or it is opened read-only. */
  readonly committed?: Committed;
  /** Who waits for it; the machine's timers unless told. */
  readonly scheduler?: Scheduler;
  /** How often commits of other processes are looked for; 50 unless told. */
  readonly heartbeatMs?: number;
  /** Hears of what failed aside from any command, and is tried again. */
  readonly onFault?: (error: unknown) => void;
}

const HEARTBEAT_MS = 50;
const CATCH_UP = 1_000;

/**
 * The embedded event log in `DIR/log.db`; several processes may write it at once.
 *
 * @throws LogDamaged when the file is no event log
 */
export function openSqliteLog(dir: string, options: SqliteLogOptions): SqliteLog {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const opened: { close(): void }[] = [];
  try {
    const file = openLogFile(join(dir, 'log.db'), { readOnly: false });
    opened.push(file);
    const index = openLogIndex(join(dir, 'index.db'));
    opened.push(index);
    const lease = openLease(dir);
    opened.push({ close: () => lease.release() });
    return new SqliteLog(file, index, lease, options);
  } catch (error) {
    for (const each of opened) each.close();
    throw error;
  }
}

export class SqliteLog implements EventLog {
  readonly origin: string;
  readonly #group: GroupCommit<PreparedCommit, CommitOutcome>;
  readonly #listeners = new Set<() => void>();
  readonly #stopBeating: Cancel;
  #memory: Memory;
  #readOnly: string | undefined;

  constructor(
    private readonly file: LogFile,
    private readonly index: LogIndex,
    private readonly lease: Lease,
    private readonly options: SqliteLogOptions,
  ) {
    this.origin = options.origin;
    this.#memory = this.#load();
    if (options.committed !== undefined && this.#readOnly === undefined) {
      const { position } = this.#memory.state;
      this.#readOnly = brokenCommitment(file, position, options.committed);
    }
    const { scheduler = new SystemClock(), heartbeatMs = HEARTBEAT_MS } = options;
    this.#group = groupCommit(this.origin, (batch) => this.#flush(batch), scheduler);
    this.#stopBeating = scheduler.every(heartbeatMs, () => this.#beat());
  }

  get readOnly(): string | undefined {
    return this.#readOnly;
  }

  /** Whether this process is the one that keeps the log: it indexes, and may sign. */
  get leads(): boolean {
    return this.lease.isHeld;
  }

  /** From now on nothing is recorded. */
  closeForWriting(reason: string): void {
    this.#readOnly ??= reason;
  }

  async head(): Promise<number> {
    return this.#head();
  }

  async read(from: number, limit: number): Promise<readonly Recorded[]> {
    const { origin, events } = this.options;
    return readRecorded(origin, events, from, this.#range(from, limit));
  }

  async entries(from: number, limit: number): Promise<readonly Uint8Array[]> {
    return this.#range(from, limit);
  }

  async tile(level: number, index: number, width: number): Promise<Uint8Array> {
    const stored = this.file.tile(level, index);
    if (stored !== undefined) return stored.subarray(0, width * HASH_BYTES);
    return this.#memory.state.partialTile(level, index, width);
  }

  async readStream(stream: string, before = Infinity): Promise<readonly Recorded[]> {
    const { origin, events } = this.options;
    const entries = this.#chain(stream, decodeEntryOnly);
    return recordedAll(
      origin,
      events,
      entries.filter(({ position }) => position < before),
    );
  }

  async streamEvents(stream: string): Promise<readonly DomainEvent[]> {
    const { events } = this.options;
    return eventsOf(events, this.#chain(stream, decodeStreamEntry));
  }

  async command(actor: string, commandId: string): Promise<KnownCommand | undefined> {
    return this.#memory.state.known(actor, commandId);
  }

  async append(commit: Commit): Promise<CommitOutcome> {
    if (this.#readOnly !== undefined) throw new LogReadOnly(this.origin, this.#readOnly);
    return this.#group.append(prepare(this.options.events, commit));
  }

  onAppended(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when all that was asked for is answered; from then on nothing is recorded. */
  async drain(): Promise<void> {
    await this.#group.drain();
  }

  async close(): Promise<void> {
    await this.drain();
    this.#stopBeating();
    this.#listeners.clear();
    this.#memory.indexer.stop();
    this.index.close();
    this.file.close();
    this.lease.release();
  }

  #head(): number {
    return this.#readOnly === undefined ? this.#memory.state.position : this.file.head();
  }

  #range(from: number, limit: number): readonly Uint8Array[] {
    const to = Math.min(from + limit, this.#head());
    const entries = this.file.range(from, to);
    // Positions are dense: anything else means that the file was changed from outside.
    if (entries.length < to - from) {
      throw new LogDamaged(`${this.origin} has a gap after position ${from}`);
    }
    return entries;
  }

  /** A stream from its first event to its newest; each names the one before it. */
  #chain<Fields extends StreamEntry>(
    stream: string,
    decode: (position: number, bytes: Uint8Array) => Fields,
  ): readonly Fields[] {
    const head = this.#memory.state.headOf(stream);
    if (head.version < 0) return [];
    const entries = followBack(this.file, head.position, decode).reverse();
    const isWhole = entries.every(
      (entry, version) => entry.stream === stream && entry.version === version,
    );
    if (entries.length === head.version + 1 && isWhole) return entries;
    throw new LogDamaged(`${this.origin} has a gap in ${stream} before entry ${head.position}`);
  }

  #flush(batch: readonly PreparedCommit[]): readonly CommitOutcome[] | undefined {
    this.#refuseIfReadOnly();
    this.options.beforeCommit?.();
    if (!this.file.begin()) return undefined;
    const before = this.#memory.state.position;
    try {
      this.#absorbOthers();
      const nowMs = Date.parse(this.options.now());
      const outcomes = batch.map((commit) => this.#commit(commit, nowMs));
      this.file.commit();
      if (this.#memory.state.position > before) queueMicrotask(() => this.#notify());
      this.#stepIndex();
      return outcomes;
    } catch (error) {
      this.#recover(error);
      throw error;
    }
  }

  #commit(commit: PreparedCommit, nowMs: number): CommitOutcome {
    const { state, indexer } = this.#memory;
    return state.commit(commit, nowMs, ({ entry, bytes, tiles }) => {
      this.file.addEntry(entry.position, entry.previous, bytes);
      for (const tile of tiles) this.file.addTile(tile);
      indexer.note(entry);
    });
  }

  /** Takes in what other processes have committed since this one last looked. */
  #absorbOthers(): boolean {
    const { state, indexer } = this.#memory;
    const from = state.position;
    const head = this.file.head();
    if (head < from) throw new LogDamaged(`${this.origin} has lost events while it was in use`);
    while (state.position < head) {
      for (const [position, bytes] of this.file.page(state.position, CATCH_UP)) {
        if (position !== state.position) {
          throw new LogDamaged(`${this.origin} has a gap before position ${position}`);
        }
        const entry = decodeEntry(position, bytes);
        state.absorb(entry, bytes);
        indexer.note(entry);
      }
    }
    return head > from;
  }

  /** What was counted in memory may not have reached the disk: memory is read anew. */
  #recover(error: unknown): void {
    this.file.rollback();
    this.#memory.indexer.stop();
    if (failedAs('io', error)) this.closeForWriting('its disk failed: see to it, then restart');
    if (error instanceof LogDamaged) this.closeForWriting(error.message);
    this.#memory = this.#load();
  }

  #load(): Memory {
    try {
      if (this.file.format > STORE_FORMAT) {
        throw new LogDamaged(
          `it has store format ${this.file.format}, this version writes ${STORE_FORMAT}; ` +
            'run the version that wrote it',
        );
      }
      return openLogState(this.file, this.index, this.lease.isHeld);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      this.closeForWriting(error.message);
      const fault = new LogReadOnly(this.origin, error.message);
      return closedLogState(this.file, this.index, fault);
    }
  }

  #beat(): void {
    try {
      if (this.#readOnly !== undefined) return;
      if (this.#absorbOthers()) this.#notify();
      if (this.lease.tryToHold()) this.#memory.indexer.follow();
      this.#stepIndex();
    } catch (error) {
      if (error instanceof LogDamaged) this.closeForWriting(error.message);
      this.options.onFault?.(error);
    }
  }

  /** The index may fail, for want of space, say: what it lacks stays in memory until it is there. */
  #stepIndex(): void {
    const { indexer } = this.#memory;
    try {
      if (this.lease.isHeld) indexer.step();
      else indexer.follow();
    } catch (error) {
      indexer.stop();
      this.options.onFault?.(error);
    }
  }

  #refuseIfReadOnly(): void {
    if (this.#readOnly !== undefined) throw new LogReadOnly(this.origin, this.#readOnly);
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
