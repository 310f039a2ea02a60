import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Recorded } from '#libs/event';
import { checkedCommit, decodeEntry, encodeEntry } from './event-codec.js';
import type { Commit, CommitOutcome, EventLog, KnownCommand } from './event-log.js';
import { LogDamaged } from './faults.js';
import { groupCommit } from './group-commit.js';
import type { LogOptions } from './memory-log.js';
import { changedStream, entriesOf, type LogHead } from './recording.js';
import { lockFile } from './sqlite-lock.js';
import { openLogFile } from './sqlite-schema.js';

interface EntryRow {
  readonly position: number;
  readonly entry: string;
}

/**
 * The embedded event log: `DIR/log.db`, one writing process at a time.
 *
 * @throws DataDirInUse when another process has it open
 * @throws LogDamaged when its format is unknown or its positions have a gap
 */
export function openSqliteLog(dir: string, options: LogOptions): EventLog {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const unlock = lockFile(join(dir, 'lock.db'));
  try {
    return new SqliteLog(openLogFile(join(dir, 'log.db')), unlock, options);
  } catch (error) {
    unlock();
    throw error;
  }
}

class SqliteLog implements EventLog {
  readonly origin: string;
  private readonly statements;
  private readonly listeners = new Set<() => void>();
  private readonly group = groupCommit((batch) => this.flush(batch));
  private last: LogHead;

  constructor(
    private readonly db: DatabaseSync,
    private readonly unlock: () => void,
    private readonly options: LogOptions,
  ) {
    this.origin = options.origin;
    this.statements = prepare(db);
    this.last = this.findHead();
  }

  async head(): Promise<number> {
    return this.last.position;
  }

  async read(from: number, limit: number): Promise<readonly Recorded[]> {
    const entries = this.decode(this.statements.read.all(from, limit));
    // Positions are dense: anything else means that the file was changed from outside.
    if (entries.some(({ position }, index) => position !== from + index)) {
      throw new LogDamaged(`${this.origin} has a gap after position ${from}`);
    }
    return entries;
  }

  async readStream(stream: string): Promise<readonly Recorded[]> {
    const entries = this.decode(this.statements.stream.all(stream));
    if (entries.some((entry, index) => entry.stream !== stream || entry.version !== index)) {
      throw new LogDamaged(`${this.origin} has a gap in ${stream}`);
    }
    return entries;
  }

  async command(actor: string, commandId: string): Promise<KnownCommand | undefined> {
    return this.known(actor, commandId);
  }

  async append(commit: Commit): Promise<CommitOutcome> {
    return this.group.append(checkedCommit(this.options.events, commit));
  }

  onAppended(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.group.drain();
    this.listeners.clear();
    this.db.close();
    this.unlock();
  }

  private flush(batch: readonly Commit[]): readonly CommitOutcome[] {
    const before = this.last;
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const outcomes = batch.map((commit) => this.commitOne(commit));
      this.db.exec('COMMIT');
      if (this.last !== before) queueMicrotask(() => this.notify());
      return outcomes;
    } catch (error) {
      this.last = before;
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  private commitOne(commit: Commit): CommitOutcome {
    const known = this.known(commit.actor, commit.commandId);
    if (known !== undefined) return { status: 'known', known };
    const versionOf = (stream: string): number => this.version(stream);
    const changed = changedStream(commit, versionOf);
    if (changed !== undefined) return { status: 'conflict', stream: changed };
    const entries = entriesOf(commit, this.last, this.options.now(), versionOf);
    for (const entry of entries) {
      const text = encodeEntry(entry);
      this.statements.addEvent.run(entry.position, entry.stream, entry.version, text);
    }
    const done = { first: this.last.position, count: entries.length };
    const { commandId, actor, requestHash } = commit;
    this.statements.addCommand.run(commandId, actor, requestHash, done.first, done.count);
    this.last = {
      origin: this.origin,
      position: done.first + done.count,
      recordedAt: entries.at(-1)?.recordedAt ?? this.last.recordedAt,
    };
    return { status: 'committed', ...done };
  }

  private known(actor: string, commandId: string): KnownCommand | undefined {
    return this.statements.command.get(commandId, actor) as KnownCommand | undefined;
  }

  private version(stream: string): number {
    return (this.statements.version.get(stream) as { version: number }).version;
  }

  private decode(rows: readonly unknown[]): readonly Recorded[] {
    const entries = rows as readonly EntryRow[];
    return entries.map(({ position, entry }) => decodeEntry(this.options.events, position, entry));
  }

  private findHead(): LogHead {
    const { last, count } = this.statements.extent.get() as { last: number; count: number };
    if (last + 1 !== count) throw new LogDamaged(`${this.origin} has gaps in its positions`);
    const [newest] = this.decode(this.statements.read.all(last, 1));
    return { origin: this.origin, position: count, recordedAt: newest?.recordedAt ?? '' };
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}

function prepare(db: DatabaseSync) {
  return {
    read: db.prepare(
      'SELECT position, entry FROM event WHERE position >= ? ORDER BY position LIMIT ?',
    ),
    stream: db.prepare('SELECT position, entry FROM event WHERE stream = ? ORDER BY version'),
    version: db.prepare(
      'SELECT coalesce(max(version) + 1, 0) AS version FROM event WHERE stream = ?',
    ),
    extent: db.prepare('SELECT coalesce(max(position), -1) AS last, count(*) AS count FROM event'),
    addEvent: db.prepare(
      'INSERT INTO event (position, stream, version, entry) VALUES (?, ?, ?, ?)',
    ),
    command: db.prepare(
      'SELECT request_hash AS requestHash, first, count FROM command WHERE id = ? AND actor = ?',
    ),
    addCommand: db.prepare(
      'INSERT INTO command (id, actor, request_hash, first, count) VALUES (?, ?, ?, ?, ?)',
    ),
  };
}
