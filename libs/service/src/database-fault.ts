import type { GraphQLError } from 'graphql';
import { refuse } from '#libs/event';
import { isServerFault } from '#libs/mongo';
import { refusalError } from './refusal-error.js';
import { requestRefusals } from './request.refusals.js';

/** Long enough for a replica set to choose another primary. */
const RETRY_AFTER_MS = 2_000;
const OF_THE_DATABASE: ReadonlySet<unknown> = new Set([
  'LOG_OUTCOME_UNKNOWN',
  'DATABASE_UNREACHABLE',
  'LEASE_NOT_HELD',
  'VIEWS_TAKEN_OVER',
]);

/**
 * DATABASE_AWAY for what a database that failed has left undone; undefined for any other error. What
 * was sent may have been recorded: the same command with the same id finds out.
 */
export function databaseFault(error: unknown): GraphQLError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (!isServerFault(error) && !OF_THE_DATABASE.has(code)) return undefined;
  return refusalError(refuse('DatabaseAway'), requestRefusals, { retryAfterMs: RETRY_AFTER_MS });
}
