import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  DataDirInUse,
  LogDamaged,
  openSignedCheckpoints,
  openSigningKey,
  type RecoveryEpoch,
} from '#libs/event-log';
import {
  hashToBase64,
  noteSigner,
  openCheckpoint,
  parseCheckpoint,
  parseVerifierKey,
} from '#libs/transparency';
import { append, House, type Service } from '../test/house.js';
import { BackupRefused, recover } from './index.js';

let house: House;
let told: string[];

beforeEach(() => {
  house = new House();
  told = [];
});
afterEach(() => house.remove());

const ask = (options: { service?: string; against?: string; newKey?: boolean } = {}) =>
  recover({
    dataDir: house.dataDir,
    service: 'door',
    name: 'sample/door',
    reason: 'the disk failed',
    newKey: false,
    now: () => '2026-03-01T02:03:04.005Z',
    tell: (line) => told.push(line),
    ...options,
  });

async function eventsOf(service: Service, from: number) {
  const signed = house.open(service);
  const events = (await signed.log.read(from, 100)).map(({ event, stream }) => [stream, event]);
  await signed.close();
  return events;
}

function epochs(service: Service = 'door'): readonly RecoveryEpoch[] {
  const checkpoints = openSignedCheckpoints(house.dir(service));
  const all = checkpoints.epochs();
  checkpoints.close();
  return all;
}

const sizeAndRoot = (note: string) => {
  const { size, root } = parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1));
  return { lostSize: size, lostRoot: hashToBase64(root) };
};

/** Five events, then three more that an older log.db takes away again; answers the lost note. */
async function loseThree(): Promise<string> {
  await house.run('door', 5);
  const putBack = house.saved('door', 'older');
  await house.run('door', 3);
  const note = house.note('door');
  putBack('log.db');
  return note;
}

describe('a log that has lost what it signed', () => {
  it('goes on under another name, with its loss under its tree', async () => {
    const lostNote = await loseThree();
    const epoch = await ask();
    expect(epoch).toMatchObject({ epoch: 2, origin: 'sample/door/epoch-2', size: 5, lostNote });
    const recovered = {
      type: 'LogRecovered',
      epoch: 2,
      origin: 'sample/door/epoch-2',
      reason: 'the disk failed',
      ...sizeAndRoot(lostNote),
      at: '2026-03-01T02:03:04.005Z',
    };
    expect(await eventsOf('door', 5)).toEqual([['log-door', recovered]]);
    const door = house.open('door');
    expect([door.log.readOnly, door.name, door.epoch]).toEqual([undefined, epoch.origin, 2]);
    await append(door, { type: 'Opened', n: 6 });
    await door.sign();
    const { size } = openCheckpoint(door.checkpoint() ?? '', [parseVerifierKey(epoch.vkey)]);
    expect(size).toBe(7);
    await door.close();
  });

  it('was read-only before, and keeps what it signed under its first name', async () => {
    const lostNote = await loseThree();
    const before = house.open('door');
    expect(before.log.readOnly).toMatch(/ends at 5 events, but has signed 8/);
    await before.close();
    await ask();
    const checkpoints = openSignedCheckpoints(house.dir('door'));
    const all = [...checkpoints.all()].map(({ epoch, size }) => [epoch, size]);
    expect(all).toEqual([
      [1, 5],
      [1, 8],
      [2, 6],
    ]);
    expect([...checkpoints.all()][1]?.note).toBe(lostNote);
    checkpoints.close();
  });

  it('is forgotten beyond its end by everybody: views, index, and who has handled more', async () => {
    await house.run('house', 1);
    await loseThree();
    house.handled('house', 'door', 8);
    house.handled('door', 'door', 7);
    house.handled('door', 'house', 1);
    await ask();
    expect(house.handled('house', 'door')).toBe(5);
    expect(house.handled('door', 'door')).toBe(5);
    expect(house.handled('door', 'house')).toBe(1);
    expect(readdirSync(house.dir('door')).filter((name) => /^views/.test(name))).toEqual([]);
    expect(readdirSync(house.dir('house')).filter((name) => /^views/.test(name))).toHaveLength(1);
    expect(told).toEqual([
      'door: holds 5 events, whole as far as they go; 8 are known of',
      'door: hears door again from event 5 on; it had handled 7',
      'house: hears door again from event 5 on; it had handled 8',
    ]);
  });

  it('says which of its events nothing vouches for', async () => {
    await loseThree();
    const db = new DatabaseSync(join(house.dir('door'), 'checkpoints.db'));
    db.exec('DELETE FROM checkpoint WHERE size = 5');
    db.close();
    await ask();
    expect(told[1]).toBe(
      'door: events 0 to 4 were under no checkpoint that is kept: nothing tells whether they are ' +
        'what was recorded',
    );
  });

  it('may lose again, and takes a third name', async () => {
    await loseThree();
    await ask();
    const putBack = house.saved('door', 'second');
    await house.run('door', 2);
    putBack('log.db');
    expect((await ask()).origin).toBe('sample/door/epoch-3');
    await expect(ask()).rejects.toThrow(/nothing to recover/);
  });
});

describe('there is nothing to recover', () => {
  const unchanged = async (ran: Promise<unknown>, why: RegExp) => {
    const before = readdirSync(house.dir('door')).filter((name) => /^views/.test(name));
    await expect(ran).rejects.toThrow(BackupRefused);
    await expect(ran).rejects.toThrow(why);
    expect(readdirSync(house.dir('door')).filter((name) => /^views/.test(name))).toEqual(before);
    expect(epochs()).toHaveLength(1);
  };

  it('of a log that holds all that it signed', async () => {
    await house.run('door', 5);
    await unchanged(
      ask(),
      /^door holds all that it is known to have had, 5 events: there is nothing/,
    );
  });

  it('against a note that it holds as well', async () => {
    await house.run('door', 5);
    const against = house.note('door');
    await house.run('door', 2);
    await unchanged(ask({ against }), /nothing to recover/);
  });

  it('of a service that has no log', async () => {
    await house.run('door', 1);
    await unchanged(ask({ service: 'cellar' }), /^--service must be one that has a log: door$/);
  });

  it('against a note that was declared lost before', async () => {
    const against = await loseThree();
    await ask({ against });
    await expect(ask({ against })).rejects.toThrow(/nothing to recover/);
  });
});

describe('a log that is not as it was signed is no loss', () => {
  it.each([
    [
      'an event was changed',
      `UPDATE event SET entry = CAST(replace(entry, '"n":2', '"n":9') AS BLOB) WHERE position = 2`,
    ],
    ['an event is missing', 'DELETE FROM event WHERE position = 3'],
  ])('%s', async (_, sql) => {
    await loseThree();
    const db = new DatabaseSync(join(house.dir('door'), 'log.db'));
    db.exec(`DROP TRIGGER event_kept; DROP TRIGGER event_unaltered; ${sql}`);
    db.close();
    await expect(ask()).rejects.toThrow(LogDamaged);
    await expect(ask()).rejects.toThrow(/; it was altered: npm run auditor -- verify/);
    expect(epochs()).toHaveLength(1);
  });
});

describe('a note from elsewhere', () => {
  /** The whole folder is put back as it was, so that nothing here knows of what came after. */
  async function loseAll(): Promise<string> {
    await house.run('door', 5);
    const putBack = house.saved('door', 'older');
    await house.run('door', 3);
    const note = house.note('door');
    for (const name of readdirSync(house.dir('door'))) rmSync(join(house.dir('door'), name));
    putBack('log.db', 'checkpoints.db', 'signing.key', 'keys.db');
    return note;
  }

  beforeEach(() => house.seal('door', '019570c0-0000-7000-8000-000000000001'));

  it('shows what the log here does not know of', async () => {
    const against = await loseAll();
    await expect(ask()).rejects.toThrow(/if more was published, name the note with --against/);
    expect(await ask({ against })).toMatchObject({ epoch: 2, size: 6, lostNote: against });
    expect((await eventsOf('door', 6))[0]?.[1]).toMatchObject(sizeAndRoot(against));
  });

  it('shows that the log here has gone another way since', async () => {
    await house.run('house', 1);
    const against = await loseAll();
    await house.run('door', 20);
    // It may have handled events of the other way, and nobody knows which.
    house.handled('house', 'door', 9);
    expect(await ask({ against })).toMatchObject({ epoch: 2, size: 26, lostNote: against });
    expect(house.handled('house', 'door')).toBe(0);
  });

  it('of an epoch that is not known here: its name is not taken again', async () => {
    await house.run('door', 5);
    const wayBack = house.saved('door', 'before');
    const putBack = house.saved('door', 'older');
    await house.run('door', 3);
    putBack('log.db');
    await ask();
    const against = house.note('door');
    wayBack('log.db', 'checkpoints.db');
    expect(await ask({ against })).toMatchObject({ epoch: 3, origin: 'sample/door/epoch-3' });
  });

  it.each([
    ['of another log', 'sample/house\n8\nAAAA', /the note is of sample\/house/],
    ['of a like name', 'sample/door/epoch-x\n8\nAAAA', /the note is of sample\/door\/epoch-x/],
    ['that is none', 'sample/door\nhello\n', /note/],
    ['that is empty', '', /the note is of/],
  ])('%s is refused', async (_, against, why) => {
    await loseAll();
    await expect(ask({ against })).rejects.toThrow(why);
    expect(epochs()).toHaveLength(1);
  });

  it('that somebody else signed is refused', async () => {
    const against = (await loseAll()).replace('\n9\n', '\n99\n');
    await expect(ask({ against })).rejects.toThrow(/the signature of sample\/door is false/);
  });
});

it('others who have heard of lost events are proof enough', async () => {
  await house.run('house', 1);
  await house.run('door', 5);
  house.handled('house', 'door', 9);
  const lostNote = house.note('door');
  expect(await ask()).toMatchObject({ epoch: 2, size: 5, lostNote });
  expect((await eventsOf('door', 5))[0]?.[1]).toMatchObject({ lostSize: 9, lostRoot: null });
  expect(house.handled('house', 'door')).toBe(0);
});

it('so are views that hold more, where the checkpoints went back with the log', async () => {
  await house.run('door', 5);
  const putBack = house.saved('door', 'older');
  const lostNote = house.note('door');
  await house.run('door', 3);
  putBack('log.db', 'checkpoints.db');
  expect(await ask()).toMatchObject({ epoch: 2, size: 5, lostNote });
  expect((await eventsOf('door', 5))[0]?.[1]).toMatchObject({ lostSize: 8, lostRoot: null });
});

describe('a signing key', () => {
  beforeEach(() => house.run('door', 5));
  const removeKey = () => rmSync(join(house.dir('door'), 'signing.key'));

  it('that is gone is replaced only when it is said to be', async () => {
    const lostNote = house.note('door');
    removeKey();
    await expect(ask()).rejects.toThrow(/no signing\.key: put it back, or add --new-key/);
    const { vkey } = await ask({ newKey: true });
    const [first] = epochs();
    expect(vkey.split('+').slice(2)).not.toEqual(first?.vkey.split('+').slice(2));
    const door = house.open('door');
    expect([door.log.readOnly, door.vkey]).toEqual([undefined, vkey]);
    expect(openCheckpoint(door.checkpoint() ?? '', [parseVerifierKey(vkey)]).size).toBe(6);
    await door.close();
    expect((await eventsOf('door', 5))[0]?.[1]).toMatchObject(sizeAndRoot(lostNote));
  });

  it('that is there is not replaced', async () => {
    await expect(ask({ newKey: true })).rejects.toThrow(/leave --new-key out/);
  });

  it('that is another, or none at all, is refused', async () => {
    const path = join(house.dir('door'), 'signing.key');
    await house.run('house', 1);
    const other = house.bytes(join(house.dir('house'), 'signing.key'));
    for (const bytes of [other, 'a text']) {
      writeFileSync(path, bytes);
      await expect(ask()).rejects.toThrow(/is not the one that it has signed with/);
    }
  });

  it('and checkpoints that are both gone leave nothing to go on from', async () => {
    removeKey();
    for (const tail of ['', '-wal', '-shm']) {
      rmSync(join(house.dir('door'), `checkpoints.db${tail}`), { force: true });
    }
    await expect(ask({ newKey: true })).rejects.toThrow(/neither checkpoints nor a signing\.key/);
  });
});

describe('a recovery that was cut short', () => {
  it('before its event was recorded, is taken up', async () => {
    const lostNote = await loseThree();
    const origin = 'sample/door/epoch-2';
    const { vkey } = noteSigner(origin, openSigningKey(house.dir('door')));
    const checkpoints = openSignedCheckpoints(house.dir('door'));
    const begun = { epoch: 2, origin, vkey, size: 5 };
    checkpoints.openEpoch({
      ...begun,
      reason: 'first',
      lostNote,
      openedAt: '2026-02-28T00:00:00.000Z',
    });
    checkpoints.close();
    const door = house.open('door');
    expect(door.log.readOnly).toMatch(/recovery was not finished: run npm run recover again/);
    expect(door.checkpoint()).toBeUndefined();
    await door.close();
    const key = house.bytes(join(house.dir('door'), 'signing.key'));
    rmSync(join(house.dir('door'), 'signing.key'));
    await expect(ask()).rejects.toThrow(/no signing\.key: put it back/);
    writeFileSync(join(house.dir('door'), 'signing.key'), key);
    expect(await ask()).toMatchObject({ epoch: 2, reason: 'first' });
    expect((await eventsOf('door', 5)).map(([, event]) => event)).toMatchObject([
      { type: 'LogRecovered', reason: 'first', ...sizeAndRoot(lostNote) },
    ]);
  });

  it('before it was signed, records nothing twice', async () => {
    await loseThree();
    await ask();
    const db = new DatabaseSync(join(house.dir('door'), 'checkpoints.db'));
    db.exec('DELETE FROM checkpoint WHERE epoch = 2');
    db.close();
    await ask();
    expect(await eventsOf('door', 5)).toHaveLength(1);
    expect(epochs()).toHaveLength(2);
    const door = house.open('door');
    expect(door.log.readOnly).toBeUndefined();
    await door.close();
  });
});

it('nothing is done while a process uses any of the folders', async () => {
  await house.run('house', 1);
  await loseThree();
  const letGo = house.occupy('house');
  await expect(ask()).rejects.toThrow(DataDirInUse);
  expect(epochs()).toHaveLength(1);
  letGo();
  await ask();
});
