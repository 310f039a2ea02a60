import type { Recorded } from '#libs/event';
import { isServerFault } from '#libs/mongo';
import { Folding, type Held, type Parked, type Unparked } from './folding.js';
import { markOf, type MongoViewsFile, ViewsTakenOver } from './mongo-views-file.js';
import type { View } from './view.js';

/** Rows that are kept parsed: the next event of a stream mostly follows soon. */
const CACHED = 20_000;

/** What a generation held when it was opened. */
export interface HeldViews {
  readonly applied: number;
  readonly parks: ReadonlyMap<string, Map<string, Parked>>;
  readonly unparked: readonly Unparked[];
  readonly gone: ReadonlyMap<string, number>;
}

/** Folds events into the rows of one generation, and remembers what it has written. */
export class MongoWriter {
  readonly parks: Map<string, Map<string, Parked>>;
  unparked: readonly Unparked[];
  /** The first position that has not been read. */
  applied: number;
  private readonly gone: Map<string, number>;
  private readonly rows = new Map<string, Map<string, Held>>();
  /** Whose event is being folded: a row that is gone belongs to whoever makes it again. */
  private folded = '';
  /** A write that failed half-way is known to the server only: all is read anew. */
  private isDoubtful = false;

  /** @param views those that go on */
  constructor(
    private readonly file: MongoViewsFile,
    private readonly views: readonly View[],
    { applied, parks, unparked, gone }: HeldViews,
  ) {
    this.applied = applied;
    this.parks = new Map(parks);
    this.unparked = unparked;
    this.gone = new Map(gone);
  }

  /** @returns the events that were not applied before */
  async apply(events: readonly Recorded[]): Promise<readonly Recorded[]> {
    if (this.isDoubtful) await this.readAnew();
    const news = events.filter(({ position }) => position >= this.applied);
    const last = news.at(-1);
    if (last === undefined) return news;
    await this.prefetch(news);
    const folding = this.folding();
    for (const recorded of news) {
      this.folded = streamIn(recorded);
      folding.fold(recorded);
    }
    await this.save(folding, last.position + 1);
    return news;
  }

  /** @returns whether the stream is taken up again */
  async retry(view: View, stream: string): Promise<boolean> {
    if (this.isDoubtful) await this.readAnew();
    await this.prefetch(this.parks.get(view.name)?.get(stream)?.waiting ?? []);
    const folding = this.folding();
    this.folded = stream;
    const isTakenUp = folding.retry(view, stream);
    await this.save(folding, this.applied);
    return isTakenUp;
  }

  private folding(): Folding {
    return new Folding(this.views, {
      held: ({ name }, key) => this.rowOf(name, key),
      parked: ({ name }, stream) => this.parks.get(name)?.get(stream),
    });
  }

  /** A row that is gone still says up to where it has been: it holds no event a second time. */
  private rowOf(view: string, key: string): Held | undefined {
    const held = this.rows.get(view)?.get(key);
    const gone = held === undefined ? this.gone.get(markOf(view, key)) : undefined;
    if (gone === undefined) return held;
    return { row: undefined as never, stream: this.folded, position: gone, since: Infinity };
  }

  /** Reads the rows that these events touch, and those of what waits and may be taken up by them. */
  private async prefetch(events: readonly Recorded[]): Promise<void> {
    for (const view of this.views) {
      const waiting = [...(this.parks.get(view.name)?.values() ?? [])].flatMap(
        (park) => park.waiting,
      );
      const known = this.rows.get(view.name) ?? new Map<string, Held>();
      this.rows.set(view.name, known);
      if (known.size > CACHED) known.clear();
      const keys = new Set<string>();
      for (const recorded of [...events, ...waiting]) {
        if (!view.takes.has(recorded.event.type) || !view.ofStream(recorded.stream)) continue;
        const key = view.keyOf(recorded);
        if (key !== undefined && !known.has(key)) keys.add(key);
      }
      for (const [key, held] of await this.file.held(view.name, [...keys])) known.set(key, held);
    }
  }

  private async save(folding: Folding, to: number): Promise<void> {
    try {
      const before = ({ name }: View, key: string) => this.rows.get(name)?.get(key);
      await this.file.save(folding, { from: this.applied, to }, before);
    } catch (error) {
      const isLate = this.file.isHeld && error instanceof ViewsTakenOver;
      this.isDoubtful = isLate || isServerFault(error) || this.isDoubtful;
      throw error;
    }
    this.take(folding);
    this.applied = to;
    this.gone.clear();
  }

  private take({ changes, unparked }: Folding): void {
    for (const [{ name }, { rows, parks }] of changes) {
      const known = this.rows.get(name);
      for (const [key, held] of rows) {
        if (held === undefined) known?.delete(key);
        else known?.set(key, held);
      }
      const of = this.parks.get(name) ?? new Map<string, Parked>();
      for (const [stream, parked] of parks) {
        if (parked === undefined) of.delete(stream);
        else of.set(stream, parked);
      }
      this.parks.set(name, of);
    }
    this.unparked = [...this.unparked, ...unparked];
  }

  /** After a write that may have stopped half-way: what is stored counts, not what is remembered. */
  private async readAnew(): Promise<void> {
    const { applied } = (await this.file.found()) ?? this;
    this.parks.clear();
    for (const [view, of] of await this.file.parks()) this.parks.set(view, of);
    this.gone.clear();
    for (const [mark, position] of await this.file.goneRows()) this.gone.set(mark, position);
    this.unparked = await this.file.unparkedBefore();
    this.rows.clear();
    this.applied = applied;
    this.isDoubtful = false;
  }
}

/** An event that skips another is about that one's stream. */
function streamIn({ stream, event }: Recorded): string {
  return event.type === 'DeliverySkipped' ? String((event as { stream?: unknown }).stream) : stream;
}
