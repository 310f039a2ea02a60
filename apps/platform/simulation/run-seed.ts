import { takeIdsFrom } from '#libs/service';
import { checkConsumers } from './check-consumers.js';
import { checkExpected } from './check-expected.js';
import { checkLog } from './check-log.js';
import { checkAppointments } from './check-appointments.js';
import { checkReactions } from './check-reactions.js';
import { checkViews } from './check-views.js';
import type { Disk, DiskOptions } from './disk.js';
import { fileDisk } from './file-disk.js';
import { type History, historyOf } from './history.js';
import { memoryDisk } from './memory-disk.js';
import { type Plant, SOUND } from './plant.js';
import { Simulation } from './simulation.js';
import { Trace } from './trace.js';

export interface SeedOptions {
  readonly seed: number;
  readonly steps?: number;
  readonly plant?: Plant;
  /** A folder for real files, to which auditors can be sent; without it, all is in memory. */
  readonly dataDir?: string;
  /** Hears each line of what happens. */
  readonly hear?: (line: string) => void;
}

/** What one seed came to. */
export interface SeedOutcome {
  readonly seed: number;
  readonly findings: readonly string[];
  /** The step at which it broke off, or the last. */
  readonly step: number;
  /** The same for every run of the same seed. */
  readonly digest: string;
  readonly acknowledged: number;
  readonly refused: number;
  readonly events: number;
}

export const STEPS = 100;

/** Runs one seed to its end, and holds what is there against what must be. */
export async function runSeed(options: SeedOptions): Promise<SeedOutcome> {
  try {
    return await runOne(options);
  } finally {
    takeIdsFrom();
  }
}

async function runOne(options: SeedOptions): Promise<SeedOutcome> {
  const { seed, steps = STEPS, plant = SOUND, hear, dataDir } = options;
  const trace = new Trace(hear);
  const openDisk =
    dataDir === undefined ? memoryDisk : (of: DiskOptions): Disk => fileDisk(dataDir, of);
  const simulation = new Simulation({ seed, steps, plant, trace, openDisk });
  const findings = [...(await brokenOff(simulation))];
  const history = await historyOf(simulation.town);
  if (findings.length === 0) findings.push(...(await check(simulation, history)));
  for (const disk of simulation.town.disks.values()) await disk.close();
  const { ledger, step } = simulation;
  return {
    seed,
    findings,
    step,
    digest: trace.digest(),
    acknowledged: ledger.acknowledged.length,
    refused: ledger.refused,
    events: [...history.values()].reduce((sum, { length }) => sum + length, 0),
  };
}

async function brokenOff(simulation: Simulation): Promise<readonly string[]> {
  try {
    await simulation.run();
    return [];
  } catch (error) {
    return [
      `it broke off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    ];
  }
}

async function check(simulation: Simulation, history: History): Promise<readonly string[]> {
  const { town, ledger, clock } = simulation;
  const { acknowledged, contradictions } = ledger;
  const findings = [...contradictions];
  for (const disk of town.disks.values()) {
    findings.push(...(await checkLog(disk.log, acknowledged)));
    findings.push(...(await checkViews(disk, history.get(disk.name) ?? [])));
  }
  findings.push(...checkReactions(history), ...(await checkConsumers(town)));
  findings.push(...(await checkAppointments(town, history)));
  findings.push(...(await checkExpected(town, { history, acknowledged, clock })));
  return findings;
}
