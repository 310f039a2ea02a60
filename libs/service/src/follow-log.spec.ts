import { SimulatedScheduler } from '#libs/scheduler';
import { followLog } from './follow-log.js';

let scheduler: SimulatedScheduler;
let listeners: Set<() => void>;
let read: number[];
let fault: Error | undefined;
let stop: () => void;

beforeEach(() => {
  scheduler = new SimulatedScheduler(Date.parse('2026-03-02T00:00:00.000Z'), () => 0);
  listeners = new Set();
  read = [];
  fault = undefined;
  const log = {
    onAppended: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const views = {
    catchUp: async () => {
      read.push(scheduler.elapsedMs());
      if (fault !== undefined) throw fault;
    },
  };
  stop = followLog({ log, views }, scheduler);
});

const append = (): void => listeners.forEach((listener) => listener());

it('reads what was appended within a second, together, though nobody asks', async () => {
  append();
  await scheduler.pass(100);
  append();
  await scheduler.pass(900);
  expect(read).toEqual([500]);
  append();
  await scheduler.pass(1000);
  expect(read).toEqual([500, 1500]);
});

it('leaves a log alone to which nothing was appended', async () => {
  await scheduler.pass(60_000);
  expect(read).toEqual([]);
});

it('goes on after a fault', async () => {
  fault = new Error('the disk is full');
  append();
  await scheduler.pass(1000);
  append();
  await scheduler.pass(1000);
  expect(read).toEqual([500, 1500]);
});

it('ends with the service, also what was put off', async () => {
  append();
  stop();
  await scheduler.pass(1000);
  expect([read, listeners.size]).toEqual([[], 0]);
});
