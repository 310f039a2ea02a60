/**
 * The code of a fault, such as `ENOENT`; undefined when it has none. Faults of Node itself are not
 * always instances of the `Error` that a program sees.
 */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  const isTold = typeof error === 'object' && error !== null && 'message' in error;
  return isTold ? String(error.message) : String(error);
}
