import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';
import { ViewsBehind } from './faults.js';
import { LiveViews } from './live-views.js';
import { Projector } from './projector.js';
import { casesView, put, streamOf, views } from './sample-views.conformance.js';
import { openViewGenerations, type ViewGenerations } from './view-generations.js';

const CASES = 400;

let dir: string;
let log: EventLog;
let told: string[];
let store: ViewGenerations;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fengqiao-damaged-'));
  told = [];
  const events = { CasePut: z.looseObject({}) };
  log = openMemoryLog({ origin: 'sample', events, now: () => '2026-03-01T00:00:00.000Z' });
  for (let index = 0; index < CASES; index += 1) {
    const event = put(`c-${index}`, { notes: ['一'.repeat(200)] });
    const asked = { commandId: `command-${index}`, actor: 'li-1', fingerprint: '', reads: [] };
    await log.append({ ...asked, writes: [{ stream: streamOf(event), events: [event] }] });
  }
  await open().catchUp();
  await store.close();
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

function open(): LiveViews {
  const scheduler = new SystemClock();
  store = openViewGenerations(dir, views, {
    scheduler,
    onFault: (error) => told.push(String(error)),
  });
  return new LiveViews(new Projector(log, store), store, scheduler);
}

/** Writes over a part of the file, as a failing disk does. */
function damage(from: number, to: number): void {
  const file = openSync(join(dir, 'views-1.db'), 'r+');
  writeSync(file, Buffer.alloc(to - from, 0xa5), 0, to - from, from);
  closeSync(file);
}

const names = () => readdirSync(dir).filter((name) => name.startsWith('views-'));

it('a file that is damaged in the middle is set aside, and the views are made anew', async () => {
  const { size } = statSync(join(dir, 'views-1.db'));
  // The first pages say which tables there are: it can still be opened.
  damage(size / 2, size);
  const live = open();
  expect(told).toEqual([]);
  await expect(live.all(casesView)).rejects.toThrow(ViewsBehind);
  expect(told).toEqual([expect.stringMatching(/views-1\.db is damaged .* set aside/)]);
  expect(await live.all(casesView)).toHaveLength(CASES);
  expect(names().sort()).toEqual(expect.arrayContaining(['views-1.db-damaged', 'views-2.db']));
  await store.close();
  expect(await open().all(casesView)).toHaveLength(CASES);
  expect(told).toHaveLength(1);
});

it('a file that cannot be opened any more as well', async () => {
  damage(0, 100);
  const live = open();
  expect(told).toEqual([expect.stringContaining('views-1.db is damaged')]);
  expect(await live.count(casesView, {})).toBe(CASES);
  expect(names()).toContain('views-1.db-damaged');
});

it('of damaged files the newest is kept', async () => {
  damage(0, 100);
  await open().catchUp();
  await store.close();
  const file = openSync(join(dir, 'views-2.db'), 'r+');
  writeSync(file, 'no database at all', 0);
  closeSync(file);
  await open().catchUp();
  expect(names().filter((name) => name.endsWith('damaged'))).toEqual(['views-2.db-damaged']);
});
