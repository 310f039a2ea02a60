import type { PreparedCommit } from './event-codec.js';
import type { CommitOutcome } from './event-log.js';
import { EventTooLarge, LogBusy } from './faults.js';
import { QUEUE_MAX } from './group-commit.js';

/** A commit that waits, and how to answer it. */
export interface WaitingCommit {
  readonly commit: PreparedCommit;
  readonly bytes: number;
  readonly answer: (outcome: CommitOutcome) => void;
  readonly refuse: (error: unknown) => void;
}

/**
 * Commits in one request: more save little, and who loses against another writer repeats them all.
 * FerretDB keeps the order of an insert within 100 documents only.
 */
const BATCH_MAX = 100;
/** Of payloads in one request; a server takes 48 MB, and others want to be served meanwhile. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** Of one command: a document may have 16 MiB, and its entries say more than their payloads. */
const COMMIT_BYTES_MAX = 8 * 1024 * 1024;
/** About what an entry says beside its payload. */
const NAMES_BYTES = 300;
const RETRY_AFTER_MS = 500;

/**
 * Gathers commits while the ones before are on their way to the server, so that the next request
 * takes along all that has come meanwhile. One is on its way at a time: a commit is sent only on top
 * of what is known to stay.
 */
export class WaitingCommits {
  private readonly waiting: WaitingCommit[] = [];
  private working: Promise<void> | undefined;
  private isClosed = false;

  /** @param flush answers or refuses every commit that it is given */
  constructor(
    private readonly origin: string,
    private readonly flush: (batch: readonly WaitingCommit[]) => Promise<void>,
  ) {}

  append(commit: PreparedCommit): Promise<CommitOutcome> {
    if (this.isClosed) return Promise.reject(new Error(`${this.origin} is closed`));
    if (this.waiting.length >= QUEUE_MAX) {
      return Promise.reject(new LogBusy(this.origin, RETRY_AFTER_MS));
    }
    const bytes = sizeOf(commit);
    if (bytes > COMMIT_BYTES_MAX) {
      return Promise.reject(new EventTooLarge('a command', bytes, COMMIT_BYTES_MAX));
    }
    return new Promise((answer, refuse) => {
      this.waiting.push({ commit, bytes, answer, refuse });
      this.working ??= this.work();
    });
  }

  /** Resolves when all that was asked for is answered; nothing more is taken. */
  async drain(): Promise<void> {
    this.isClosed = true;
    await this.working;
  }

  private async work(): Promise<void> {
    // What is asked for in this turn goes together.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.next();
      try {
        await this.flush(batch);
      } catch (error) {
        for (const { refuse } of batch) refuse(error);
      }
    }
    this.working = undefined;
  }

  private next(): readonly WaitingCommit[] {
    let bytes = 0;
    const fits = this.waiting.slice(0, BATCH_MAX).findIndex((each, at) => {
      bytes += each.bytes;
      return at > 0 && bytes > BATCH_BYTES;
    });
    return this.waiting.splice(0, fits < 0 ? BATCH_MAX : fits);
  }
}

/** An upper bound, of one that may be exact where it matters: a character has at most three bytes. */
function sizeOf({ writes }: PreparedCommit): number {
  const payloads = writes.flatMap(({ events }) => events.map(({ json }) => json));
  const sum = (bytesOf: (json: string) => number): number =>
    payloads.reduce((total, json) => total + bytesOf(json) + NAMES_BYTES, 0);
  const bound = sum((json) => json.length * 3);
  return bound > BATCH_BYTES ? sum((json) => Buffer.byteLength(json)) : bound;
}
