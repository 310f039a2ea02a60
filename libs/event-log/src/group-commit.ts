import type { Commit, CommitOutcome } from './event-log.js';

interface Waiting {
  readonly commit: Commit;
  readonly resolve: (outcome: CommitOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Commits in one transaction at most: beyond it a lone slow flush would hold everybody up. */
const BATCH_MAX = 256;

/**
 * Gathers the commits of one event-loop turn and flushes them together, so that many callers
 * share one sync to disk. `flush` answers them in order, or throws and then has kept none.
 */
export function groupCommit(flush: (batch: readonly Commit[]) => readonly CommitOutcome[]): {
  append: (commit: Commit) => Promise<CommitOutcome>;
  drain: () => void;
} {
  const waiting: Waiting[] = [];

  function flushBatch(): void {
    const batch = waiting.splice(0, BATCH_MAX);
    // Nothing is left when the log was drained before this turn came.
    if (batch.length === 0) return;
    if (waiting.length > 0) setImmediate(flushBatch);
    try {
      const outcomes = flush(batch.map(({ commit }) => commit));
      for (const [index, outcome] of outcomes.entries()) batch[index]?.resolve(outcome);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return {
    append: (commit) =>
      new Promise((resolve, reject) => {
        waiting.push({ commit, resolve, reject });
        if (waiting.length === 1) setImmediate(flushBatch);
      }),
    drain: () => {
      while (waiting.length > 0) flushBatch();
    },
  };
}
