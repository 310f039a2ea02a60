import type { Scalar, ViewRow } from './view.js';

/** Which rows: all conditions hold. */
export interface Where<Row extends ViewRow> {
  readonly equals?: Partial<Row>;
  /** The field, a text, begins with the prefix; '' asks nothing. */
  readonly under?: { readonly field: keyof Row & string; readonly prefix: string };
  /** At least `from`, and less than `to`; null is in no range. */
  readonly range?: {
    readonly field: keyof Row & string;
    readonly from?: string | number;
    readonly to?: string | number;
  };
  /**
   * Rows as they were when this event had been applied and the next had not; of a temporal view.
   * -1 is before all events.
   */
  readonly asOf?: number;
}

export interface Query<Row extends ViewRow> extends Where<Row> {
  /** By these fields, never null; the last one is different in every row. */
  readonly orderBy: readonly (keyof Row & string)[];
  /** The greatest first. */
  readonly descending?: boolean;
  /** Values of `orderBy` in the last row of the page before. */
  readonly after?: readonly Scalar[];
  readonly limit: number;
}

/** How many rows have one value in a field. */
export interface GroupCount {
  readonly value: Scalar;
  readonly count: number;
}
