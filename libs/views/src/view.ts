import type { DomainEvent, Recorded } from '#libs/event';
import { assertNames } from './view-names.js';

/** What a row may hold in an indexed field. */
export type Scalar = string | number | boolean | null;

/** A row: a JSON object; the fields that queries use are scalars. */
export type ViewRow = object;

/**
 * A field of an index, or the area codes that a field lies under: `{ under: 'grid' }` keeps an
 * index for each length that an area code can have, so that a list of a county is read in its order.
 */
export type IndexPart<Field extends string = string> = Field | { readonly under: Field };

/** 视图: one question's answer, kept as rows, each a function of the events of one stream. */
export interface View<Row extends ViewRow = ViewRow> {
  readonly name: string;
  /** Raise it when something changes that its functions call: only their own text is compared. */
  readonly version: number;
  /** What queries filter and order by, in the order of each index. */
  readonly indexes: readonly (readonly IndexPart[])[];
  /** Whether rows are kept as they were, so that it can be asked what the answer was. */
  readonly temporal: boolean;
  /** The types of the events that it takes, with what each does to a row. */
  readonly takes: ReadonlyMap<string, Taking<Row>>;
  /** The row that an event belongs to. */
  keyOf(recorded: Recorded): string | undefined;
  /** Whether it takes events of this stream at all. */
  ofStream(stream: string): boolean;
  /** Everything that says what its rows are: when it differs, they are made anew. */
  readonly fingerprint: string;
}

/** What an event does to a row. */
export interface Taking<Row extends ViewRow = ViewRow> {
  /** Makes the row, whether there was one or not. */
  start?(recorded: Recorded): Row;
  /** Changes a row that is there; undefined removes it. */
  change?(row: Row, recorded: Recorded): Row | undefined;
}

/** Those of the events that name a row in one of these fields. */
type Naming<Event extends DomainEvent, Key extends string> = Event extends DomainEvent
  ? Key extends string
    ? Event extends Readonly<Record<Key, string>>
      ? Event
      : never
    : never
  : never;

type Starts<Row, Event extends DomainEvent> = {
  readonly [Each in Event as Each['type']]?: (recorded: Recorded<Each>) => Row;
};
type Changes<Row, Event extends DomainEvent> = {
  readonly [Each in Event as Each['type']]?: (
    row: Row,
    recorded: Recorded<Each>,
  ) => Row | undefined;
};

type FieldOf<Row> = keyof Row & string;

export interface Definition<Row extends ViewRow, Event extends DomainEvent, Key extends string> {
  readonly name: string;
  readonly version: number;
  readonly indexes: readonly (readonly IndexPart<FieldOf<Row>>[])[];
  readonly temporal?: boolean;
  /** The field of its events that names the row; of several the first that an event has. */
  readonly key: Key | readonly Key[];
  /** The streams that it listens to are named `CATEGORY-ID`; all of them unless told. */
  readonly category?: string;
  /** One function for each type of event that makes a row. */
  readonly starts: Starts<Row, Naming<Event, Key>>;
  /** One for each type that changes a row which is there; without one, the event is a fault. */
  readonly changes?: Changes<Row, Naming<Event, Key>>;
}

/**
 * Defines a view by one pure function for each type of event; all other events are none of its own.
 * `Key` is the field of its events that names the row.
 */
export function defineView<Row extends ViewRow, Event extends DomainEvent, Key extends string>(
  definition: Definition<Row, Event, Key>,
): View<Row> {
  const { name, version, indexes, temporal = false, category, starts, changes = {} } = definition;
  const keys: readonly string[] = [definition.key].flat();
  assertNames(name, indexes);
  return {
    name,
    version,
    indexes,
    temporal,
    takes: takings(starts, changes),
    keyOf: ({ event }) => keyIn(event as unknown as Record<string, unknown>, keys),
    ofStream: (stream) => category === undefined || stream.startsWith(`${category}-`),
    fingerprint: JSON.stringify([
      { name, version, indexes, temporal, keys, category },
      textsOf(starts),
      textsOf(changes),
    ]),
  };
}

function keyIn(event: Record<string, unknown>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = event[key];
    if (typeof value === 'string') return value;
  }
  return undefined;
}

function takings<Row extends ViewRow>(
  starts: object,
  changes: object,
): ReadonlyMap<string, Taking<Row>> {
  const takes = new Map<string, Taking<Row>>();
  for (const [type, start] of Object.entries(starts) as [string, Taking<Row>['start']][]) {
    takes.set(type, { start });
  }
  for (const [type, change] of Object.entries(changes) as [string, Taking<Row>['change']][]) {
    takes.set(type, { ...takes.get(type), change });
  }
  return takes;
}

function textsOf(functions: object): readonly (readonly [string, string])[] {
  return Object.entries(functions).map(([type, made]) => [type, String(made)] as const);
}
