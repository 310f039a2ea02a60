import { openMongoCheckpoints } from '#libs/event-bus';
import { KeyConflict, type MongoSubjectKeys, openMongoKeys } from '#libs/privacy';
import {
  ANNA,
  BEN,
  subjectKeysConformance,
} from '../../libs/privacy/src/subject-keys.conformance.js';
import { mongoFixture } from './mongodb-fixture.ts';

const NOW = '2026-03-01T00:00:00.000Z';
const fixture = await mongoFixture();
afterAll(() => fixture?.close());

async function open(database: string): Promise<MongoSubjectKeys> {
  if (fixture === undefined) throw new Error('no server');
  const keys = openMongoKeys(fixture.mongo.database(database), () => NOW);
  await keys.opened;
  return keys;
}

(fixture === undefined ? describe.skip : describe)('keys in MongoDB', () => {
  let next: MongoSubjectKeys | undefined;

  // The suite opens a store in one step; this one is read by then.
  beforeEach(async () => {
    next = await open(fixture?.newDatabase() ?? '');
  });

  subjectKeysConformance(() => {
    if (next === undefined) throw new Error('no keys');
    return next;
  });

  it('are there after a flush, and no others', async () => {
    const database = fixture?.newDatabase() ?? '';
    const before = await open(database);
    const key = before.obtain(ANNA);
    await before.flush();
    before.obtain(BEN);
    before.close();
    const after = await open(database);
    expect(after.find(ANNA)).toEqual(key);
    expect(after.find(BEN)).toBeUndefined();
    expect(after.logKey).toHaveLength(32);
    await after.destroy(ANNA);
    after.close();
    const last = await open(database);
    expect(last.find(ANNA)).toBe('destroyed');
    last.close();
  });

  it('that are stored, but not by the majority yet, are waited for', async () => {
    if (fixture === undefined) return;
    const database = fixture.mongo.database(fixture.newDatabase());
    const stored = database.collection('subject_keys');
    const cut = Object.assign(new Error('read ECONNRESET'), { name: 'MongoNetworkError' });
    let isCut = true;
    let isBehind = true;
    const elected = {
      find: stored.find.bind(stored),
      insertOne: stored.insertOne.bind(stored),
      insertMany: async (documents: object[], how: object) => {
        await stored.insertMany(documents, how);
        if (isCut) throw cut;
      },
      findOne: async (filter: object) => (isBehind ? null : stored.findOne(filter)),
    };
    const collection = (name: string) =>
      name === 'subject_keys' ? elected : database.collection(name);
    const keys = openMongoKeys({ collection } as never, () => NOW);
    await keys.opened;
    keys.obtain(ANNA);
    await expect(keys.flush()).rejects.toBe(cut);
    isCut = false;
    await expect(keys.flush()).rejects.toMatchObject({ code: 11_000 });
    isBehind = false;
    await keys.flush();
    keys.close();
  });

  it('that two processes make for one subject stop the second', async () => {
    const database = fixture?.newDatabase() ?? '';
    const [one, other] = [await open(database), await open(database)];
    one.obtain(ANNA);
    other.obtain(ANNA);
    await one.flush();
    await expect(other.flush()).rejects.toThrow(KeyConflict);
    await expect(other.flush()).rejects.toThrow(KeyConflict);
    one.close();
    other.close();
  });
});

(fixture === undefined ? describe.skip : describe)('checkpoints in MongoDB', () => {
  const parkedAt = (position: number, attempts = 0) => ({
    ...{ handler: 'A.on', origin: 'registry', stream: 's-1', position, type: 'Opened' },
    ...{ since: NOW, attempts, reason: '' },
  });

  it('are found again after a restart, and what is parked with them', async () => {
    if (fixture === undefined) return;
    const database = fixture.mongo.database(fixture.newDatabase());
    const faults: unknown[] = [];
    const onFault = (error: unknown) => faults.push(error);
    const before = openMongoCheckpoints(database, { onFault });
    await before.opened;
    expect(before.load('registry')).toBe(0);
    for (let position = 1; position <= 50; position += 1) before.save('registry', position);
    before.parked.keep(parkedAt(7));
    before.parked.keep(parkedAt(7, 8));
    before.parked.keep(parkedAt(9));
    before.parked.keep(parkedAt(11));
    before.parked.remove(parkedAt(11));
    before.save('mediation', 3);
    await before.written();
    await before.close();
    const after = openMongoCheckpoints(database, { onFault });
    await after.opened;
    expect([after.load('registry'), after.load('mediation'), after.load('x')]).toEqual([50, 3, 0]);
    expect(after.origins()).toEqual(['mediation', 'registry']);
    expect(after.parked.lanes('registry')).toEqual([{ ...parkedAt(7, 8), queued: 1 }]);
    await after.close();
    expect(faults).toEqual([]);
  });
});
