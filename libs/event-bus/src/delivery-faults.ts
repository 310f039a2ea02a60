import { isServerFault } from '#libs/mongo';

/** An event that has to wait until something else was heard: it is tried again and never parked. */
export class NotHeardYet extends Error {
  readonly code = 'NOT_HEARD_YET';
}

/** Faults of a store or of another at work, which say nothing about the event. */
const TRANSIENT: ReadonlySet<unknown> = new Set([
  'LOG_BUSY',
  'LOG_READ_ONLY',
  'COMMAND_CONFLICT',
  'NOT_HEARD_YET',
  // What the reaction has to know is not in the views yet: it must not act on less.
  'VIEWS_BEHIND',
  'ROW_PARKED',
  // A database that was away: the reaction asks again under the same command id.
  'LOG_OUTCOME_UNKNOWN',
  'DATABASE_UNREACHABLE',
  'LEASE_NOT_HELD',
  'VIEWS_TAKEN_OVER',
]);
/** Busy, locked, no memory, read-only, I/O, full (https://www.sqlite.org/rescode.html). */
const TRANSIENT_IN_SQLITE: ReadonlySet<number> = new Set([5, 6, 7, 8, 10, 13]);
const UNKNOWN: ReadonlySet<unknown> = new Set(['UNKNOWN_EVENT', 'UNKNOWN_FORMAT']);

/** Whether the same event may well succeed later, with nothing mended: never park it for this. */
export function isTransient(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('code' in error && TRANSIENT.has(error.code)) return true;
  if (isServerFault(error)) return true;
  return 'errcode' in error && TRANSIENT_IN_SQLITE.has(Number(error.errcode) & 0xff);
}

/** Whether only a newer version of this service can go on: it stops, and passes nothing over. */
export function isFromNewerVersion(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && UNKNOWN.has(error.code);
}

const TOLD_MAX = 300;

/** One line about a failure, to be kept and shown. */
export function faultText(error: unknown): string {
  const isAnswer = !(error instanceof Error) && typeof error === 'object' && error !== null;
  const text = isAnswer && 'message' in error ? String(error.message) : String(error);
  return text.split('\n', 1).join().slice(0, TOLD_MAX);
}
