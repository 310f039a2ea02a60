import type { Witnessed } from './against.js';

/** What a log is held against, and how the work is done. */
export interface VerifyOptions {
  /** Keys from elsewhere, as `NAME+ID+KEY`. */
  readonly pinned: readonly string[];
  /** Notes from elsewhere. */
  readonly against: readonly Witnessed[];
  /** Threads beside this one; 0 for none. */
  readonly workers: number;
  readonly now: () => number;
  readonly onProgress: (done: number, total: number) => void;
}
