import type { Recorded } from '#libs/event';
import type { EventFeed } from '#libs/event-log';
import type { ViewComparison } from './compare-views.js';
import type { GroupCount, Query, Where } from './query.js';
import type { View, ViewRow } from './view.js';

/** 搁置: a stream whose events one view does not take any more since one of them failed. */
export interface Park {
  readonly view: string;
  readonly stream: string;
  /** Of the event that failed. */
  readonly position: number;
  /** The row that it would have touched, when it names one. */
  readonly key: string | null;
  readonly reason: string;
  /** Events of the stream that wait, the failed one among them. */
  readonly waiting: number;
}

/** Keeps the rows of one service's views together with the position that they have reached. */
export interface ViewStore {
  /** The frontier: the first position that has not been read. */
  position(): Promise<number>;
  /**
   * Applies events in one transaction with the position after them. An event that a view cannot take
   * parks its stream for that view: later events of the stream wait behind it, all else goes on.
   * `DeliverySkipped` leaves the event out and takes the stream up again.
   */
  apply(events: readonly Recorded[]): Promise<void>;
  /** @throws RowParked, ViewsBehind, NotTemporal */
  get<Row extends ViewRow>(
    view: View<Row>,
    key: string,
    at?: { readonly asOf?: number },
  ): Promise<Row | undefined>;
  /** @throws IndexMissing, NotTemporal, ViewsBehind */
  find<Row extends ViewRow>(view: View<Row>, query: Query<Row>): Promise<readonly Row[]>;
  /** @throws IndexMissing, NotTemporal, ViewsBehind */
  count<Row extends ViewRow>(view: View<Row>, where: Where<Row>): Promise<number>;
  /**
   * How many rows have which value of a field, in the order of the values.
   *
   * @throws IndexMissing, NotTemporal, ViewsBehind
   */
  countBy<Row extends ViewRow>(
    view: View<Row>,
    field: keyof Row & string,
    where: Where<Row>,
  ): Promise<readonly GroupCount[]>;
  /** Streams that are parked, the oldest event first. */
  parked(): Promise<readonly Park[]>;
  /**
   * Takes a parked stream up again, the failed event first.
   *
   * @returns whether it is taken up; false when it failed again, or was not parked
   */
  retry(view: string, stream: string): Promise<boolean>;
  /** Rows in the order of their keys' bytes, behind the key `after`: for who reads all of them. */
  page<Row extends ViewRow>(
    view: View<Row>,
    after: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly row: Row }[]>;
  close(): Promise<void>;
}

/** How far a new generation is. */
export interface Rebuilding {
  readonly generation: number;
  readonly done: number;
  readonly total: number;
}

/** What a rebuild has led to. */
export interface Rebuilt {
  readonly generation: number;
  /** How the rows before differ from the new ones; null where their definitions do. */
  readonly comparisons: readonly ViewComparison[] | null;
}

export interface StoreStatus {
  readonly generation: number;
  /** The generation to go back to. */
  readonly before: number | null;
  readonly views: readonly {
    readonly name: string;
    /** Of the definition that made the rows. */
    readonly version: number;
    /** Frozen rows are those of an older definition, up to `position`; missing ones are to come. */
    readonly state: 'live' | 'frozen' | 'missing';
    readonly position: number;
  }[];
  readonly rebuild: Rebuilding | null;
}

/** A store that can be made anew while it answers. */
export interface Generations {
  /** Whether its rows are not all of these definitions. */
  readonly isOutdated: boolean;
  rebuild(log: EventFeed): Promise<Rebuilt>;
  back(log: EventFeed): Promise<number>;
  status(): StoreStatus;
}
