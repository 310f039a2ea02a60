import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AccessHouse } from './bench/access-house.ts';
import { type Figure, figureOf, type Goal, line, type Measured } from './bench/figures.ts';

const USAGE = 'npm run bench:access -- [--json] [--rounds N] [--seconds N] [--dir FOLDER]';

/** With sign-in, rights and guards on, against the same house without them, turn by turn. */
const goal: Goal = { figure: 'screens', unit: 'screens/s', must: 0.8, aim: 0.9 };

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    dir: { type: 'string', default: tmpdir() },
  },
});
const rounds = count('rounds', values.rounds);
const seconds = count('seconds', values.seconds);
const folder = mkdtempSync(join(values.dir, 'fengqiao-bench-'));
try {
  tell(figureOf(goal, await measure()));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  process.stderr.write(`bench:access: --${name} must be a number of at least 1; ${USAGE}\n`);
  process.exit(1);
}

async function measure(): Promise<readonly Measured[]> {
  const on = await AccessHouse.start(folder);
  const off = await AccessHouse.start(folder);
  off.unguard();
  const measured: Measured[] = [];
  try {
    // Both are warm before anything counts.
    await rateOf(() => on.guarded());
    await rateOf(() => off.plain());
    for (let round = 0; round < rounds; round += 1) {
      const limit = await rateOf(() => off.plain());
      measured.push({ value: await rateOf(() => on.guarded()), limit });
    }
  } finally {
    await on.close();
    await off.close();
  }
  return measured;
}

/** How often it is done in a second, one after the other. */
async function rateOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < seconds * 1000) {
    await work();
    done += 1;
  }
  return (done * 1000) / (performance.now() - start);
}

function tell(figure: Figure): void {
  if (values.json) process.stdout.write(`${JSON.stringify(figure)}\n`);
  else process.stdout.write(`${line(goal, figure)}\n`);
}
