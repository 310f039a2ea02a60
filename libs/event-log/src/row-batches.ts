import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

/**
 * Rows that one statement adds. More would touch so many pages of a large table that keeping a copy
 * of each, in case the statement fails in its middle, costs more than calls do.
 */
const ROWS = 8;

/**
 * Adds rows, given as their values one after the other. In the order of the table's key they share
 * pages, which is most of what they cost.
 *
 * @param insert the statement, around the `(?, ?), (?, ?)` of its rows
 */
export function rowAdder(
  db: DatabaseSync,
  columns: number,
  insert: (rows: string) => string,
): (values: readonly SQLInputValue[]) => void {
  const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
  const one = db.prepare(insert(row));
  const many = db.prepare(insert(Array.from({ length: ROWS }, () => row).join(', ')));
  const width = columns * ROWS;
  return (values) => {
    const whole = values.length - (values.length % width);
    for (let at = 0; at < whole; at += width) many.run(...values.slice(at, at + width));
    for (let at = whole; at < values.length; at += columns) {
      one.run(...values.slice(at, at + columns));
    }
  };
}
