/** https://www.mongodb.com/docs/manual/reference/error-codes/: DuplicateKey */
const DUPLICATE_KEY = 11_000;

interface ServerError {
  readonly code?: unknown;
  readonly writeErrors?: readonly { readonly index: number; readonly code?: unknown }[];
}

/**
 * Whether a unique field refused a write. By its number alone: its text and its details differ from
 * server to server.
 */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && (error as ServerError).code === DUPLICATE_KEY;
}

/**
 * Of an ordered insert of many documents, how many went in before one was refused as a duplicate;
 * undefined when it failed for any other reason, and nobody knows how many.
 */
export function insertedBefore(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { writeErrors, code } = error as ServerError;
  const [first] = [writeErrors ?? []].flat();
  if (first !== undefined) return first.code === DUPLICATE_KEY ? first.index : undefined;
  return code === DUPLICATE_KEY ? 0 : undefined;
}

/**
 * Whether it is the server that failed, or the way to it: then nobody knows what it has done. The
 * driver's errors are told by their names, since it is not loaded where they are asked about.
 */
export function isServerFault(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('Mongo');
}
