import { leafHash } from '#libs/transparency';
import { commandKey } from './command-key.js';
import type { Entry } from './entry.js';
import type { IndexedCommand, IndexedHead, LogIndex } from './log-index.js';
import type { LogState } from './log-state.js';
import { firstBits, UUID_CHARS } from './uuid-bytes.js';

/** So many events are gathered before the index is brought up: one write of a page serves many. */
export const INDEX_RUN = 8_192;
/** Rows in one turn of the event loop at most, so that nobody waits for the index. */
const STEP = 384;
/** An event adds two at most: the head of its stream, and its command. */
const ROWS_MAX = 2;

/** One event as it waits for the index; `number` is its command's, if it is the first of that. */
interface Waiting extends IndexedHead {
  readonly number: number | undefined;
}

/** A run of events, as the rows that the index gets of it, and how many of them it has. */
interface Run {
  readonly events: number;
  readonly heads: readonly IndexedHead[];
  readonly commands: readonly IndexedCommand[];
  done: number;
}

/**
 * Moves the heads of streams and the places of commands from a writer's memory into the index, in
 * runs of many events, each one transaction that is filled step by step. Of several writers one
 * fills the index; the others only forget what it tells of.
 */
export class Indexer {
  private tail: Waiting[] = [];
  /** What the index's open transaction is filled with. */
  private run: Run | undefined;
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
    const number = index === 0 ? commandKey(actor, commandId).number : undefined;
    this.tail.push({ stream, position, version, number });
  }

  /** Does a little of what there is to do, and as much as has come since: it never falls behind. */
  step(): void {
    let left = this.noted * ROWS_MAX + STEP;
    this.noted = 0;
    while (left > 0 && (this.run !== undefined || this.tail.length >= INDEX_RUN)) {
      left -= this.fill(this.run ?? this.start(INDEX_RUN), left);
    }
  }

  /** Brings the index up to the newest event noted. */
  finish(): void {
    if (this.run !== undefined) this.fill(this.run, Infinity);
    if (this.tail.length > 0) this.fill(this.start(this.tail.length), Infinity);
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
    this.run = undefined;
  }

  private start(events: number): Run {
    this.index.begin();
    const run = { events, ...rowsOf(this.tail.slice(0, events)), done: 0 };
    this.run = run;
    return run;
  }

  /** Adds up to `limit` rows; answers how many it took. */
  private fill(run: Run, limit: number): number {
    const { heads, commands, done } = run;
    const all = heads.length + commands.length;
    const until = Math.min(done + limit, all);
    this.index.addHeads(heads.slice(done, until));
    this.index.addCommands(
      commands.slice(Math.max(done - heads.length, 0), Math.max(until - heads.length, 0)),
    );
    run.done = until;
    if (until === all) this.end(run);
    return until - done;
  }

  private end({ events }: Run): void {
    const position = this.mark + events;
    this.index.commit(position, leafHash(this.entryAt(position - 1)));
    this.moved(events);
    this.run = undefined;
  }

  private moved(count: number): void {
    this.tail = this.tail.slice(count);
    this.mark += count;
    this.state.forget(this.mark);
  }
}

/**
 * In the order of time, which is nearly that of the index's tables, so that rows that lie together
 * are added together.
 */
function rowsOf(events: readonly Waiting[]): Pick<Run, 'heads' | 'commands'> {
  const byTime = events
    .map((event) => ({ event, time: timeOf(event) }))
    .sort((a, b) => a.time - b.time)
    .map(({ event }) => event);
  // The index keeps the newest of a stream whatever it is told, and need not be told of the others.
  const heads = byTime.filter(({ stream }, at) => byTime[at + 1]?.stream !== stream);
  const commands = events
    .flatMap(({ number, position }) => (number === undefined ? [] : [{ number, position }]))
    .sort((a, b) => a.number - b.number);
  return { heads, commands };
}

/** When its stream began, if an id at the end of the name says so. */
function timeOf({ stream }: Waiting): number {
  return firstBits(stream, stream.length - UUID_CHARS);
}
