import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { rootAt } from '#libs/transparency';
import { ask, LogFolders } from '../test/log-folder.js';
import type { EventLog } from './event-log.js';
import { openLogFile } from './log-file.js';
import { commitOf, counted, countOn, growTo, sampleOptions } from './sample-commits.conformance.js';
import { openSqliteLog, type SqliteLog, type SqliteLogOptions } from './sqlite-log.js';
import { leavesOf, treeHash } from './tree.conformance.js';

/** How soon one writer has to know of what another has recorded. */
const SOON_MS = 100;

const folders = new LogFolders();
const opened: SqliteLog[] = [];
let dir: string;

beforeEach(() => {
  dir = folders.next();
});
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
});
afterAll(() => folders.remove());

function open(options: Partial<SqliteLogOptions> = {}): SqliteLog {
  const log = openSqliteLog(dir, { ...sampleOptions, ...options });
  opened.push(log);
  return log;
}

async function close(log: SqliteLog): Promise<void> {
  opened.splice(opened.indexOf(log), 1);
  await log.close();
}

/** Resolves with the milliseconds until the log tells of a commit; fails after a second. */
function told(log: EventLog): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error('it told of nothing')), 1_000);
    const stop = log.onAppended(() => {
      clearTimeout(limit);
      stop();
      resolve(performance.now() - start);
    });
  });
}

/** Waits until something holds, at most 3 s. */
async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds() && waited < 3_000; waited += 10) await pause(10);
  expect(holds()).toBe(true);
}

const numbersIn = async (log: EventLog) =>
  (await log.read(0, 1_000)).map(({ event }) => ('n' in event ? event.n : event));

describe('two writers of one folder', () => {
  it('both append, without a gap, and each reads what the other recorded', async () => {
    const [one, other] = [open(), open()];
    expect(await one.append(countOn('a', 0, 1))).toMatchObject({ first: 0 });
    expect(await other.append(countOn('b', 0, 2, 3))).toMatchObject({ first: 1 });
    expect(await one.append(countOn('a', 1, 4))).toMatchObject({ first: 3 });
    await other.append(countOn('b', 2, 5));
    expect(await numbersIn(other)).toEqual([1, 2, 3, 4, 5]);
    await told(one);
    expect(await numbersIn(one)).toEqual([1, 2, 3, 4, 5]);
  });

  it.each([
    ['the first', 0, 1],
    ['the second', 1, 0],
  ])(`each tells of what %s recorded within ${SOON_MS} ms`, async (_, writer, listener) => {
    const logs = [open(), open()];
    const times: number[] = [];
    for (const version of [0, 1, 2]) {
      const heard = told(logs[listener]!);
      await logs[writer]!.append(countOn('a', version, 1));
      times.push(await heard);
      expect(await logs[listener]!.head()).toBe(version + 1);
      expect(await logs[listener]!.readStream('a')).toHaveLength(version + 1);
    }
    // The best of three: the machine has other tests to run as well.
    expect(Math.min(...times)).toBeLessThan(SOON_MS);
  });

  it('what the one expects is held against what the other recorded', async () => {
    const [one, other] = [open(), open()];
    await one.append(countOn('a', 0, 1));
    const late = countOn('a', 0, 2);
    expect(await other.append(late)).toEqual({ status: 'conflict', stream: 'a' });
    const again = { ...late, reads: [{ stream: 'a', version: 1 }] };
    expect(await other.append(again)).toMatchObject({ status: 'committed', first: 1 });
    expect(await one.append(countOn('a', 1, 3))).toEqual({ status: 'conflict', stream: 'a' });
  });

  it('a command of the one is known to the other at once', async () => {
    const [one, other] = [open(), open()];
    const commit = countOn('a', 0, 1);
    await one.append(commit);
    expect(await other.append(commit)).toMatchObject({ status: 'known', known: { first: 0 } });
    expect(await other.command('li-1', commit.commandId)).toMatchObject({ first: 0, count: 1 });
  });

  it('the same command asked of both is recorded once', async () => {
    const [one, other] = [open(), open()];
    const commits = Array.from({ length: 100 }, (_, n) => countOn(`s-${n}`, 0, n));
    const outcomes = await Promise.all(
      commits.flatMap((commit) => [one.append(commit), other.append(commit)]),
    );
    const statuses = outcomes.map(({ status }) => status).sort();
    expect(statuses.slice(0, 100).every((status) => status === 'committed')).toBe(true);
    expect(statuses.slice(100).every((status) => status === 'known')).toBe(true);
    expect(await one.head()).toBe(100);
  });

  it('recorded time does not run backwards between two clocks', async () => {
    const one = open({ now: () => '2026-03-01T00:00:05.000Z' });
    const other = open({ now: () => '2026-03-01T00:00:01.000Z' });
    await one.append(countOn('a', 0, 1));
    await other.append(countOn('b', 0, 2));
    await one.append(countOn('a', 1, 3));
    const times = (await one.read(0, 10)).map(({ recordedAt }) => recordedAt.slice(17, 19));
    expect(times).toEqual(['05', '05', '05']);
  });

  it('the tree over all is the same in both, and that of the entries', async () => {
    const [one, other] = [open(), open()];
    for (let size = 100; size <= 900; size += 200) {
      await growTo(one, size);
      await growTo(other, size + 100);
    }
    await one.append(countOn('z', 0, 1));
    const size = await one.head();
    const root = treeHash(await leavesOf(one));
    expect(await rootAt(size, one)).toBe(root);
    await other.append(countOn('y', 0, 1));
    expect(await rootAt(size, other)).toBe(root);
  });

  it('whoever wrote first, a stream is read whole', async () => {
    const [one, other] = [open(), open()];
    const turns = fc.array(fc.tuple(fc.boolean(), fc.constantFrom('a', 'b')), { maxLength: 30 });
    const versions = { a: 0, b: 0 };
    await fc.assert(
      fc.asyncProperty(turns, async (played) => {
        for (const [isOne, stream] of played) {
          const log = isOne ? one : other;
          await log.append(countOn(stream, versions[stream as 'a'], versions[stream as 'a']));
          versions[stream as 'a'] += 1;
          expect(await log.readStream(stream)).toHaveLength(versions[stream as 'a']);
        }
      }),
      { numRuns: 10 },
    );
  });
});

describe('of two writers', () => {
  it('one leads, and the other takes over when that one is closed', async () => {
    const [one, other] = [open(), open()];
    expect([one.leads, other.leads]).toEqual([true, false]);
    await close(one);
    await until(() => other.leads);
    expect(await other.append(countOn('a', 0, 1))).toMatchObject({ status: 'committed' });
    const third = open();
    expect(third.leads).toBe(false);
  });

  it('the second one opens while the first one has much that is not in the index', async () => {
    const one = open();
    await growTo(one, 2_000);
    const first = (await one.read(0, 1))[0]!;
    const other = open();
    expect(await other.head()).toBe(2_000);
    expect(await other.command('li-1', first.commandId)).toMatchObject({ first: 0 });
    expect(await other.append(countOn('s-1', 400, 1))).toMatchObject({ first: 2_000 });
    expect(await one.append(countOn('s-1', 401, 1))).toMatchObject({ first: 2_001 });
  });
});

describe('while another process is writing', () => {
  it('a commit waits for it, and is recorded after it', async () => {
    const log = open();
    const writer = openLogFile(`${dir}/log.db`, { readOnly: false });
    expect(writer.begin()).toBe(true);
    const asked = log.append(countOn('a', 0, 1));
    await pause(120);
    writer.rollback();
    expect(await asked).toMatchObject({ status: 'committed', first: 0 });
    writer.close();
  });

  it('reading goes on', async () => {
    const log = open();
    await log.append(countOn('a', 0, 1));
    const writer = openLogFile(`${dir}/log.db`, { readOnly: false });
    writer.begin();
    expect(await log.read(0, 10)).toHaveLength(1);
    expect(await log.readStream('a')).toHaveLength(1);
    writer.rollback();
    writer.close();
  });
});

it('a writer that was not asked for long has taken in what others recorded meanwhile', async () => {
  const [one, other] = [open(), open()];
  await growTo(one, 1_500);
  await pause(2 * SOON_MS);
  // Nothing is written here: what is known is what the heartbeat has read.
  expect(await other.head()).toBe(1_500);
  expect(await other.readStream('s-4')).toHaveLength(300);
  expect(ask(dir, 'SELECT count(*) AS n FROM event')).toEqual([{ n: 1_500 }]);
  await other.append(commitOf({ writes: [{ stream: 's-4', events: [counted(1)] }] }));
  expect(await other.readStream('s-4')).toHaveLength(301);
});
