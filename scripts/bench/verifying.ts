import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Measured } from './figures.ts';

const POLL_MS = 20;
const AUDITOR = join(import.meta.dirname, '../../dist/apps/auditor/src/main.js');

export interface VerifyFigures {
  readonly rates: readonly Measured[];
  readonly memory: readonly Measured[];
}

/** Runs the auditor's `verify` as its users do, from its start to its end, on all cores. */
export async function measureVerify(
  dir: string,
  work: { readonly rounds: number; readonly events: number; readonly parse: () => number },
): Promise<VerifyFigures> {
  const rates: Measured[] = [];
  const memory: Measured[] = [];
  for (let round = 0; round < work.rounds; round += 1) {
    const before = work.parse();
    const started = performance.now();
    const peakMb = await verifyOnce(dir);
    const value = (work.events * 1000) / (performance.now() - started);
    rates.push({ value, limit: (before + work.parse()) / 2 });
    memory.push({ value: peakMb, limit: null });
  }
  return { rates, memory };
}

/** @returns the most memory that the process held, in MB */
async function verifyOnce(dir: string): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', AUDITOR, 'verify', dir, '--json'],
    { stdio: ['ignore', 'ignore', 'ignore'] },
  );
  let peakKb = 0;
  const poll = setInterval(() => {
    peakKb = Math.max(peakKb, peakOf(child.pid ?? 0));
  }, POLL_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(poll);
  if (code !== 0) throw new Error(`verify ended with ${code}`);
  return peakKb / 1024;
}

/** Linux keeps the high-water mark of a process; other systems have no such file. */
function peakOf(pid: number): number {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return 0;
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(path, 'utf8'))?.[1] ?? 0);
}
