import type { DomainEvent, Recorded } from '#libs/event';
import { RowOfAnotherStream } from './faults.js';
import type { View, ViewRow } from './view.js';

const REASON_MAX = 300;

/** A row as it is now, by whom and where it was written. */
export interface Held {
  readonly row: ViewRow;
  readonly stream: string;
  /** Of the newest event that was applied to it. */
  readonly position: number;
  /** Since which event it reads as it does. */
  readonly since: number;
}

/** A row as it was: from one event on, until just before another. */
export interface Past {
  readonly key: string;
  readonly row: ViewRow;
  readonly from: number;
  readonly to: number;
}

/** A parked stream of a view, with the events that wait. */
export interface Parked {
  readonly position: number;
  readonly key: string | null;
  readonly reason: string;
  readonly waiting: readonly Recorded[];
}

/** A stream that was parked until an event said that the failed one is left out. */
export interface Unparked {
  readonly view: string;
  readonly stream: string;
  readonly key: string | null;
  readonly position: number;
  readonly until: number;
}

/** What a store holds before a batch. */
export interface Holding {
  held(view: View, key: string): Held | undefined;
  parked(view: View, stream: string): Parked | undefined;
}

interface DeliverySkipped extends DomainEvent {
  readonly handler: string;
  readonly origin: string;
  readonly stream: string;
  readonly position: number;
}

/** What a batch does to one view. */
export interface ViewChanges {
  readonly rows: Map<string, Held | undefined>;
  readonly past: Past[];
  readonly parks: Map<string, Parked | undefined>;
}

/**
 * 折叠: what events do to the rows of views, whatever these are kept in. A pure function of what is
 * held and of the events, parking and skipping included: a store writes down what comes of it.
 */
export class Folding {
  readonly changes = new Map<View, ViewChanges>();
  readonly unparked: Unparked[] = [];

  constructor(
    private readonly views: readonly View[],
    private readonly holding: Holding,
  ) {}

  fold(recorded: Recorded): void {
    const { type } = recorded.event;
    for (const view of this.views) {
      if (view.takes.has(type) && view.ofStream(recorded.stream)) this.deliver(view, recorded);
    }
    if (type === 'DeliverySkipped') this.skip(recorded as Recorded<DeliverySkipped>);
  }

  /** @returns whether the stream is taken up again */
  retry(view: View, stream: string): boolean {
    const parked = this.parkedOf(view, stream);
    if (parked === undefined) return false;
    this.of(view).parks.set(stream, undefined);
    for (const recorded of parked.waiting) this.deliver(view, recorded);
    return this.parkedOf(view, stream) === undefined;
  }

  private deliver(view: View, recorded: Recorded, seenAt = recorded.position): void {
    const changes = this.of(view);
    const parked = this.parkedOf(view, recorded.stream, changes);
    if (parked !== undefined) {
      const waiting = [...parked.waiting, recorded];
      changes.parks.set(recorded.stream, { ...parked, waiting });
      return;
    }
    try {
      this.take(view, recorded, seenAt, changes);
    } catch (error) {
      const { position, stream } = recorded;
      const reason = firstLine(error instanceof Error ? error.message : String(error));
      const key = this.ownKeyOf(view, recorded);
      changes.parks.set(stream, { position, key, reason, waiting: [recorded] });
    }
  }

  private take(view: View, recorded: Recorded, seenAt: number, changes: ViewChanges): void {
    const key = view.keyOf(recorded);
    if (key === undefined) throw new Error(`${recorded.event.type} names no row of ${view.name}`);
    const held = this.heldOf(view, key, changes);
    const { stream, position } = recorded;
    if (held !== undefined && held.stream !== stream) {
      throw new RowOfAnotherStream(view.name, key, held.stream, stream);
    }
    // Applied before: a replay changes nothing.
    if (held !== undefined && held.position >= position) return;
    const row = taken(view, held?.row, recorded);
    if (row !== undefined && row === held?.row) {
      changes.rows.set(key, { ...held, position });
      return;
    }
    if (view.temporal && held !== undefined && held.since < seenAt) {
      changes.past.push({ key, row: held.row, from: held.since, to: seenAt });
    }
    changes.rows.set(key, row && { row, stream, position, since: seenAt });
  }

  /** What the log says is left out stays out, so that views made anew are the same. */
  private skip({ origin, position: until, event }: Recorded<DeliverySkipped>): void {
    const view = this.views.find(({ name }) => event.handler === `view:${name}`);
    if (view === undefined || event.origin !== origin) return;
    const { stream, position } = event;
    const parked = this.parkedOf(view, stream);
    if (parked?.position !== position) return;
    this.of(view).parks.set(stream, undefined);
    this.unparked.push({ view: view.name, stream, key: parked.key, position, until });
    for (const recorded of parked.waiting.slice(1)) this.deliver(view, recorded, until);
  }

  /** The row that the event names, unless it is another stream's. */
  private ownKeyOf(view: View, recorded: Recorded): string | null {
    const key = view.keyOf(recorded) ?? null;
    const owner = key === null ? undefined : this.heldOf(view, key)?.stream;
    return owner === undefined || owner === recorded.stream ? key : null;
  }

  private of(view: View): ViewChanges {
    let changes = this.changes.get(view);
    if (changes === undefined) {
      changes = { rows: new Map(), past: [], parks: new Map() };
      this.changes.set(view, changes);
    }
    return changes;
  }

  private heldOf(view: View, key: string, { rows } = this.of(view)): Held | undefined {
    return rows.get(key) ?? (rows.has(key) ? undefined : this.holding.held(view, key));
  }

  private parkedOf(view: View, stream: string, { parks } = this.of(view)): Parked | undefined {
    if (parks.size === 0) return this.holding.parked(view, stream);
    return parks.has(stream) ? parks.get(stream) : this.holding.parked(view, stream);
  }
}

/** Messages may go on with what they are about, which is nobody's to see in a list of faults. */
function firstLine(text: string): string {
  return text.split('\n', 1).join().slice(0, REASON_MAX);
}

function taken(view: View, row: ViewRow | undefined, recorded: Recorded): ViewRow | undefined {
  const { type } = recorded.event;
  const taking = view.takes.get(type);
  if (row !== undefined && taking?.change !== undefined) return taking.change(row, recorded);
  if (taking?.start !== undefined) return taking.start(recorded);
  throw new Error(`${type} came before the event that starts its row of ${view.name}`);
}

/**
 * The rows of a view that one stream has written once these events were applied.
 *
 * @param events the first events of the stream
 * @throws what the view throws on an event that it cannot take
 */
export function rowsWritten(view: View, events: readonly Recorded[]): ReadonlyMap<string, ViewRow> {
  const folding = new Folding([view], { held: () => undefined, parked: () => undefined });
  for (const recorded of events) folding.fold(recorded);
  const changes = folding.changes.get(view);
  for (const parked of changes?.parks.values() ?? []) {
    if (parked !== undefined) throw new Error(parked.reason);
  }
  const rows = new Map<string, ViewRow>();
  for (const [key, held] of changes?.rows ?? []) if (held !== undefined) rows.set(key, held.row);
  return rows;
}
