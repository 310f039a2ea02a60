import { leafHash } from '#libs/transparency';
import { commandNumber } from './command-key.js';
import type { Entry } from './entry.js';
import type { Indexed, LogIndex } from './log-index.js';
import type { LogState } from './log-state.js';

/** So many events are gathered before the index is brought up: one write of a page serves many. */
export const INDEX_RUN = 8_192;
/** In one turn of the event loop at most, so that nobody waits for the index. */
const STEP = 192;

/**
 * Moves the heads of streams and the places of commands from a writer's memory into the index, in
 * runs of many events, each one transaction that is filled step by step. Of several writers one
 * fills the index; the others only forget what it tells of.
 */
export class Indexer {
  private tail: Indexed[] = [];
  /** How much of a run is in the index's open transaction, and how long the run is. */
  private done = 0;
  private target = 0;
  /** Events noted since the last step. */
  private noted = 0;

  /**
   * @param mark the first position that the index does not tell of
   * @param entryAt the stored bytes at a position
   */
  constructor(
    private readonly index: LogIndex,
    private readonly state: LogState,
    private readonly entryAt: (position: number) => Uint8Array,
    private mark: number,
  ) {}

  note({ stream, position, version, index, actor, commandId }: Entry): void {
    // Another writer may have indexed what this one has not read yet.
    if (position < this.mark) return;
    this.noted += 1;
    const command = index === 0 ? commandNumber(actor, commandId) : undefined;
    this.tail.push({ stream, position, version, command });
  }

  /** Does a little of what there is to do, and as much as has come since: it never falls behind. */
  step(): void {
    let left = this.noted + STEP;
    this.noted = 0;
    while (left > 0 && (this.target > 0 || this.tail.length >= INDEX_RUN)) {
      if (this.target === 0) this.start(INDEX_RUN);
      const count = Math.min(left, this.target - this.done);
      left -= count;
      this.fill(count);
    }
  }

  /** Brings the index up to the newest event noted. */
  finish(): void {
    if (this.target > 0) this.fill(this.target);
    if (this.tail.length === 0) return;
    this.start(this.tail.length);
    this.fill(this.tail.length);
  }

  /** Takes notice of how far another writer has brought the index. */
  follow(): void {
    const { position } = this.index.mark();
    if (position <= this.mark) return;
    this.index.refresh();
    this.moved(position - this.mark);
  }

  /** Gives up an open run; its events are indexed later. */
  stop(): void {
    this.index.rollback();
    this.done = 0;
    this.target = 0;
  }

  private start(count: number): void {
    this.index.begin();
    this.target = count;
  }

  private fill(count: number): void {
    const until = Math.min(this.done + count, this.target);
    for (const event of this.tail.slice(this.done, until)) this.index.add(event);
    this.done = until;
    if (until < this.target) return;
    const position = this.mark + this.target;
    this.index.commit(position, leafHash(this.entryAt(position - 1)));
    this.moved(this.target);
    this.done = 0;
    this.target = 0;
  }

  private moved(count: number): void {
    this.tail = this.tail.slice(count);
    this.mark += count;
    this.state.forget(this.mark);
  }
}
