import { parentPort, workerData } from 'node:worker_threads';
import { answerTo, openCheckCalls } from './check-calls.js';
import type { CheckerConfig } from './chunk.js';
import type { WorkerAnswer, WorkerQuestion } from './check-pool.js';

// The program of a checking thread: answers one call after another until it is ended.
const calls = openCheckCalls(workerData as CheckerConfig);

parentPort?.on('message', (question: WorkerQuestion) => {
  void answerOf(question).then((answer) => {
    const { value } = answer;
    const columns =
      typeof value === 'object' && value !== null && 'columns' in value ? value.columns : undefined;
    // Columns are handed over, not copied.
    const moved = columns instanceof Uint32Array ? [columns.buffer as ArrayBuffer] : [];
    parentPort?.postMessage(answer, moved);
  });
});

async function answerOf({ id, ...question }: WorkerQuestion): Promise<WorkerAnswer> {
  try {
    return { id, value: await answerTo(calls, question) };
  } catch (error) {
    return { id, fault: faultOf(error) };
  }
}

/** An error loses its code on the way to another thread. */
function faultOf(error: unknown): NonNullable<WorkerAnswer['fault']> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack } = error;
  return {
    message,
    ...(stack !== undefined && { stack }),
    ...('code' in error && { code: error.code }),
    ...('errcode' in error && { errcode: error.errcode }),
  };
}
