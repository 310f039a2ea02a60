import { setTimeout as delay } from 'node:timers/promises';

const WAIT_MS = 120_000;
export const COMMANDS_A_SECOND = 50;

/** So many a second are begun, however long each takes. */
export async function paced(seconds: number, work: () => Promise<void>): Promise<void> {
  const begun: Promise<void>[] = [];
  const total = seconds * COMMANDS_A_SECOND;
  const started = performance.now();
  while (begun.length < total) {
    const due = ((performance.now() - started) / 1000) * COMMANDS_A_SECOND;
    while (begun.length < Math.min(due, total)) begun.push(work());
    await delay(1);
  }
  await Promise.all(begun);
}

/** @throws Error when it takes too long */
export async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`it took longer than ${WAIT_MS} ms`);
    await delay(5);
  }
}
