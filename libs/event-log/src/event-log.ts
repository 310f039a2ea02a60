import type { DomainEvent, Recorded } from '#libs/event';
import type { TileReader } from '#libs/transparency';

/** 提交: what one command asks to be recorded, all of it or nothing; at least one event. */
export interface Commit {
  /** UUID, unique per actor: a second commit with it changes nothing. */
  readonly commandId: string;
  readonly actor: string;
  /** Of the request, 16 bytes in base64url: an id must not stand for two different commands. */
  readonly fingerprint: string;
  readonly cause?: string;
  /** Streams that the decision read, with the number of events each had. */
  readonly reads: readonly { readonly stream: string; readonly version: number }[];
  readonly writes: readonly { readonly stream: string; readonly events: readonly DomainEvent[] }[];
}

export interface KnownCommand {
  readonly fingerprint: string;
  readonly first: number;
  readonly count: number;
}

export type CommitOutcome =
  | { readonly status: 'committed'; readonly first: number; readonly count: number }
  /** A stream has changed since it was read: read again and decide again. */
  | { readonly status: 'conflict'; readonly stream: string }
  /** The command id was committed before. */
  | { readonly status: 'known'; readonly known: KnownCommand };

/** What a consumer reads of another service: in process the log itself. */
export interface EventFeed {
  readonly origin: string;
  /** Why nothing can be recorded; undefined when it can. */
  readonly readOnly?: string | undefined;
  /** The number of events: the position that the next one gets. */
  head(): Promise<number>;
  /** Events from position `from` on, at most `limit`, in commit order. */
  read(from: number, limit: number): Promise<readonly Recorded[]>;
  /** Calls `listener` after events were committed; returns how to stop that. */
  onAppended(listener: () => void): () => void;
}

/** What a proof is made of: the stored entries and the hashes of the tree over them. */
export interface ProvableLog extends TileReader {
  readonly origin: string;
  head(): Promise<number>;
  /** Stored entries (leaf format 1) from position `from` on, at most `limit`. */
  entries(from: number, limit: number): Promise<readonly Uint8Array[]>;
}

/** 事件日志: one service's events in commit order; positions from 0 without gaps. */
export interface EventLog extends EventFeed, ProvableLog {
  /** Why nothing can be recorded; undefined when it can. */
  readonly readOnly: string | undefined;
  /**
   * Resolves when the events are durable.
   *
   * @throws LogReadOnly, LogBusy, EventTooLarge, UnknownEvent; then nothing of it was recorded
   */
  append(commit: Commit): Promise<CommitOutcome>;
  command(actor: string, commandId: string): Promise<KnownCommand | undefined>;
  /** A stream's events in its order; those before position `before` only, if given. */
  readStream(stream: string, before?: number): Promise<readonly Recorded[]>;
  /** The same events without where, when and by whom: what a decision folds. */
  streamEvents(stream: string): Promise<readonly DomainEvent[]>;
  close(): Promise<void>;
}
