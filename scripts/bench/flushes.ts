import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { quantile } from './figures.ts';

const BYTES = 12_288;
const PROBE_MS = 300;

/** How fast this disk makes a growing file durable, 12 KiB at a time: the limit of a lone append. */
export function probeFlushes(dir: string): { readonly perSecond: number; readonly p50Ms: number } {
  const path = join(dir, 'flush-probe');
  const file = openSync(path, 'w');
  const block = Buffer.alloc(BYTES, 7);
  const times: number[] = [];
  const started = performance.now();
  let before = started;
  while (before - started < PROBE_MS) {
    writeSync(file, block, 0, BYTES, times.length * BYTES);
    fdatasyncSync(file);
    const now = performance.now();
    times.push(now - before);
    before = now;
  }
  closeSync(file);
  rmSync(path);
  return { perSecond: (times.length * 1000) / (before - started), p50Ms: quantile(times, 0.5) };
}
