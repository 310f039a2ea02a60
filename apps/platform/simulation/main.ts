import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { audit } from './audit.js';
import { type Plan, planOf, sameAgain, USAGE } from './command-line.js';
import { runSeed, type SeedOptions, type SeedOutcome } from './run-seed.js';

const FINDINGS_TOLD = 10;
const TELL_EVERY = 100;

// What is tried again is logged each time; here that is the weather.
Logger.overrideLogger(false);
const plan = planned();
if (plan !== undefined) process.exitCode = (await simulate(plan)) === 0 ? 0 : 1;

function planned(): Plan | undefined {
  try {
    return planOf(process.argv.slice(2));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`simulate: ${reason}\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

/** With files: an auditor has a look at them as well. Those with findings are kept. */
async function run(options: SeedOptions, hasFiles: boolean): Promise<SeedOutcome> {
  if (!hasFiles) return runSeed(options);
  const dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-simulation-'));
  const outcome = await runSeed({ ...options, dataDir });
  const findings = [...outcome.findings, ...audit(dataDir)];
  if (findings.length === 0) rmSync(dataDir, { recursive: true });
  else console.error(`simulate: the files of seed ${options.seed} are in ${dataDir}`);
  return { ...outcome, findings };
}

/** @returns how many seeds are not clean */
async function simulate(plan: Plan): Promise<number> {
  const { seed: first, seeds, steps, plant, isVerbose } = plan;
  const hear = isVerbose ? (line: string) => console.error(line) : undefined;
  const start = performance.now();
  const sums = { acknowledged: 0, refused: 0, events: 0 };
  const failed: number[] = [];
  let digest = '';
  for (let seed = first; seed < first + seeds; seed += 1) {
    const outcome = await run({ seed, steps, plant, ...(hear && { hear }) }, plan.hasFiles);
    sums.acknowledged += outcome.acknowledged;
    sums.refused += outcome.refused;
    sums.events += outcome.events;
    digest = outcome.digest;
    if (outcome.findings.length > 0) {
      failed.push(seed);
      console.error(`seed ${seed}, step ${outcome.step}: ${outcome.findings.length} findings`);
      for (const finding of outcome.findings.slice(0, FINDINGS_TOLD)) console.error(`  ${finding}`);
      console.error(`  the same again: ${sameAgain(plan, seed)}`);
    }
    const done = seed - first + 1;
    if (done % TELL_EVERY === 0) console.error(`simulate: ${done} of ${seeds} seeds`);
  }
  const seconds = (performance.now() - start) / 1000 / seeds;
  const { acknowledged, refused, events } = sums;
  console.log(
    `${seeds} seeds from ${first}, ${acknowledged} commands acknowledged, ${refused} refused, ` +
      `${events} events, ${failed.length} seeds with findings, ${seconds.toFixed(3)} s a seed` +
      (seeds === 1 ? `, trace ${digest}` : ''),
  );
  return failed.length;
}
