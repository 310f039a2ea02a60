import type { DomainEvent, Recorded } from '#libs/event';

/** 提交: what one command asks to be recorded, all of it or nothing. */
export interface Commit {
  /** UUID, unique per actor: a second commit with it changes nothing. */
  readonly commandId: string;
  readonly actor: string;
  /** Hash of the command's content, so that an id is not used for two different commands. */
  readonly requestHash: string;
  readonly cause?: string;
  /** Streams that the decision read, with the number of events each had. */
  readonly reads: readonly { readonly stream: string; readonly version: number }[];
  readonly writes: readonly { readonly stream: string; readonly events: readonly DomainEvent[] }[];
}

export interface KnownCommand {
  readonly requestHash: string;
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
  /** The number of events: the position that the next one gets. */
  head(): Promise<number>;
  /** Events from position `from` on, at most `limit`, in commit order. */
  read(from: number, limit: number): Promise<readonly Recorded[]>;
  /** Calls `listener` after events were committed; returns how to stop that. */
  onAppended(listener: () => void): () => void;
}

/** 事件日志: one service's events in commit order; positions from 0 without gaps. */
export interface EventLog extends EventFeed {
  /** Resolves when the events are durable. */
  append(commit: Commit): Promise<CommitOutcome>;
  command(actor: string, commandId: string): Promise<KnownCommand | undefined>;
  readStream(stream: string): Promise<readonly Recorded[]>;
  close(): Promise<void>;
}
