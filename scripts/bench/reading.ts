import {
  Commands,
  decodeEntry,
  openSignedLog,
  replayVerified,
  type SignedLog,
} from '#libs/event-log';
import { openCheckpoint, parseVerifierKey } from '#libs/transparency';
import type { Measured } from './figures.ts';
import { type BenchEvent, benchEvents } from './sample-events.ts';

const SAMPLE = 100_000;
const PAGE = 1_000;
const EVENTS_A_STREAM = 50;
const REHYDRATE_MS = 1_000;

/** Something to fold: how many disputes of each kind were noted, and when last. */
const disputes = {
  category: 'dispute',
  initial: { count: 0, last: '' },
  evolve: ({ count }: { count: number; last: string }, { at }: BenchEvent) => ({
    count: count + 1,
    last: at,
  }),
};

/** A log to be read, and `JSON.parse` of its payloads to read it against. */
interface Opened {
  readonly signed: SignedLog;
  readonly payloadBytes: number;
  /** Events a second on one core, measured anew at each call. */
  readonly parse: () => number;
}

export interface ReplayFigures {
  readonly replay: readonly Measured[];
  readonly payloadBytes: number;
  readonly parse: () => number;
}

async function open(dir: string): Promise<Opened> {
  const signed = openSignedLog(dir, {
    origin: 'bench',
    name: 'bench.localhost/bench',
    events: benchEvents,
    now: () => new Date().toISOString(),
  });
  const payloads = await payloadsOf(signed.log, Math.min(await signed.log.head(), SAMPLE));
  const bytes = payloads.reduce((sum, payload) => sum + Buffer.byteLength(payload), 0);
  return { signed, payloadBytes: bytes / payloads.length, parse: () => parseRate(payloads) };
}

/** Loads and folds streams of fifty events, which lie far apart in the log. */
export async function measureRehydrate(
  dir: string,
  work: { readonly rounds: number; readonly disputes: readonly string[] },
): Promise<readonly Measured[]> {
  const { signed, parse } = await open(dir);
  const commands = new Commands(signed.log);
  const rehydrate: Measured[] = [];
  for (let round = 0; round < work.rounds; round += 1) {
    const before = parse();
    const value = await rehydrateRate(commands, work.disputes);
    rehydrate.push({ value, limit: (before + parse()) / 2 / EVENTS_A_STREAM });
  }
  await signed.close();
  return rehydrate;
}

/** Replays the whole log against its newest checkpoint. */
export async function measureReplay(
  dir: string,
  work: { readonly rounds: number; readonly events: number },
): Promise<ReplayFigures> {
  const { signed, payloadBytes, parse } = await open(dir);
  const committed = openCheckpoint(signed.checkpoint() ?? '', [parseVerifierKey(signed.vkey)]);
  const replay: Measured[] = [];
  for (let round = 0; round < work.rounds; round += 1) {
    const before = parse();
    const started = performance.now();
    let seen = 0;
    await replayVerified(signed.log, benchEvents, committed, (page) => {
      seen += page.length;
    });
    if (seen !== work.events) throw new Error(`${seen} of ${work.events} events were replayed`);
    const value = (seen * 1000) / (performance.now() - started);
    replay.push({ value, limit: (before + parse()) / 2 });
  }
  await signed.close();
  return { replay, payloadBytes, parse };
}

async function payloadsOf(
  log: { entries(from: number, limit: number): Promise<readonly Uint8Array[]> },
  count: number,
): Promise<readonly string[]> {
  const payloads: string[] = [];
  while (payloads.length < count) {
    const from = payloads.length;
    const entries = await log.entries(from, PAGE);
    payloads.push(...entries.map((bytes, index) => decodeEntry(from + index, bytes).payload));
  }
  return payloads;
}

function parseRate(payloads: readonly string[]): number {
  const started = performance.now();
  let found = 0;
  for (const payload of payloads) found += Object.keys(JSON.parse(payload) as object).length & 1;
  if (found < 0) throw new Error('unreachable');
  return (payloads.length * 1000) / (performance.now() - started);
}

async function rehydrateRate(commands: Commands, ids: readonly string[]): Promise<number> {
  const started = performance.now();
  let loaded = 0;
  while (performance.now() - started < REHYDRATE_MS) {
    const id = ids[(loaded * 7_919) % ids.length] ?? '';
    const { count } = await commands.read(disputes, id);
    if (count !== EVENTS_A_STREAM) throw new Error(`a stream has ${count} events`);
    loaded += 1;
  }
  return (loaded * 1000) / (performance.now() - started);
}
