import type { MongoCollection, MongoDatabase } from '#libs/mongo';
import type { Folding, Held, Parked, Past, Unparked, ViewChanges } from './folding.js';
import { columnsIn, indexesOf } from './mongo-filters.js';
import type { FiledView } from './sqlite-file.js';
import type { View, ViewRow } from './view.js';

/** A row as it is stored: the row as JSON, what queries go by beside it. */
export interface RowDocument {
  readonly _id: string;
  readonly row: string;
  readonly stream: string;
  readonly position: number;
  readonly since: number;
}

/** A row as it was. */
export interface PastDocument {
  readonly _id: string;
  readonly key: string;
  readonly row: string;
  readonly since: number;
  readonly until: number;
}

/** A row that was removed by an event which the position does not tell of yet. */
interface GoneDocument {
  readonly _id: string;
  readonly view: string;
  readonly key: string;
  readonly position: number;
}

interface ParkDocument {
  readonly _id: string;
  readonly view: string;
  readonly stream: string;
  readonly position: number;
  readonly key: string | null;
  readonly reason: string;
  /** JSON. */
  readonly waiting: string;
}

interface UnparkedDocument extends Unparked {
  readonly _id: string;
}

interface GenerationDocument {
  readonly _id: number;
  readonly applied: number;
  /** JSON of the definitions that made it. */
  readonly views: string;
}

/** A generation as it was found, or made. */
export interface FiledGeneration {
  readonly applied: number;
  readonly views: readonly FiledView[];
}

/** Another process writes the same views: what this one knows of them is no longer true. */
export class ViewsTakenOver extends Error {
  readonly code = 'VIEWS_TAKEN_OVER';
  constructor(database: string) {
    super(`another process writes the views in ${database}: this one has to be started again`);
  }
}

/**
 * One generation of views in MongoDB. Nothing ties its writes together, so they go in an order in
 * which each may be repeated: every row says the newest event that it holds, what is removed leaves
 * a mark behind until the position has moved past it, and the position moves last.
 */
export class MongoViewsFile {
  private readonly generations: MongoCollection<GenerationDocument>;
  private readonly gone: MongoCollection<GoneDocument>;
  private readonly parked: MongoCollection<ParkDocument>;
  private readonly unparked: MongoCollection<UnparkedDocument>;

  constructor(
    private readonly database: MongoDatabase,
    readonly generation: number,
    private readonly mustHold?: () => Promise<void>,
  ) {
    this.generations = database.collection<GenerationDocument>('generations');
    this.gone = database.collection<GoneDocument>(this.named('gone'));
    this.parked = database.collection<ParkDocument>(this.named('parked'));
    this.unparked = database.collection<UnparkedDocument>(this.named('unparked'));
  }

  /** Whether one process at a time may write, so that what another wrote is only late. */
  get isHeld(): boolean {
    return this.mustHold !== undefined;
  }

  rows(view: string): MongoCollection<RowDocument> {
    return this.database.collection<RowDocument>(this.named(`view_${view}`));
  }

  past(view: string): MongoCollection<PastDocument> {
    return this.database.collection<PastDocument>(this.named(`view_${view}_past`));
  }

  /** Makes what is missing; a generation that is there keeps the views that it has. */
  async prepare(views: readonly View[]): Promise<FiledGeneration> {
    const found = await this.found();
    const made = found ?? { applied: 0, views: views.map(filed) };
    if (found === undefined) {
      const kept = JSON.stringify(made.views);
      await this.generations.insertOne({ _id: this.generation, applied: 0, views: kept });
    }
    for (const view of made.views) await this.makeIndexes(view);
    return made;
  }

  /** The generation as it is, if it is there. */
  async found(): Promise<FiledGeneration | undefined> {
    const found = await this.generations.findOne({ _id: this.generation });
    if (found === null) return undefined;
    return { applied: found.applied, views: JSON.parse(found.views) as FiledView[] };
  }

  /** What another definition made goes no further: it would mix the rows of two. */
  async freeze(views: readonly FiledView[]): Promise<void> {
    await this.generations.updateOne(
      { _id: this.generation },
      {
        $set: { views: JSON.stringify(views) },
      },
    );
  }

  async parks(): Promise<ReadonlyMap<string, Map<string, Parked>>> {
    const parks = new Map<string, Map<string, Parked>>();
    for (const { view, stream, waiting, position, key, reason } of await this.parked
      .find()
      .toArray()) {
      const of = parks.get(view) ?? new Map<string, Parked>();
      of.set(stream, { position, key, reason, waiting: JSON.parse(waiting) as Parked['waiting'] });
      parks.set(view, of);
    }
    return parks;
  }

  async unparkedBefore(): Promise<readonly Unparked[]> {
    return (await this.unparked.find().toArray()).map(({ _id, ...each }) => each);
  }

  async goneRows(): Promise<ReadonlyMap<string, number>> {
    const gone = await this.gone.find().toArray();
    return new Map(gone.map(({ _id, position }) => [_id, position]));
  }

  async held(view: string, keys: readonly string[]): Promise<ReadonlyMap<string, Held>> {
    const [only] = keys;
    if (only === undefined) return new Map();
    const filter = keys.length === 1 ? { _id: only } : { _id: { $in: [...keys] } };
    const found = await this.rows(view).find(filter).toArray();
    return new Map(found.map((each) => [each._id, heldIn(each)]));
  }

  /**
   * Writes what events have led to, and the position behind them last.
   *
   * @param before the rows as they were, where there were some
   * @throws ViewsTakenOver when the position is not where it was
   */
  async save(
    { changes, unparked }: Pick<Folding, 'changes' | 'unparked'>,
    { from, to }: { readonly from: number; readonly to: number },
    before: (view: View, key: string) => Held | undefined,
  ): Promise<void> {
    await this.mustHold?.();
    const marks: string[] = [];
    for (const [view, of] of changes) {
      marks.push(...(await this.saveRows(view, of, { to, before })));
    }
    for (const each of unparked) {
      const _id = `${each.view}\n${each.stream}\n${each.position}`;
      await this.unparked.replaceOne({ _id }, { ...each }, { upsert: true });
    }
    for (const [view, { parks }] of changes) await this.savePark(view, parks);
    await this.moveOn(from, to);
    if (marks.length > 0) await this.gone.deleteMany({ _id: { $in: marks } });
  }

  async drop(): Promise<void> {
    const all = await this.database.listCollections({}, { nameOnly: true }).toArray();
    const own = all.map(({ name }) => name).filter((name) => name.startsWith(this.named('')));
    for (const name of own) await this.database.dropCollection(name);
    await this.generations.deleteOne({ _id: this.generation });
  }

  private async saveRows(
    view: View,
    { rows, past }: ViewChanges,
    {
      to,
      before,
    }: { readonly to: number; readonly before: (view: View, key: string) => Held | undefined },
  ): Promise<readonly string[]> {
    const marks = [...rows].filter(([, held]) => held === undefined).map(([key]) => key);
    for (const key of marks) {
      const mark = { view: view.name, key, position: to - 1 };
      await this.gone.replaceOne({ _id: markOf(view.name, key) }, mark, { upsert: true });
    }
    const writes = [...rows].flatMap(([key, held]) =>
      rowWrite(view, key, { held, before: before(view, key), to }),
    );
    if (past.length > 0) {
      const was = past.map((each) => pastWrite(view, each));
      await this.past(view.name).bulkWrite(was, { ordered: true });
    }
    if (writes.length > 0) await this.rows(view.name).bulkWrite(writes, { ordered: true });
    return marks.map((key) => markOf(view.name, key));
  }

  private async savePark(view: View, parks: ViewChanges['parks']): Promise<void> {
    for (const [stream, parked] of parks) {
      const _id = markOf(view.name, stream);
      if (parked === undefined) await this.parked.deleteOne({ _id });
      else {
        const { position, key, reason } = parked;
        const waiting = JSON.stringify(parked.waiting);
        const park = { view: view.name, stream, position, key, reason, waiting };
        await this.parked.replaceOne({ _id }, park, { upsert: true });
      }
    }
  }

  private async moveOn(from: number, to: number): Promise<void> {
    const where = { _id: this.generation, applied: from };
    const { matchedCount } = await this.generations.updateOne(where, { $set: { applied: to } });
    if (matchedCount !== 1) throw new ViewsTakenOver(this.database.databaseName);
  }

  private async makeIndexes(view: FiledView): Promise<void> {
    for (const key of indexesOf(view)) {
      await this.rows(view.name).createIndex(key);
      if (view.temporal) await this.past(view.name).createIndex(key);
    }
    if (view.temporal) await this.past(view.name).createIndex({ key: 1, since: 1 });
  }

  private named(name: string): string {
    return `g${this.generation}_${name}`;
  }
}

export const markOf = (view: string, key: string): string => `${view}\n${key}`;

function filed(view: View): FiledView {
  const { name, version, fingerprint, indexes, temporal } = view;
  return { name, version, fingerprint, indexes, temporal, frozenAt: null };
}

export function heldIn({ row, stream, position, since }: RowDocument): Held {
  return { row: JSON.parse(row) as ViewRow, stream, position, since };
}

/** A row is replaced only by one that holds more, and removed unless it does, whoever is late. */
function rowWrite(
  view: View,
  key: string,
  {
    held,
    before,
    to,
  }: { readonly held: Held | undefined; readonly before: Held | undefined; readonly to: number },
): Parameters<MongoCollection<RowDocument>['bulkWrite']>[0][number][] {
  if (held === undefined) {
    const filter = { _id: key, position: { $lt: to } };
    return before === undefined ? [] : [{ deleteOne: { filter } }];
  }
  const { row, stream, position, since } = held;
  const columns = columnsIn(view, row);
  const document = { row: JSON.stringify(row), stream, position, since, ...columns };
  if (before === undefined) return [{ insertOne: { document: { _id: key, ...document } } }];
  const filter = { _id: key, position: { $lt: position } };
  return [{ replaceOne: { filter, replacement: document } }];
}

function pastWrite(view: View, { key, row, from, to }: Past) {
  const was = { key, row: JSON.stringify(row), since: from, until: to, ...columnsIn(view, row) };
  const filter = { _id: `${key}\n${from}` };
  return { replaceOne: { filter, replacement: was, upsert: true } };
}
