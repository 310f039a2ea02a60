import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concurrencyConformance } from './concurrency.conformance.js';
import {
  commitOf,
  counted,
  countOn,
  eventLogConformance,
  sampleEvents,
} from './event-log.conformance.js';
import type { EventLog } from './event-log.js';
import { DataDirInUse } from './faults.js';
import { openSqliteLog } from './sqlite-log.js';

let folder: string;
let opened = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-log-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function newDir(): string {
  opened += 1;
  return join(folder, String(opened));
}

function open(dir: string, now = '2026-03-01T00:00:00.000Z'): EventLog {
  return openSqliteLog(dir, { origin: 'sample', events: sampleEvents, now: () => now });
}

describe('the log in SQLite', () => {
  eventLogConformance((options) => openSqliteLog(newDir(), options));
  concurrencyConformance((options) => openSqliteLog(newDir(), options), 60);
});

describe('opened again', () => {
  it('everything is found as it was', async () => {
    const dir = newDir();
    const before = open(dir);
    const first = countOn('a', 0, 1, 2);
    await before.append(first);
    await before.append(countOn('b', 0, 3));
    const entries = await before.read(0, 10);
    await before.close();

    const after = open(dir);
    expect(await after.read(0, 10)).toEqual(entries);
    expect(await after.head()).toBe(3);
    expect(await after.command('li-1', first.commandId)).toMatchObject({ first: 0, count: 2 });
    expect(await after.append(first)).toMatchObject({ status: 'known' });
    expect(await after.append(countOn('a', 2, 4))).toMatchObject({ status: 'committed', first: 3 });
    await after.close();
  });

  it('recorded time goes on from where it was, under a clock that was set back', async () => {
    const dir = newDir();
    const before = open(dir, '2026-03-02T00:00:00.000Z');
    await before.append(countOn('a', 0, 1));
    await before.close();
    const after = open(dir, '2026-03-01T00:00:00.000Z');
    await after.append(countOn('a', 1, 2));
    const [, second] = await after.read(0, 10);
    expect(second?.recordedAt).toBe('2026-03-02T00:00:00.000Z');
    await after.close();
  });

  it('what was asked for in the turn of the closing is there', async () => {
    const dir = newDir();
    const before = open(dir);
    const asked = Array.from({ length: 600 }, (_, n) =>
      before.append(commitOf({ writes: [{ stream: `s-${n}`, events: [counted(n)] }] })),
    );
    await before.close();
    await Promise.all(asked);
    const after = open(dir);
    expect(await after.head()).toBe(600);
    await after.close();
  });
});

describe('one writer', () => {
  it('a second opener in the same process is refused, and may open it after the first', async () => {
    const dir = newDir();
    const first = open(dir);
    expect(() => open(dir)).toThrow(DataDirInUse);
    await first.append(countOn('a', 0, 1));
    await first.close();
    const second = open(dir);
    expect(await second.head()).toBe(1);
    await second.close();
  });

  it('a closed log takes no more commits', async () => {
    const log = open(newDir());
    await log.close();
    await expect(log.append(countOn('a', 0, 1))).rejects.toThrow();
  });

  it('its folder is its owner’s alone', async () => {
    const dir = newDir();
    await open(dir).close();
    expect((statSync(dir).mode & 0o777).toString(8)).toBe('700');
  });
});
