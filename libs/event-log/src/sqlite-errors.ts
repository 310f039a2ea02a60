/** Result codes of SQLite (https://www.sqlite.org/rescode.html) that mean something here. */
const RESULTS = { busy: 5, io: 10, notADatabase: 26 } as const;

/** Whether SQLite failed for this reason; extended codes count as what they extend. */
export function failedAs(result: keyof typeof RESULTS, error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return false;
  return (Number(error.errcode) & 0xff) === RESULTS[result];
}
