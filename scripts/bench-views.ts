import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeEntry } from '#libs/event-log';
import { bareUpdates } from './bench/bare-updates.ts';
import { type Figure, figureOf, type Goal, line, type Measured } from './bench/figures.ts';
import { measureReactions, measureVisible } from './bench/reactions.ts';
import {
  type BenchService,
  catchUpAll,
  dropBenchViews,
  fillBenchLog,
  measureBeside,
  measurePages,
  openBenchLog,
  projectAll,
  rebuildAll,
} from './bench/views.ts';

const USAGE = 'npm run bench:views -- [--json] [--rounds N] [--events N] [--dir FOLDER]';
const SAMPLE = 100_000;
const REACTED = 20_000;
const VISIBLE_S = 5;

const goals = {
  project: { unit: 'events/s', must: 0.15, aim: 0.22 },
  'project-bare': { unit: 'rows/s', must: 0.15, aim: 0.22 },
  'catch-up': { unit: 'events/s', must: 0.15, aim: 0.22 },
  rebuild: { unit: 'events/s', must: 0.8, aim: 1.5 },
  page: { unit: 'pages/s', must: 0.5, aim: 0.8 },
  'rebuild-p99': { unit: 'ms', must: 2, aim: 1.2, atMost: true },
  react: { unit: 'events/s', must: 0.25, aim: 0.5 },
  'visible-p99-ms': { unit: 'ms', must: 60, aim: 20, atMost: true },
} as const satisfies Readonly<Record<string, Omit<Goal, 'figure'>>>;

type FigureName = keyof typeof goals;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    events: { type: 'string', default: '1000000' },
    dir: { type: 'string', default: tmpdir() },
  },
});
const rounds = count('rounds', values.rounds, 1);
const events = count('events', values.events, 10_000);
const folder = mkdtempSync(join(values.dir, 'fengqiao-bench-'));
try {
  await measureViews(join(folder, 'views'));
  await measureReacting();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function count(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  process.stderr.write(`bench:views: --${name} must be a number of at least ${least}; ${USAGE}\n`);
  process.exit(1);
}

function tell(figure: FigureName, measured: readonly Measured[]): void {
  const goal: Goal = { figure, ...goals[figure] };
  const result: Figure = figureOf(goal, measured);
  process.stdout.write(`${values.json ? JSON.stringify(result) : line(goal, result)}\n`);
}

async function measureViews(dir: string): Promise<void> {
  process.stderr.write(`fills a log with ${events} events, then ${rounds} rounds\n`);
  await fillBenchLog(dir, events);
  const service: BenchService = { dir, signed: openBenchLog(dir) };
  const payloads = await payloadsOf(service);
  const measured = {
    project: [] as Measured[],
    'project-bare': [] as Measured[],
    'catch-up': [] as Measured[],
    rebuild: [] as Measured[],
    page: [] as Measured[],
    'rebuild-p99': [] as Measured[],
  };
  for (let round = 0; round < rounds; round += 1) {
    dropBenchViews(service);
    const before = parseRate(payloads);
    const project = await projectAll(service, events);
    const between = parseRate(payloads);
    measured.project.push({ value: project, limit: (before + between) / 2 });
    measured['project-bare'].push({ value: bareUpdates(dir), limit: between });
    dropBenchViews(service);
    const value = await catchUpAll(service, events);
    measured['catch-up'].push({ value, limit: (between + parseRate(payloads)) / 2 });
    measured.page.push(await measurePages(service));
    measured.rebuild.push({ value: await rebuildAll(service, events), limit: project });
    measured['rebuild-p99'].push(await measureBeside(service));
  }
  await service.signed.close();
  for (const figure of [
    'project',
    'project-bare',
    'catch-up',
    'rebuild',
    'page',
    'rebuild-p99',
  ] as const) {
    tell(figure, measured[figure]);
  }
}

/** Each round in a folder of its own: what was reacted to once would not be again. */
async function measureReacting(): Promise<void> {
  const react: Measured[] = [];
  const visible: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    react.push(await measureReactions(join(folder, `react-${round}`), REACTED));
    visible.push(await measureVisible(join(folder, `visible-${round}`), VISIBLE_S));
  }
  tell('react', react);
  tell('visible-p99-ms', visible);
}

async function payloadsOf({ signed }: BenchService): Promise<readonly string[]> {
  const payloads: string[] = [];
  for (let from = 0; from < Math.min(events, SAMPLE); from = payloads.length) {
    const entries = await signed.log.entries(from, 1_000);
    payloads.push(...entries.map((bytes, index) => decodeEntry(from + index, bytes).payload));
  }
  return payloads;
}

/** Events a second on one core. */
function parseRate(payloads: readonly string[]): number {
  const started = performance.now();
  let found = 0;
  for (const payload of payloads) found += Object.keys(JSON.parse(payload) as object).length & 1;
  if (found < 0) throw new Error('unreachable');
  return (payloads.length * 1000) / (performance.now() - started);
}
