import type { Held, Unparked, ViewChanges } from './folding.js';

/** What events did to the rows of views, by the views' names. */
export interface RowChanges {
  readonly changes: ReadonlyMap<{ readonly name: string }, ViewChanges>;
  readonly unparked: readonly Unparked[];
}

/** Events in a batch from which on a reader is behind, and more batches are to come. */
export const FULL = 500;
/** What may wait: then it is written down, however far behind the reader is. */
const EVENTS_MAX = 100_000;
const ROWS_MAX = 20_000;

/**
 * 待写: what full batches did to rows and is not in the file yet. Who is far behind writes a row
 * that changes in many batches once, and a page that many rows share as well; the log has it all
 * until then, and the file stands where its rows do.
 */
export class WaitingRows {
  private readonly views = new Map<string, ViewChanges>();
  private events = 0;
  private rows = 0;

  /** @param full events that a batch must have to wait */
  constructor(private readonly full: number) {}

  get isEmpty(): boolean {
    return this.events === 0;
  }

  get isFull(): boolean {
    return this.events >= EVENTS_MAX || this.rows >= ROWS_MAX;
  }

  /** Whether a batch may wait: it is one of many, and changes nothing but rows. */
  mayTake({ changes, unparked }: RowChanges, events: number): boolean {
    if (events < this.full || unparked.length > 0) return false;
    return [...changes.values()].every(({ parks }) => parks.size === 0);
  }

  take({ changes }: RowChanges, events: number): void {
    this.events += events;
    for (const [{ name }, { rows, past }] of changes) {
      const waiting = this.of(name);
      this.rows -= waiting.rows.size;
      for (const [key, held] of rows) waiting.rows.set(key, held);
      for (const was of past) waiting.past.push(was);
      this.rows += waiting.rows.size + past.length;
    }
  }

  /** The row as it waits: null when it is to go, undefined when none waits. */
  held(view: string, key: string): Held | null | undefined {
    const rows = this.views.get(view)?.rows;
    if (rows === undefined) return undefined;
    const held = rows.get(key);
    return held === undefined && rows.has(key) ? null : held;
  }

  /** All of it, as if it were one batch. */
  all(): RowChanges {
    const changes = new Map([...this.views].map(([name, of]) => [{ name }, of] as const));
    return { changes, unparked: [] };
  }

  clear(): void {
    this.views.clear();
    this.events = 0;
    this.rows = 0;
  }

  private of(name: string): ViewChanges {
    let waiting = this.views.get(name);
    if (waiting === undefined) {
      waiting = { rows: new Map(), past: [], parks: new Map() };
      this.views.set(name, waiting);
    }
    return waiting;
  }
}
