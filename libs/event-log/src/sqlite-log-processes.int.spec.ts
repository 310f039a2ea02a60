import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { EventLog } from './event-log.js';
import { sampleEvents } from './event-log.conformance.js';
import { DataDirInUse } from './faults.js';
import { openSqliteLog } from './sqlite-log.js';

const script = fileURLToPath(new URL('fixtures/append-commits.mjs', import.meta.url));
const built = fileURLToPath(new URL('../../../dist/libs/event-log/src/index.js', import.meta.url));
/** Far more than a child needs; a child that says nothing fails its test by then. */
const LIMIT_MS = 20_000;
/**
 * After how many acknowledged commits each round is killed: mostly at the end of a batch of 20,
 * when the next one is being written.
 */
const KILLED_AFTER = [1, 7, 20, 20, 40, 60, 140, 260, 400];
/** Commits of the round before that the next one sends again, as a client would. */
const REPEATED = 30;

let dir: string;
let children: Child[];

type Child = ChildProcessByStdio<null, Readable, null>;

beforeAll(() => {
  if (!existsSync(built)) throw new Error(`${built} is missing: run npm run build first`);
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fengqiao-log-'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

const open = (): EventLog =>
  openSqliteLog(dir, { origin: 'sample', events: sampleEvents, now: () => '' });

function start(from: number): Child {
  const child = spawn(process.execPath, [script, dir, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  children.push(child);
  return child;
}

/** All lines that the child printed until it was killed, which is after `count` of them. */
async function linesUntilKilled(child: Child, count: number): Promise<readonly string[]> {
  const lines: string[] = [];
  const closed = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    if (lines.push(line) === count) child.kill('SIGKILL');
  }
  await closed;
  expect(lines.length).toBeGreaterThanOrEqual(count);
  return lines;
}

describe('the folder of a log belongs to one process', () => {
  it('a second one is refused in one line that says what to do', async () => {
    const child = start(0);
    await once(child.stdout, 'data');
    expect(open).toThrow(DataDirInUse);
    expect(open).toThrow(/^[^\n]+ is in use by another running process: stop that first$/);
  }, 30_000);

  it('a killed one has left it free', async () => {
    await linesUntilKilled(start(0), 1);
    const log = open();
    expect(await log.head()).toBeGreaterThanOrEqual(0);
    await log.close();
  }, 30_000);
});

it('killed at any moment, it has lost nothing acknowledged and doubled nothing', async () => {
  const acknowledged = new Map<number, number>();
  for (const count of KILLED_AFTER) {
    const from = Math.max(0, Math.max(...acknowledged.keys(), 0) - REPEATED);
    const [opened, ...lines] = await linesUntilKilled(start(from), count + 1);
    expect(opened).toBe('open');
    for (const line of lines) {
      const [n = NaN, first = NaN] = line.split(' ').map(Number);
      // A repeat is answered with the position of the first time.
      expect([n, acknowledged.get(n) ?? first]).toEqual([n, first]);
      acknowledged.set(n, first);
    }
    await checkWhole(acknowledged);
  }
}, 120_000);

/** Every entry is where it belongs, and every acknowledged commit is there, once and whole. */
async function checkWhole(acknowledged: ReadonlyMap<number, number>): Promise<void> {
  const log = open();
  const entries = await log.read(0, await log.head());
  await log.close();
  const placesOf = new Map<number, number[]>();
  for (const [position, entry] of entries.entries()) {
    expect(entry.position).toBe(position);
    const n = 'n' in entry.event ? Number(entry.event.n) : NaN;
    expect(entry.commandId).toBe(`command-${n}`);
    placesOf.set(n, [...(placesOf.get(n) ?? []), position]);
  }
  for (const [n, places] of placesOf) {
    const first = acknowledged.get(n) ?? places[0]!;
    expect([n, places]).toEqual([n, n % 3 === 0 ? [first, first + 1] : [first]]);
  }
  // They were asked for in order, so those that are there leave no number out.
  expect([...placesOf.keys()]).toEqual(Array.from({ length: placesOf.size }, (_, n) => n));
  expect([...acknowledged.keys()].filter((n) => !placesOf.has(n))).toEqual([]);
}
