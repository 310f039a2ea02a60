import { statSync } from 'node:fs';
import { LogFolders } from '../test/log-folder.js';
import { concurrencyConformance } from './concurrency.conformance.js';
import { eventLogConformance } from './event-log.conformance.js';
import { LogBusy, LogReadOnly } from './faults.js';
import { QUEUE_MAX } from './group-commit.js';
import {
  commitOf,
  counted,
  countOn,
  growTo,
  type LogStore,
  sampleOptions,
} from './sample-commits.conformance.js';
import { openSqliteLog, type SqliteLogOptions } from './sqlite-log.js';
import { treeConformance } from './tree.conformance.js';
import { unfitEventConformance } from './unfit-event.conformance.js';

const folders = new LogFolders();
afterAll(() => folders.remove());

const open = (dir: string, options: Partial<SqliteLogOptions> = {}) =>
  openSqliteLog(dir, { ...sampleOptions, ...options });

/** Each log in a folder of its own; the last of them can be opened again. */
function newStore(): LogStore {
  let dir = '';
  return {
    open: (options) => openSqliteLog((dir = folders.next()), options),
    reopen: (options) => openSqliteLog(dir, options),
  };
}

describe('the log in SQLite', () => {
  eventLogConformance(newStore());
  concurrencyConformance(newStore(), 40);
  describe('as a tree', () => treeConformance(newStore()));
  describe('given an event', () => unfitEventConformance(newStore()));
});

describe('opened again', () => {
  it('everything is found as it was', async () => {
    const dir = folders.next();
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
    const dir = folders.next();
    const before = open(dir, { now: () => '2026-03-02T00:00:00.000Z' });
    await before.append(countOn('a', 0, 1));
    await before.close();
    const after = open(dir, { now: () => '2026-03-01T00:00:00.000Z' });
    await after.append(countOn('a', 1, 2));
    const [, second] = await after.read(0, 10);
    expect(second?.recordedAt).toBe('2026-03-02T00:00:00.000Z');
    await after.close();
  });

  it('what was asked for in the turn of the closing is there', async () => {
    const dir = folders.next();
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

  it('a closed log takes no more commits', async () => {
    const log = open(folders.next());
    await log.close();
    await expect(log.append(countOn('a', 0, 1))).rejects.toThrow('sample is closed');
  });

  it('its folder is its owner’s alone', async () => {
    const dir = folders.next();
    await open(dir).close();
    expect((statSync(dir).mode & 0o777).toString(8)).toBe('700');
  });
});

describe('more than can be recorded at once', () => {
  it('is refused with a time to wait, and nothing of it is recorded', async () => {
    const log = open(folders.next());
    const asked = Array.from({ length: QUEUE_MAX + 1 }, (_, n) =>
      log.append(countOn(`s-${n}`, 0, n)),
    );
    await expect(asked[QUEUE_MAX]).rejects.toThrow(LogBusy);
    await expect(asked[QUEUE_MAX]).rejects.toMatchObject({ retryAfterMs: 500 });
    await Promise.all(asked.slice(0, QUEUE_MAX));
    expect(await log.head()).toBe(QUEUE_MAX);
    expect(await log.readStream(`s-${QUEUE_MAX}`)).toEqual([]);
    await log.close();
  }, 20_000);
});

describe('what events depend on', () => {
  it('is made durable before they are', async () => {
    const told: string[] = [];
    const log = open(folders.next(), { beforeCommit: () => told.push('flushed') });
    expect(told).toEqual([]);
    await log.append(countOn('a', 0, 1)).then(() => told.push('answered'));
    expect(told).toEqual(['flushed', 'answered']);
    await log.close();
  });

  it('keeps them out when it fails, and the next ones not', async () => {
    const faults = [new Error('no room for the key')];
    const beforeCommit = () => {
      const fault = faults.pop();
      if (fault !== undefined) throw fault;
    };
    const log = open(folders.next(), { beforeCommit });
    await expect(log.append(countOn('a', 0, 1))).rejects.toThrow('no room for the key');
    expect(await log.head()).toBe(0);
    expect(await log.append(countOn('a', 0, 1))).toMatchObject({ status: 'committed', first: 0 });
    await log.close();
  });
});

describe('closed for writing', () => {
  it('it says why, records nothing, and is read as ever', async () => {
    const log = open(folders.next());
    await growTo(log, 300);
    log.closeForWriting('its owner said so');
    log.closeForWriting('and said it again');
    expect(log.readOnly).toBe('its owner said so');
    const refused = log.append(countOn('a', 0, 1));
    await expect(refused).rejects.toThrow(LogReadOnly);
    await expect(refused).rejects.toThrow('sample records nothing: its owner said so');
    expect(await log.head()).toBe(300);
    expect(await log.read(299, 5)).toHaveLength(1);
    expect(await log.readStream('s-1')).toHaveLength(60);
    expect(await log.tile(0, 1, 44)).toHaveLength(44 * 32);
    await log.close();
  });

  it('what waits in that moment is refused as well', async () => {
    const log = open(folders.next());
    const asked = log.append(countOn('a', 0, 1));
    log.closeForWriting('its owner said so');
    await expect(asked).rejects.toThrow(LogReadOnly);
    expect(await log.head()).toBe(0);
    await log.close();
  });
});
