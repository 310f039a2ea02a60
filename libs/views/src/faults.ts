import type { IndexPart } from './view.js';

/** The views have not applied what an answer needs: ask again in a while. */
export class ViewsBehind extends Error {
  readonly code = 'VIEWS_BEHIND';
  /** When to ask again. */
  readonly retryAfterMs = 1_000;
  /**
   * @param of the service, or one of its views
   * @param reached the first position that was not applied
   * @param wanted the position that had to be
   */
  constructor(
    readonly of: string,
    readonly reached: number,
    readonly wanted: number,
    reason = 'ask again in a while',
  ) {
    super(
      `the views of ${of} have applied ${reached} events, position ${wanted} is wanted: ${reason}`,
    );
  }
}

/** A row whose stream is parked: what it says may be wrong, so it is not shown. */
export class RowParked extends Error {
  readonly code = 'ROW_PARKED';
  constructor(
    readonly view: string,
    readonly key: string,
    readonly stream: string,
    readonly position: number,
    reason: string,
  ) {
    super(`row ${key} of ${view} is parked since event ${position} of ${stream}: ${reason}`);
  }
}

/** An event would touch a row that another stream has written. */
export class RowOfAnotherStream extends Error {
  readonly code = 'ROW_OF_ANOTHER_STREAM';
  constructor(view: string, key: string, owner: string, stream: string) {
    super(`row ${key} of ${view} is written by stream ${owner}: stream ${stream} cannot touch it`);
  }
}

/** No declared index serves a query: it would read rows that it does not answer with. */
export class IndexMissing extends Error {
  readonly code = 'INDEX_MISSING';
  constructor(view: string, index: readonly IndexPart[]) {
    super(`no index of view ${view} serves this query: declare ${JSON.stringify(index)}`);
  }
}

/** What was is asked of a view that keeps only what is. */
export class NotTemporal extends Error {
  readonly code = 'NOT_TEMPORAL';
  constructor(view: string) {
    super(`view ${view} keeps no rows of the past: define it with temporal: true`);
  }
}

/** There is no generation to go back to, or not now. */
export class NotGoneBack extends Error {
  readonly code = 'NOT_GONE_BACK';
}

/** SQLITE_CORRUPT and SQLITE_NOTADB (https://www.sqlite.org/rescode.html). */
const DAMAGE: ReadonlySet<number> = new Set([11, 26]);

/** Whether a file of views is no more what was written: its rows are in the log, it is given up. */
export function isDamage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return false;
  return DAMAGE.has(Number(error.errcode) & 0xff);
}

/** A file of views was damaged, and is set aside. */
export class ViewsDamaged extends Error {
  readonly code = 'VIEWS_DAMAGED';
  constructor(path: string, cause: unknown) {
    const told = cause instanceof Error ? cause.message : String(cause);
    super(`${path} is damaged (${told}): it is set aside, the views are made anew`, { cause });
  }
}
