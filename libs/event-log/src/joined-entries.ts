/**
 * Columns that give many entries in one row: their bytes one after the other, and their lengths,
 * divided by commas. It costs a third of what a row for each does.
 */
export const JOINED_ENTRIES = `CAST(group_concat(entry, '') AS BLOB), group_concat(length(entry))`;

export type JoinedEntries = readonly [entries: Uint8Array | null, lengths: string | null];

/** So many events of a stream are read at once; more would make short streams wait. */
export const CHAIN_RUN = 25;

/**
 * A query for such a row of an event, the one before it in its stream, and so on. Each event is a
 * join of its own: a recursive query would copy every entry into a queue and out again.
 */
export function chainQuery(): string {
  const tables = Array.from({ length: CHAIN_RUN }, (_, index) => `event${index}`);
  const joins = tables
    .slice(1)
    .map(
      (table, index) => `LEFT JOIN event ${table} ON ${table}.position = event${index}.previous`,
    );
  return `SELECT CAST(concat(${tables.map((table) => `${table}.entry`).join()}) AS BLOB),
    concat_ws(',', ${tables.map((table) => `length(${table}.entry)`).join()})
    FROM event event0 ${joins.join(' ')} WHERE event0.position = ?`;
}

/**
 * Takes such a row apart; the entries share their memory.
 *
 * @returns undefined when the lengths are not those of the bytes: then some entry is no blob
 */
export function takeApart([entries, lengths]: JoinedEntries): readonly Uint8Array[] | undefined {
  if (entries === null || lengths === null) return [];
  const { buffer, byteOffset } = entries;
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const length of numbersIn(lengths)) {
    if (at + length > entries.length) return undefined;
    parts.push(new Uint8Array(buffer, byteOffset + at, length));
    at += length;
  }
  return at === entries.length ? parts : undefined;
}

const COMMA = ','.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

/** Whole numbers divided by commas. */
function numbersIn(text: string): readonly number[] {
  const numbers: number[] = [];
  let number = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === COMMA) {
      numbers.push(number);
      number = 0;
    } else number = number * 10 + unit - ZERO;
  }
  numbers.push(number);
  return numbers;
}
