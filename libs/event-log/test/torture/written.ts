import { createHash } from 'node:crypto';
import { z } from 'zod';

export const ORIGIN = 'torture';
export const NAME = 'torture.example/torture';
/** Kinds of streams that all writers share, so that they come into each other's way. */
const KINDS = 5;
/** Commits of one writer until it goes on to other streams: they stay short enough to be read. */
const SPAN = 40;

/** Each event says whose it is, and which version of its stream its writer believed it to be. */
export const tortureEvents = {
  Written: z.strictObject({ writer: z.int(), n: z.int(), version: z.int() }),
};

/** What one writer asks for as its n-th command: the same each time that it is asked. */
export interface Planned {
  readonly commandId: string;
  readonly actor: string;
  readonly streams: readonly string[];
  /** Events on each of the streams. */
  readonly count: number;
}

export function planned(writer: number, n: number): Planned {
  const digits = createHash('sha256').update(`${writer} ${n}`).digest('hex');
  const pick = (at: number, of: number) => Number.parseInt(digits.slice(at, at + 4), 16) % of;
  const span = Math.floor(n / SPAN);
  const first = pick(0, KINDS);
  const streams = [first, ...(n % 3 === 0 ? [(first + 1) % KINDS] : [])];
  return {
    commandId: commandIdOf(n, digits),
    actor: `writer-${writer}`,
    streams: streams.map((kind) => `s-${span}-${kind}`),
    count: 1 + pick(4, 2),
  };
}

/** In time for every second one, as clients make them, and random for the others. */
function commandIdOf(n: number, digits: string): string {
  const time = (0x0195_70c0_0000 + n * 300).toString(16).padStart(12, '0');
  const hex = n % 2 === 0 ? `${time}7${digits.slice(0, 19)}` : digits;
  return [8, 12, 16, 20, 32]
    .map((end, index) => hex.slice([0, 8, 12, 16, 20][index], end))
    .join('-');
}
