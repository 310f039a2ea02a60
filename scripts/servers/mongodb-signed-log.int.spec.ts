import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSignedMongoLog, type SignedMongoLog } from '#libs/event-log';
import { openCheckpoint, parseVerifierKey, rootAt } from '#libs/transparency';
import {
  countOn,
  growTo,
  sampleOptions,
} from '../../libs/event-log/src/sample-commits.conformance.js';
import { mongoFixture } from './mongodb-fixture.ts';

const NAME = 'test.localhost/sample';
const fixture = await mongoFixture();
const root = mkdtempSync(join(tmpdir(), 'fengqiao-signed-'));
let database: string;
let dir: string;
let opened: SignedMongoLog[] = [];

beforeEach(() => {
  database = fixture?.newDatabase() ?? '';
  dir = join(root, database);
});
afterEach(async () => {
  for (const signed of opened) await signed.close();
  opened = [];
});
afterAll(async () => {
  await fixture?.close();
  rmSync(root, { recursive: true, force: true });
});

function open(name = NAME): SignedMongoLog {
  if (fixture === undefined) throw new Error('no server');
  const place = { mongo: fixture.mongo, database, checkpoints: `${database}-signed`, dir };
  const signed = openSignedMongoLog(place, { ...sampleOptions, name });
  opened.push(signed);
  return signed;
}

async function close(signed: SignedMongoLog): Promise<void> {
  opened = opened.filter((each) => each !== signed);
  await signed.close();
}

const collection = (of: string, name: string) => {
  if (fixture === undefined) throw new Error('no server');
  return fixture.mongo.database(of).collection<{ _id: number | string }>(name);
};

const signedSize = ({ vkey, checkpoint }: { vkey: string; checkpoint: string }) =>
  openCheckpoint(checkpoint, [parseVerifierKey(vkey)]);

(fixture === undefined ? describe.skip : describe)('a signed log in MongoDB', () => {
  it('signs the tree over its events, and goes on from there', async () => {
    const signed = open();
    await growTo(signed.log, 300);
    await signed.sign();
    const first = signedSize({ vkey: signed.vkey, checkpoint: signed.checkpoint() ?? '' });
    expect(first).toMatchObject({ size: 300, root: await rootAt(300, signed.log) });
    await close(signed);
    const after = open();
    await after.log.append(countOn('b', 0, 1));
    await close(after);
    const last = open();
    await last.opened;
    expect(last.vkey).toBe(signed.vkey);
    const { size } = signedSize({ vkey: last.vkey, checkpoint: last.checkpoint() ?? '' });
    expect(size).toBe(301);
  });

  it('is signed by one of two processes, and shown by both', async () => {
    const [one, other] = [open(), open()];
    await Promise.all([one.opened, other.opened]);
    expect([one.log.leads, other.log.leads].filter(Boolean)).toHaveLength(1);
    const [leader, follower] = one.log.leads ? [one, other] : [other, one];
    await leader.log.append(countOn('a', 0, 1));
    await leader.sign();
    await follower.sign();
    expect(follower.checkpoint()).toBe(leader.checkpoint());
    expect(await collection(`${database}-signed`, 'checkpoints').countDocuments({})).toBe(1);
  });

  it('is taken over once the one that signed has closed', async () => {
    const [one, other] = [open(), open()];
    await Promise.all([one.opened, other.opened]);
    const [leader, follower] = one.log.leads ? [one, other] : [other, one];
    await close(leader);
    expect(await follower.log.tryToLead()).toBe(true);
  });

  it.each([
    [
      'behind what it has signed',
      () => collection(database, 'commits').deleteMany({ _id: { $gte: 2 } }),
      'it ends at 2 events, but has signed 3',
    ],
    ['without its key', async () => rmSync(join(dir, 'signing.key')), 'its signing.key is gone'],
    [
      'with a checkpoint that is not its own',
      () =>
        collection(`${database}-signed`, 'checkpoints').updateMany({}, { $set: { note: 'no' } }),
      'its newest checkpoint is not its own',
    ],
  ])('%s it is read-only and says why', async (_, change, told) => {
    const before = open();
    for (let n = 0; n < 3; n += 1) await before.log.append(countOn('a', n, n));
    await close(before);
    await change();
    const after = open();
    await after.opened;
    expect(after.log.readOnly).toContain(told);
    await expect(after.log.append(countOn('b', 0, 1))).rejects.toThrow(told);
    expect(await after.log.read(0, 2)).toHaveLength(2);
  });

  it('that has gone on otherwise than it has signed is read-only', async () => {
    const before = open();
    await before.log.append(countOn('a', 0, 1));
    await close(before);
    await collection(database, 'commits').deleteMany({});
    const instead = openSignedMongoLog(
      {
        ...{ mongo: fixture!.mongo, database, dir },
        checkpoints: `${database}-other`,
      },
      { ...sampleOptions, name: NAME },
    );
    await instead.log.append(countOn('a', 0, 2));
    await instead.close();
    const after = open();
    await after.opened;
    expect(after.log.readOnly).toContain('are not those that it has signed');
  });

  it('of another installation is read-only', async () => {
    const before = open();
    await before.log.append(countOn('a', 0, 1));
    await close(before);
    const after = open('elsewhere/sample');
    await after.opened;
    expect(after.log.readOnly).toContain('INSTALLATION was changed');
  });
});
