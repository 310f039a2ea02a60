/** The file may be whole, but it cannot be read here: the message says what would help. */
export class StoreUnreadable extends Error {
  readonly code = 'STORE_UNREADABLE';
}

/**
 * Result codes of SQLite (https://www.sqlite.org/rescode.html) that tell of the machine, not of
 * what is stored: no permission, busy, locked, out of memory, read-only, input and output, no room,
 * cannot open.
 */
const OF_THE_MACHINE: ReadonlySet<number> = new Set([3, 5, 6, 7, 8, 10, 13, 14, 23]);

/** The primary result code of an error of SQLite; undefined for any other error. */
export function resultCodeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return Number(error.errcode) & 0xff;
}

/**
 * Whether reading failed because of what is stored: pages that contradict each other, tables that
 * are gone, numbers that no log has.
 */
export function tellsOfDamage(error: unknown): boolean {
  const result = resultCodeOf(error);
  if (result !== undefined) return !OF_THE_MACHINE.has(result);
  // A whole number of SQLite that is none of this language.
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_OUT_OF_RANGE'
  );
}
