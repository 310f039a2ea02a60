import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import {
  checkLog,
  DataDirInUse,
  lockFile,
  openSignedLog,
  openSignedMongoLog,
} from '#libs/event-log';
import { databaseNames } from '#libs/mongo';
import { openMongoKeys, openSqliteKeys } from '#libs/privacy';
import { type Move, moveToDatabase, moveToFolder } from '../../libs/store-copy/src/move-store.js';
import { CopyRefused } from '../../libs/store-copy/src/refused.js';
import { countOn, growTo } from '../../libs/event-log/src/sample-commits.conformance.js';
import { mongoFixture } from './mongodb-fixture.ts';

const SERVICE = 'sample';
const NAME = 'test.localhost/sample';
const [ANNA, BEN] = [
  '0195c0de-0000-7000-8000-00000000000a',
  '0195c0de-0000-7000-8000-00000000000b',
] as const;
const options = {
  origin: SERVICE,
  name: NAME,
  events: { Counted: z.strictObject({ n: z.int() }) },
  now: () => '2026-03-01T00:00:00.000Z',
};

const fixture = await mongoFixture();
const root = mkdtempSync(join(tmpdir(), 'fengqiao-move-'));
afterAll(async () => {
  await fixture?.close();
  rmSync(root, { recursive: true, force: true });
});

let made = 0;

/** A move to databases, or from some, that nothing else uses. */
function newMove(): Move {
  if (fixture === undefined) throw new Error('no server');
  made += 1;
  const mongo = { ...pick(fixture.mongo), base: `move-${made}` };
  return { dataDir: join(root, `data-${made}`), mongo, keys: mongo };
}

function pick(mongo: Move['mongo']): Omit<Move['mongo'], 'base'> {
  return {
    database: (name) => mongo.database(name),
    serverTimeMs: () => mongo.serverTimeMs(),
    close: () => mongo.close(),
  };
}

/** A service in files: 700 events, signed twice, with a key and a destroyed one. */
async function filled(dataDir: string): Promise<string> {
  const dir = join(dataDir, SERVICE);
  const signed = openSignedLog(dir, options);
  await growTo(signed.log, 640);
  await signed.sign();
  await growTo(signed.log, 700);
  await signed.close();
  const keys = openSqliteKeys(dir);
  const key = keys.obtain(ANNA).toString('hex');
  keys.flush();
  keys.destroy(BEN);
  keys.close();
  return key;
}

(fixture === undefined ? describe.skip : describe)('moving stores', () => {
  it('into MongoDB and back keeps every byte, every note and every key', async () => {
    const move = newMove();
    const key = await filled(move.dataDir);
    const dir = join(move.dataDir, SERVICE);
    const before = checkLog(join(dir, 'log.db'), []);
    const [moved] = await moveToDatabase(move);
    expect(moved).toEqual({ service: SERVICE, ...before, subjects: 2 });

    const back = { ...move, dataDir: join(root, `back-${made}`) };
    const [again] = await moveToFolder(back, [SERVICE], move.dataDir);
    expect(again).toEqual(moved);
    const copy = join(back.dataDir, SERVICE);
    expect(checkLog(join(copy, 'log.db'), [before])).toEqual(before);
    expect(readFileSync(join(copy, 'signing.key'))).toEqual(readFileSync(join(dir, 'signing.key')));
    const keys = openSqliteKeys(copy);
    const kept = keys.find(ANNA);
    expect([Buffer.isBuffer(kept) && kept.toString('hex'), keys.find(BEN)]).toEqual([
      key,
      'destroyed',
    ]);
    keys.close();
    const opened = openSignedLog(copy, options);
    const original = openSignedLog(dir, options);
    expect(opened.log.readOnly).toBeUndefined();
    expect(opened.checkpoint()).toBe(original.checkpoint());
    await opened.close();
    await original.close();
  });

  it('into MongoDB lets the log go on there from what it has signed', async () => {
    const move = newMove();
    const key = await filled(move.dataDir);
    await moveToDatabase(move);
    const names = databaseNames(move, SERVICE);
    const signed = openSignedMongoLog(
      {
        ...{ mongo: move.mongo, database: names.log, checkpoints: names.signed },
        dir: join(move.dataDir, SERVICE),
      },
      options,
    );
    expect(await signed.log.append(countOn('b', 0, 1))).toMatchObject({ first: 700 });
    expect(await signed.log.readStream('s-1')).toHaveLength(140);
    await signed.close();
    const keys = openMongoKeys(move.keys.database(names.keys), options.now);
    await keys.opened;
    const kept = keys.find(ANNA);
    expect(Buffer.isBuffer(kept) && kept.toString('hex')).toBe(key);
    keys.close();
    const back = { ...move, dataDir: join(root, `gone-on-${made}`) };
    const [moved] = await moveToFolder(back, [SERVICE]);
    expect(moved?.size).toBe(701);
  });

  it('an altered entry stays altered, for a verifier to find', async () => {
    const move = newMove();
    await filled(move.dataDir);
    await moveToDatabase(move);
    const { log } = databaseNames(move, SERVICE);
    const commits = move.mongo
      .database(log)
      .collection<{ _id: number; entries: Buffer[] }>('commits');
    const commit = await commits.findOne({ _id: 3 });
    const entries = (commit?.entries ?? []).map((bytes) => Buffer.from(bytes));
    const [first] = entries;
    if (first !== undefined) first[first.length - 2] = (first[first.length - 2] ?? 0) ^ 1;
    await commits.updateOne({ _id: 3 }, { $set: { entries } });
    const back = { ...move, dataDir: join(root, `altered-${made}`) };
    await moveToFolder(back, [SERVICE]);
    const path = join(back.dataDir, SERVICE, 'log.db');
    expect(() => checkLog(path, [])).toThrow(/tile 0\/0 is not that of its entries/);
  });

  it('copies nothing while any of the services runs', async () => {
    const move = newMove();
    await filled(move.dataDir);
    cpSync(join(move.dataDir, SERVICE), join(move.dataDir, 'another'), { recursive: true });
    const unlock = lockFile(join(move.dataDir, SERVICE, 'lock.db'));
    await expect(moveToDatabase(move)).rejects.toThrow(DataDirInUse);
    unlock();
    expect(await moveToDatabase(move)).toHaveLength(2);
  });

  it('refuses a target that is not empty, and leaves it as it is', async () => {
    const move = newMove();
    await filled(move.dataDir);
    await moveToDatabase(move);
    await expect(moveToDatabase(move)).rejects.toThrow(CopyRefused);
    const back = { ...move, dataDir: join(root, `full-${made}`) };
    cpSync(move.dataDir, back.dataDir, { recursive: true });
    await expect(moveToFolder(back, [SERVICE])).rejects.toThrow('is not empty');
    const nowhere = { ...move, dataDir: join(root, 'nowhere') };
    await expect(moveToDatabase(nowhere)).rejects.toThrow('holds no log');
    expect(existsSync(nowhere.dataDir)).toBe(false);
  });
});
