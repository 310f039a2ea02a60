import type { Scheduler } from '#libs/scheduler';
import { LogBusy } from './faults.js';

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupCommit<Item, Answer> {
  append(item: Item): Promise<Answer>;
  /** Resolves when all that was asked for is answered; nothing more is taken. */
  drain(): Promise<void>;
}

/** In one transaction at most: beyond it a lone slow flush would hold everybody up. */
const BATCH_MAX = 256;
/** Waiting at most: whoever comes later is told so instead of waiting without end. */
export const QUEUE_MAX = 10_000;
/** How long the same batch is tried again while another process is writing. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 3;
const RETRY_AFTER_MS = 500;

/**
 * Gathers what is asked for in one event-loop turn and flushes it together, so that many callers
 * share one sync to disk and a lone one waits for nobody. `flush` answers in order; or answers
 * undefined when another process holds the file, and is tried again; or throws, and has kept none.
 */
export function groupCommit<Item, Answer>(
  origin: string,
  flush: (batch: readonly Item[]) => readonly Answer[] | undefined,
  scheduler: Scheduler,
): GroupCommit<Item, Answer> {
  const waiting: Waiting<Item, Answer>[] = [];
  let isClosed = false;
  let isWorking = false;
  const tellDrained: (() => void)[] = [];

  /** By the clock, since each try waits for the other process as well. */
  function patienceEnds(): number {
    return scheduler.elapsedMs() + PATIENCE_MS;
  }

  function settle(batch: readonly Waiting<Item, Answer>[]): boolean {
    try {
      const answers = flush(batch.map(({ item }) => item));
      if (answers === undefined) return false;
      for (const [index, answer] of answers.entries()) batch[index]?.resolve(answer);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    return true;
  }

  function next(): void {
    isWorking = waiting.length > 0;
    if (isWorking) scheduler.soon(() => work(waiting.splice(0, BATCH_MAX), patienceEnds()));
    else for (const tell of tellDrained.splice(0)) tell();
  }

  function work(batch: readonly Waiting<Item, Answer>[], untilMs: number): void {
    if (settle(batch)) next();
    else if (scheduler.elapsedMs() < untilMs) scheduler.after(PAUSE_MS, () => work(batch, untilMs));
    else {
      for (const { reject } of batch) reject(new LogBusy(origin, RETRY_AFTER_MS));
      next();
    }
  }

  return {
    append: (item) => {
      if (isClosed) return Promise.reject(new Error(`${origin} is closed`));
      if (waiting.length >= QUEUE_MAX) return Promise.reject(new LogBusy(origin, RETRY_AFTER_MS));
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (!isWorking) next();
      });
    },
    drain: () => {
      isClosed = true;
      return isWorking ? new Promise((resolve) => tellDrained.push(resolve)) : Promise.resolve();
    },
  };
}
