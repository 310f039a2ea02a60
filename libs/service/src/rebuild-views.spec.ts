import { jest } from '@jest/globals';
import { SimulatedScheduler } from '#libs/scheduler';
import { rebuildViews } from './rebuild-views.js';

const MINUTE_MS = 60_000;

let scheduler: SimulatedScheduler;
let failures: number;
let tries: number[];
let closing: AbortController;
let told: jest.SpiedFunction<typeof process.stderr.write>;

beforeEach(() => {
  scheduler = new SimulatedScheduler(Date.parse('2026-03-02T00:00:00.000Z'), () => 0);
  failures = 0;
  tries = [];
  closing = new AbortController();
  told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => told.mockRestore());

const views = {
  isOutdated: true,
  rebuild: async () => {
    tries.push(scheduler.elapsedMs());
    if (tries.length <= failures) throw new Error('the disk is full');
    return { generation: 2, comparisons: null };
  },
};
const start = (kept: typeof views = views): void =>
  void rebuildViews({ name: 'door', views: kept }, { scheduler, signal: closing.signal });
const lines = () => told.mock.calls.map(([line]) => String(line));

it('is tried again, ever more slowly, until the new views answer', async () => {
  failures = 3;
  start();
  await scheduler.pass(MINUTE_MS);
  expect(tries).toEqual([0, 1000, 3000, 7000]);
  expect(lines()).toEqual([
    'door: its views were not made anew, tried again in 1 s: the disk is full\n',
    'door: its views were not made anew, tried again in 2 s: the disk is full\n',
    'door: its views were not made anew, tried again in 4 s: the disk is full\n',
    'door: answers from its new views (2)\n',
  ]);
});

it('never waits longer than five minutes', async () => {
  failures = 1000;
  start();
  await scheduler.pass(60 * MINUTE_MS);
  const [before = 0, last = 0] = tries.slice(-2);
  expect(last - before).toBe(5 * MINUTE_MS);
});

it('is given up when the service closes, while it waits and while it works', async () => {
  failures = 1000;
  start();
  await scheduler.pass(1500);
  closing.abort();
  await scheduler.pass(60 * MINUTE_MS);
  expect([tries, lines().length]).toEqual([[0, 1000], 2]);
  start();
  await scheduler.pass(60 * MINUTE_MS);
  expect([tries.length, lines().length]).toEqual([2, 2]);
});

it('is not tried again once somebody else has made them', async () => {
  failures = 1000;
  const kept = { ...views };
  start(kept);
  await scheduler.pass(0);
  kept.isOutdated = false;
  await scheduler.pass(60 * MINUTE_MS);
  expect(tries).toEqual([0]);
});
