import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSignedLog, type SignedLog } from '#libs/event-log';
import { openSqliteKeys, Sealing } from '#libs/privacy';
import { appendFor, appendMany, type AppendRates, type Streams } from './bench/append.ts';
import { type Figure, figureOf, type Goal, line, type Measured } from './bench/figures.ts';
import { probeFlushes } from './bench/flushes.ts';
import { measureRehydrate, measureReplay } from './bench/reading.ts';
import { benchEvents, eventSource, idSource } from './bench/sample-events.ts';
import { measureVerify } from './bench/verifying.ts';

const USAGE = 'npm run bench:log -- [--json] [--rounds N] [--events N] [--dir FOLDER]';
/** A disk that flushes faster than this is not what group commit is for. */
const FLUSHES_MAX = 5_000;
const OLD_STREAMS = 20_000;
const EVENTS_A_STREAM = 50;
const STREAM_EVENTS = 100_000;

const goals = {
  'append-1': { unit: 'events/s', must: 0.65, aim: 0.8 },
  'append-64-new': { unit: 'events/s', must: 7, aim: 11 },
  'append-64-old': { unit: 'events/s', must: 6, aim: 11 },
  'append-256': { unit: 'events/s', must: 8, aim: 12 },
  'append-64-p99': { unit: 'ms', must: 65, aim: 15, atMost: true },
  'rehydrate-50': { unit: 'streams/s', must: 0.25, aim: 0.4 },
  'replay-verified': { unit: 'events/s', must: 0.25, aim: 0.4 },
  verify: { unit: 'events/s', must: 0.5, aim: 0.8 },
  'verify-memory-mb': { unit: 'MB', must: 250, aim: 120, atMost: true },
  'bytes-per-event': { unit: 'bytes', must: 1.6, aim: 1.2, atMost: true },
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
  await measureAppends(join(folder, 'append'));
  await measureStreams(join(folder, 'streams'));
  await measureStored(join(folder, 'stored'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function count(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  process.stderr.write(`bench:log: --${name} must be a number of at least ${least}; ${USAGE}\n`);
  process.exit(1);
}

function tell(figure: FigureName, measured: readonly Measured[]): void {
  const goal: Goal = { figure, ...goals[figure] };
  const result: Figure = figureOf(goal, measured);
  process.stdout.write(`${values.json ? JSON.stringify(result) : line(goal, result)}\n`);
}

interface BenchLog {
  readonly log: SignedLog;
  readonly streams: Streams;
  readonly close: () => Promise<void>;
}

/** A log as a service runs it: signed every second, keys durable before each commit. */
function openLog(dir: string): BenchLog {
  const now = (): string => new Date().toISOString();
  const keysHolder: { flush: () => void } = { flush: () => undefined };
  const log = openSignedLog(dir, {
    origin: 'bench',
    name: 'bench.localhost/bench',
    events: benchEvents,
    now,
    beforeCommit: () => keysHolder.flush(),
    onFault: (error) => process.stderr.write(`${String(error)}\n`),
  });
  const keys = openSqliteKeys(dir);
  keysHolder.flush = () => keys.flush();
  const newId = idSource();
  const eventOf = eventSource(new Sealing(keys), newId);
  const close = async (): Promise<void> => {
    await log.close();
    keys.close();
  };
  return { log, streams: { versions: new Map(), newId, eventOf }, close };
}

async function measureAppends(dir: string): Promise<void> {
  const { log, streams, close } = openLog(dir);
  const old = Array.from({ length: OLD_STREAMS }, streams.newId);
  let turn = 0;
  // A stride through all of them, so that no stream is asked for twice at once.
  const pickOld = (): string => old[(turn = (turn + 7_919) % OLD_STREAMS)] ?? '';
  process.stderr.write(`appends: ${OLD_STREAMS} old streams, then ${rounds} rounds\n`);
  await appendMany(log, streams, OLD_STREAMS, (index) => old[index] ?? '');
  await appendFor(log, streams, 64, streams.newId);
  const measured: Record<string, Measured[]> = {};
  const arm = async (name: FigureName, inFlight: number, pick: () => string): Promise<void> => {
    const { perSecond, p50Ms } = probeFlushes(dir);
    const rates: AppendRates = await appendFor(log, streams, inFlight, pick);
    const limit = inFlight === 1 ? perSecond : Math.min(perSecond, FLUSHES_MAX);
    (measured[name] ??= []).push({ value: rates.perSecond, limit });
    if (inFlight === 64)
      (measured['append-64-p99'] ??= []).push({ value: rates.p99Ms, limit: p50Ms });
  };
  for (let round = 0; round < rounds; round += 1) {
    await arm('append-1', 1, streams.newId);
    await arm('append-64-new', 64, streams.newId);
    await arm('append-64-old', 64, pickOld);
    await arm('append-256', 256, streams.newId);
  }
  await close();
  for (const name of [
    'append-1',
    'append-64-new',
    'append-64-old',
    'append-256',
    'append-64-p99',
  ] as const) {
    tell(name, measured[name] ?? []);
  }
}

/** A log of this many events whose streams have fifty each, one event of each stream in turn. */
async function fill(dir: string, count: number): Promise<readonly string[]> {
  const { log, streams, close } = openLog(dir);
  const disputes = Array.from({ length: count / EVENTS_A_STREAM }, streams.newId);
  process.stderr.write(`fills a log with ${count} events\n`);
  await appendMany(log, streams, count, (index) => disputes[index % disputes.length] ?? '');
  await close();
  return disputes;
}

async function measureStreams(dir: string): Promise<void> {
  const disputes = await fill(dir, Math.min(events, STREAM_EVENTS));
  tell('rehydrate-50', await measureRehydrate(dir, { rounds, disputes }));
}

async function measureStored(dir: string): Promise<void> {
  await fill(dir, events);
  const bytes = readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
  const { replay, payloadBytes, parse } = await measureReplay(dir, { rounds, events });
  tell('replay-verified', replay);
  const verify = await measureVerify(dir, { rounds: Math.min(rounds, 3), events, parse });
  tell('verify', verify.rates);
  tell('verify-memory-mb', verify.memory);
  tell('bytes-per-event', [{ value: bytes / events, limit: payloadBytes }]);
}
