import { type MongoLog, type MongoLogOptions, openMongoLog } from '#libs/event-log';
import { rootAt } from '#libs/transparency';
import { decodeEntry } from '../../libs/event-log/src/entry.js';
import {
  commitOf,
  counted,
  countOn,
  growTo,
  sampleOptions,
} from '../../libs/event-log/src/sample-commits.conformance.js';
import { leavesOf, treeHash } from '../../libs/event-log/src/tree.conformance.js';
import { mongoFixture } from './mongodb-fixture.ts';

const fixture = await mongoFixture();
const opened: MongoLog[] = [];
let database: string;

beforeEach(() => {
  database = fixture?.newDatabase() ?? '';
});
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
});
afterAll(() => fixture?.close());

function open(options: Partial<MongoLogOptions> = {}): MongoLog {
  if (fixture === undefined) throw new Error('no server');
  const { mongo } = fixture;
  const log = openMongoLog({ mongo, database }, { ...sampleOptions, heartbeatMs: 20, ...options });
  opened.push(log);
  return log;
}

const collection = (name: string) => {
  if (fixture === undefined) throw new Error('no server');
  return fixture.mongo.database(database).collection<{ _id: number | string }>(name);
};

const heard = (log: MongoLog) =>
  new Promise<void>((resolve) => {
    const stop = log.onAppended(() => {
      stop();
      resolve();
    });
  });

const numbersIn = async (log: MongoLog) =>
  (await log.read(0, 1_000)).map(({ event }) => ('n' in event ? event.n : event));

(fixture === undefined ? describe.skip : describe)('several writers of one log in MongoDB', () => {
  it('append without a gap, and each reads what the others recorded', async () => {
    const [one, other] = [open(), open()];
    expect(await one.append(countOn('a', 0, 1))).toMatchObject({ first: 0 });
    expect(await other.append(countOn('b', 0, 2, 3))).toMatchObject({ first: 1 });
    expect(await one.append(countOn('a', 1, 4))).toMatchObject({ first: 3 });
    await other.append(countOn('b', 2, 5));
    for (let tries = 0; tries < 100 && (await one.head()) < 5; tries += 1) await heard(one);
    expect(await numbersIn(other)).toEqual([1, 2, 3, 4, 5]);
    expect(await numbersIn(one)).toEqual([1, 2, 3, 4, 5]);
  });

  it('hold what the one expects against what the other recorded', async () => {
    const [one, other] = [open({ heartbeatMs: 60_000 }), open({ heartbeatMs: 60_000 })];
    await Promise.all([one.opened, other.opened]);
    await one.append(countOn('a', 0, 1));
    const late = countOn('a', 0, 2);
    expect(await other.append(late)).toEqual({ status: 'conflict', stream: 'a' });
    const again = { ...late, reads: [{ stream: 'a', version: 1 }] };
    expect(await other.append(again)).toMatchObject({ status: 'committed', first: 1 });
    expect(await one.append(countOn('a', 1, 3))).toEqual({ status: 'conflict', stream: 'a' });
  });

  it('record the same commands once, under contention', async () => {
    const writers = [open(), open(), open()];
    const commits = Array.from({ length: 120 }, (_, n) => countOn(`s-${n}`, 0, n));
    const outcomes = await Promise.all(
      commits.flatMap((commit) => writers.map((writer) => writer.append(commit))),
    );
    const committed = outcomes.filter(({ status }) => status === 'committed');
    const known = outcomes.filter(({ status }) => status === 'known');
    expect([committed.length, known.length]).toEqual([120, 240]);
    const fresh = open();
    expect(await fresh.head()).toBe(120);
    const commands = (await fresh.entries(0, 200)).map((bytes, at) => decodeEntry(at, bytes));
    expect(new Set(commands.map(({ commandId }) => commandId)).size).toBe(120);
    expect(await rootAt(120, fresh)).toBe(treeHash(await leavesOf(fresh)));
  });

  it('keep recorded time from running backwards between two clocks', async () => {
    const one = open({ now: () => '2026-03-01T00:00:05.000Z' });
    const other = open({ now: () => '2026-03-01T00:00:01.000Z' });
    await one.append(countOn('a', 0, 1));
    await other.append(countOn('b', 0, 2));
    const times = (await other.read(0, 2)).map(({ recordedAt }) => recordedAt.slice(17, 19));
    expect(times).toEqual(['05', '05']);
  });

  it('find again what lies far behind the newest commits', async () => {
    const first = commitOf({ writes: [{ stream: 'old-1', events: [counted(1)] }] });
    const log = open();
    await log.append(first);
    await growTo(log, 9_000, 3);
    await log.close();
    opened.splice(0);
    const after = open();
    expect(await after.command('li-1', first.commandId)).toMatchObject({ first: 0, count: 1 });
    expect(await after.append(first)).toMatchObject({ status: 'known' });
    expect(await after.append(countOn('old-1', 0, 2))).toMatchObject({ status: 'conflict' });
    expect(await after.append(countOn('old-1', 1, 2))).toMatchObject({ first: 9_000 });
    expect((await after.readStream('old-1')).map(({ position }) => position)).toEqual([0, 9_000]);
    expect(await after.append(countOn('old-2', 0, 1))).toMatchObject({ status: 'committed' });
  }, 60_000);
});

(fixture === undefined ? describe.skip : describe)('damage to a log in MongoDB', () => {
  const grown = async (): Promise<void> => {
    const log = open();
    for (let n = 0; n < 5; n += 1) await log.append(countOn('a', n, n));
    await log.close();
    opened.splice(0);
  };

  it.each([
    [
      'a commit is gone',
      () => collection('commits').deleteOne({ _id: 2 }),
      /has a gap before position 3/,
    ],
    [
      'the newest commit says another end',
      () => collection('commits').updateOne({ _id: 4 }, { $set: { end: 9 } }),
      /has a gap/,
    ],
    [
      'its format is a newer one',
      () => collection('about').updateOne({ _id: 'log' }, { $set: { format: 2 } }),
      /format 2 was found, this version reads up to 1/,
    ],
    [
      'it is another service’s',
      () => collection('about').updateOne({ _id: 'log' }, { $set: { origin: 'other' } }),
      /is the log of other, not of sample/,
    ],
  ])('%s: it is read-only and says why', async (_, change, told) => {
    await grown();
    await change();
    const log = open();
    await expect(log.append(countOn('a', 5, 5))).rejects.toThrow(told);
    expect(log.readOnly).toMatch(told);
  });

  it('a commit that another writer left a gap before closes the log', async () => {
    await grown();
    const log = open({ heartbeatMs: 60_000 });
    await log.opened;
    const [newest] = await collection('commits').find({ _id: 4 }).toArray();
    await collection('commits').insertOne({ ...newest, _id: 6, end: 7, command: 'x\ny' } as never);
    await log.append(countOn('b', 0, 1));
    await expect(log.append(countOn('b', 1, 2))).rejects.toThrow();
    expect(log.readOnly).toMatch(/has a gap|names other|not that of its events|says that it is/);
  });

  it('a tile that is gone is made again from the entries', async () => {
    const log = open();
    await growTo(log, 600);
    const tile = Buffer.from(await log.tile(0, 1, 256));
    await log.close();
    opened.splice(0);
    await collection('tiles').deleteOne({ _id: '0/1' });
    const after = open();
    expect(Buffer.compare(await after.tile(0, 1, 256), tile)).toBe(0);
    expect(await rootAt(600, after)).toBe(treeHash(await leavesOf(after)));
    expect(await collection('tiles').countDocuments({ _id: '0/1' })).toBe(1);
  });

  it('bytes that were changed are told by whoever reads them', async () => {
    await grown();
    const entry = Buffer.from('not an entry');
    await collection('commits').updateOne({ _id: 1 }, { $set: { entries: [entry] } });
    await expect(open().read(0, 5)).rejects.toThrow(/entry 1 is not what was written/);
  });
});
