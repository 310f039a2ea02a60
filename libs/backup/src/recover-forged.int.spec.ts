import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LogDamaged, openSignedCheckpoints, openSigningKey } from '#libs/event-log';
import { noteSigner } from '#libs/transparency';
import { append, House } from '../test/house.js';
import { BackupRefused, recover } from './index.js';

let house: House;

beforeEach(() => {
  house = new House();
});
afterEach(() => house.remove());

const ask = ({ newKey = false } = {}) =>
  recover({
    ...{ dataDir: house.dataDir, service: 'door', name: 'sample/door', newKey },
    ...{ reason: 'the disk failed', now: () => '2026-03-01T02:03:04.005Z', tell: () => undefined },
  });

/** Opens an epoch as only a recovery does, with the key that is there, and does no more. */
function addEpoch(epoch: number, size: number, lostNote: string | null): void {
  const origin = `sample/door/epoch-${epoch}`;
  const { vkey } = noteSigner(origin, openSigningKey(house.dir('door')));
  const checkpoints = openSignedCheckpoints(house.dir('door'));
  const openedAt = '2026-02-28T00:00:00.000Z';
  checkpoints.openEpoch({ epoch, origin, vkey, size, reason: 'a fire', lostNote, openedAt });
  checkpoints.close();
}

async function held(): Promise<{ readonly events: number; readonly notes: number }> {
  const signed = house.open('door');
  const events = await signed.log.head();
  await signed.close();
  const checkpoints = openSignedCheckpoints(house.dir('door'));
  const notes = [...checkpoints.all()].length;
  checkpoints.close();
  return { events, notes };
}

/** Five events signed, then three more, of which the last state is put back to the first. */
async function loseThree(): Promise<string> {
  await house.run('door', 5);
  const putBack = house.saved('door', 'older');
  await house.run('door', 3);
  const note = house.note('door');
  putBack('log.db');
  return note;
}

async function refused(fault: new (message: string) => Error, why: RegExp): Promise<void> {
  const before = await held();
  await expect(ask()).rejects.toThrow(fault);
  await expect(ask()).rejects.toThrow(why);
  expect(await held()).toEqual(before);
}

describe('an epoch that no recovery has opened', () => {
  /** Somebody lets the older log go on with a key of their own, and puts the true key back. */
  async function forgeUnderOwnKey(): Promise<void> {
    await loseThree();
    const path = join(house.dir('door'), 'signing.key');
    cpSync(path, join(house.folder, 'true.key'));
    rmSync(path);
    await ask({ newKey: true });
    await house.run('door', 4);
    cpSync(join(house.folder, 'true.key'), path);
  }

  it('covers nothing that was signed with the true key', async () => {
    await forgeUnderOwnKey();
    const { events } = await held();
    addEpoch(3, events, null);
    await refused(
      LogDamaged,
      /^epoch 3 in checkpoints\.db signs with a key that one before it had/,
    );
    addEpoch(4, events, null);
    await refused(LogDamaged, /^epoch 3 in checkpoints\.db has signed nothing, though another/);
  });

  it('is not taken up over events that came after it', async () => {
    const lostNote = await loseThree();
    addEpoch(2, 3, lostNote);
    await refused(LogDamaged, /^it holds 5 events, and epoch 2 began at 3: no recovery/);
  });

  it('is not taken up over events that are not what was signed', async () => {
    await house.run('door', 5);
    const other = house.saved('door', 'one way');
    rmSync(join(house.dir('door')), { recursive: true });
    await house.run('door', 4);
    await house.run('door', 1);
    const otherLog = house.saved('door', 'another way');
    other('log.db', 'checkpoints.db', 'signing.key', 'keys.db');
    const lostNote = house.note('door');
    otherLog('log.db');
    addEpoch(2, 5, lostNote);
    await expect(ask()).rejects.toThrow(/not those that were signed; it was altered/);
  });

  it('is not taken up when it hides what was lost', async () => {
    await loseThree();
    addEpoch(2, 5, null);
    await refused(LogDamaged, /^epoch 2 does not tell of the 8 events that it had signed/);
  });
});

it('a begun recovery of a log that went another way than a note says is taken up', async () => {
  await house.run('door', 5);
  const putBack = house.saved('door', 'older');
  await house.run('door', 3);
  const against = house.note('door');
  putBack('log.db', 'checkpoints.db');
  await house.run('door', 20);
  addEpoch(2, 25, against);
  expect(await ask()).toMatchObject({ epoch: 2, size: 25, lostNote: against });
});

it('a begun recovery with a new key is taken up only when that key is said to be meant', async () => {
  const lostNote = await loseThree();
  rmSync(join(house.dir('door'), 'signing.key'));
  addEpoch(2, 5, lostNote);
  await refused(BackupRefused, /has a new key: if the one before is gone for good, add --new-key/);
  expect(await ask({ newKey: true })).toMatchObject({ epoch: 2, reason: 'a fire' });
  const door = house.open('door');
  await append(door, { type: 'Opened', n: 1 });
  await door.close();
});
