import { encodeEntry, type Entry } from './entry.js';
import type { Payload, PreparedCommit } from './event-codec.js';
import type { CommitOutcome, KnownCommand } from './event-log.js';
import type { LogState, StreamHead } from './log-state.js';

/** An event as it is to be stored. */
export interface Planned {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
}

/** What a commit is answered with, once its events are stored. */
export interface PlannedCommit {
  readonly outcome: CommitOutcome;
  readonly added: readonly Planned[];
}

/**
 * 提交计划: commits as they would be answered and stored on top of a log, one after the other,
 * while the log's own state stays as it is: for a store that hears only later what has become of it.
 */
export class BatchPlan {
  private readonly heads = new Map<string, StreamHead>();
  private readonly commands = new Map<string, KnownCommand>();
  private end: number;

  /** @param recordedAtMs of the log's newest event */
  constructor(
    private readonly state: LogState,
    private recordedAtMs: number,
  ) {
    this.end = state.position;
  }

  add(commit: PreparedCommit, nowMs: number): PlannedCommit {
    const { actor, commandId, fingerprint } = commit;
    const key = `${actor}\n${commandId}`;
    const known = this.commands.get(key) ?? this.state.known(actor, commandId);
    if (known !== undefined) return { outcome: { status: 'known', known }, added: [] };
    const changed = commit.reads.find(
      ({ stream, version }) => this.headOf(stream).version + 1 !== version,
    );
    if (changed !== undefined) {
      return { outcome: { status: 'conflict', stream: changed.stream }, added: [] };
    }
    const first = this.end;
    const count = commit.writes.reduce((sum, { events }) => sum + events.length, 0);
    // A clock that was set back must not make recorded time run backwards.
    this.recordedAtMs = Math.max(nowMs, this.recordedAtMs);
    const added = commit.writes.flatMap(({ stream, events }) =>
      events.map((payload) => this.entryOf(commit, stream, payload, { first, count })),
    );
    this.commands.set(key, { fingerprint, first, count });
    return { outcome: { status: 'committed', first, count }, added };
  }

  private headOf(stream: string): StreamHead {
    return this.heads.get(stream) ?? this.state.headOf(stream);
  }

  private entryOf(
    { actor, commandId, cause, fingerprint }: PreparedCommit,
    stream: string,
    { type, typeVersion, json: payload }: Payload,
    { first, count }: { readonly first: number; readonly count: number },
  ): Planned {
    const head = this.headOf(stream);
    const position = this.end;
    const entry: Entry = {
      position,
      previous: head.version < 0 ? null : head.position,
      version: head.version + 1,
      recordedAtMs: this.recordedAtMs,
      commandId,
      index: position - first,
      count,
      fingerprint: position === first ? fingerprint : null,
      actor,
      cause: cause ?? null,
      stream,
      type,
      typeVersion,
      payload,
    };
    this.end += 1;
    this.heads.set(stream, { position, version: entry.version });
    return { entry, bytes: encodeEntry(entry) };
  }
}
