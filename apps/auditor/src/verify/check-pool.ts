import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { answerTo, type CheckCalls, openCheckCalls, type Question } from './check-calls.js';
import type { CheckerConfig, ChunkReport } from './chunk.js';

/** So many chunks wait at each thread, so that none is idle while the answer is looked at. */
const AHEAD = 3;
const YOUNG_MB = 3;

export type WorkerQuestion = { readonly id: number } & Question;
export interface WorkerAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly fault?: { readonly message: string; readonly [field: string]: unknown };
}

/** 检查线程: checks chunks, on several threads or on this one. */
export interface CheckPool extends CheckCalls {
  /** So many calls are worth making before the first is answered. */
  readonly capacity: number;
  close(): Promise<void>;
}

/** @param workers threads beside the one that asks, which checks as well */
export function openCheckPool(config: CheckerConfig, workers: number): CheckPool {
  if (workers > 0) {
    const others = Array.from({ length: workers }, () => openThread(config));
    return threads([...others, openOwnThread(config)]);
  }
  const calls = openCheckCalls(config);
  return { ...calls, capacity: 1, close: async () => calls.close() };
}

interface Thread {
  pending: number;
  ask(question: Question): Promise<unknown>;
  close(): Promise<void>;
}

/** The first thread reads the index; chunks go to whoever has least to do. */
function threads(all: readonly Thread[]): CheckPool {
  const leastBusy = () => all.reduce((best, each) => (each.pending < best.pending ? each : best));
  const askFirst = (call: 'indexMark' | 'indexSums') => all[0]?.ask({ call });
  return {
    capacity: all.length * AHEAD,
    chunk: (chunk) => leastBusy().ask({ call: 'chunk', argument: chunk }) as Promise<ChunkReport>,
    indexMark: () => askFirst('indexMark') as ReturnType<CheckCalls['indexMark']>,
    indexSums: () => {
      const sums = askFirst('indexSums') as ReturnType<CheckCalls['indexSums']>;
      const [first] = all;
      // An index takes as long as many chunks: none must wait behind it.
      if (first !== undefined && all.length > 1) {
        const most = all.length * AHEAD;
        first.pending += most;
        const free = () => (first.pending -= most);
        sums.then(free, free);
      }
      return sums;
    },
    close: async () => void (await Promise.all(all.map((each) => each.close()))),
  };
}

/** The thread that asks: one call at a time, and between two it hears what the others answer. */
function openOwnThread(config: CheckerConfig): Thread {
  const calls = openCheckCalls(config);
  let last: Promise<unknown> = Promise.resolve();
  const thread: Thread = {
    pending: 0,
    ask: async (question) => {
      thread.pending += 1;
      const answer = last.then(() => setImmediate()).then(() => answerTo(calls, question));
      last = answer.catch(() => undefined);
      return answer.finally(() => (thread.pending -= 1));
    },
    close: async () => {
      await last;
      calls.close();
    },
  };
  return thread;
}

function openThread(config: CheckerConfig): Thread {
  const worker = new Worker(new URL('./check-worker.js', import.meta.url), {
    workerData: config,
    // What it makes is gone after a tile: more room would only be filled before it is cleared.
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  const thread: Thread = {
    pending: 0,
    ask: async (question) => {
      asked += 1;
      const answer = Promise.withResolvers<unknown>();
      waiting.set(asked, answer);
      thread.pending += 1;
      worker.postMessage({ ...question, id: asked });
      return answer.promise.finally(() => (thread.pending -= 1));
    },
    close: async () => void (await worker.terminate()),
  };
  worker.on('message', ({ id, value, fault }: WorkerAnswer) => {
    const answer = waiting.get(id);
    waiting.delete(id);
    if (fault === undefined) answer?.resolve(value);
    else answer?.reject(Object.assign(new Error(fault.message), fault));
  });
  worker.on('error', (error) => {
    for (const answer of waiting.values()) answer.reject(error);
    waiting.clear();
  });
  return thread;
}
