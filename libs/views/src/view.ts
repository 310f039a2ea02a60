import type { DomainEvent, Recorded } from '#libs/event';

/** What a row may hold in an indexed field. */
export type Scalar = string | number | boolean | null;

/** A row: a JSON object; the fields that queries use are scalars. */
export type ViewRow = object;

/**
 * 视图: one question's answer, kept as rows. Pure: a row is a function of the events of one stream,
 * so that neither the order between streams nor a replay can change it.
 */
export interface View<Row extends ViewRow = ViewRow, Event extends DomainEvent = DomainEvent> {
  readonly name: string;
  /** Raise it with every change of `keyOf`, `evolve` or the row's shape: the rows are made anew. */
  readonly version: number;
  /** Fields that queries filter or order by, in the order of each index. */
  readonly indexes: readonly (readonly string[])[];
  /** The row that an event belongs to, or undefined when it is none of this view's. */
  keyOf(recorded: Recorded<Event>): string | undefined;
  evolve(row: Row | undefined, recorded: Recorded<Event>): Row | undefined;
}

/** Checks that a view's indexes name fields of its row. */
export function defineView<Row extends ViewRow, Event extends DomainEvent>(
  view: View<Row, Event> & { readonly indexes: readonly (readonly (keyof Row & string)[])[] },
): View<Row, Event> {
  return view;
}

/** Which rows: all conditions hold. */
export interface Where<Row extends ViewRow> {
  readonly equals?: Partial<Row>;
  /** The field begins with the prefix. */
  readonly under?: { readonly field: keyof Row & string; readonly prefix: string };
}

export interface Query<Row extends ViewRow> extends Where<Row> {
  /** Ascending by these fields, never null; the last one is different in every row. */
  readonly orderBy: readonly (keyof Row & string)[];
  /** Values of `orderBy` in the last row of the page before. */
  readonly after?: readonly Scalar[];
  readonly limit: number;
}

/** Keeps the rows of one service's views together with the position that they have reached. */
export interface ViewStore {
  /** The first position that has not been applied. */
  position(): Promise<number>;
  /** Applies events in one transaction with the position after them. */
  apply(events: readonly Recorded[]): Promise<void>;
  get<Row extends ViewRow>(view: View<Row>, key: string): Promise<Row | undefined>;
  find<Row extends ViewRow>(view: View<Row>, query: Query<Row>): Promise<readonly Row[]>;
  count<Row extends ViewRow>(view: View<Row>, where: Where<Row>): Promise<number>;
  close(): Promise<void>;
}
