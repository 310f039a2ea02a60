import type { CommandIo } from './command.js';
import { progressLine } from './verify/progress-line.js';

/** Hears how much of a long work is done. */
export type Tell = (done: number, total: number) => void;

/** Does a long work that tells how far it is; what it has found is written after it. */
export async function withProgress<Found>(
  io: CommandIo,
  service: string,
  work: (tell: Tell) => Promise<Found>,
): Promise<Found> {
  const line = progressLine(io, service);
  try {
    return await work((done, total) => line.tell(done, total));
  } finally {
    line.clear();
  }
}
