import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hashToBase64, openCheckpoint, parseVerifierKey } from '#libs/transparency';
import { ask, edit, LogFolders, put, WITHOUT_GUARDS } from '../test/log-folder.js';
import { decodeEntry, encodeEntry } from './entry.js';
import { LogReadOnly, UnknownFormat } from './faults.js';
import { countOn, growTo, sampleOptions } from './sample-commits.conformance.js';
import { openSignedLog, type SignedLog, type SignedLogOptions } from './signed-log.js';
import { leavesOf, treeHash } from './tree.conformance.js';

const NAME = 'sample.example/mediation';
const folders = new LogFolders();
const opened: SignedLog[] = [];
let dir: string;
let faults: unknown[];

beforeEach(() => {
  dir = folders.next();
  faults = [];
});
afterEach(async () => {
  for (const signed of opened.splice(0)) await signed.close();
});
afterAll(() => folders.remove());

function open(options: Partial<SignedLogOptions> = {}): SignedLog {
  const onFault = (error: unknown) => faults.push(error);
  const signed = openSignedLog(dir, { ...sampleOptions, name: NAME, onFault, ...options });
  opened.push(signed);
  return signed;
}

async function close(signed: SignedLog): Promise<void> {
  opened.splice(opened.indexOf(signed), 1);
  await signed.close();
}

/** A closed log of so many events, all of them signed. */
async function signedLogOf(...sizes: readonly number[]): Promise<void> {
  const signed = open();
  for (const size of sizes) {
    await growTo(signed.log, size);
    await signed.sign();
  }
  await close(signed);
}

const notes = () =>
  ask(dir, 'SELECT note FROM checkpoint ORDER BY size', 'checkpoints.db').map(({ note }) =>
    String(note),
  );
const sizes = () =>
  ask(dir, 'SELECT size FROM checkpoint ORDER BY size', 'checkpoints.db').map(({ size }) => size);

/** Every note is the log's own, and says the root over its first entries. */
async function expectSigned({ log, vkey }: SignedLog, expected: readonly number[]): Promise<void> {
  const leaves = await leavesOf(log);
  const checkpoints = notes().map((note) => openCheckpoint(note, [parseVerifierKey(vkey)]));
  expect(checkpoints.map(({ size }) => size)).toEqual(expected);
  for (const { origin, size, root } of checkpoints) {
    expect(origin).toBe(NAME);
    expect(hashToBase64(root)).toBe(hashToBase64(treeHash(leaves.slice(0, size))));
  }
}

describe('what a log signs', () => {
  it('is the tree over its events, from the first event on', async () => {
    const signed = open();
    await signed.sign();
    expect(signed.checkpoint()).toBeUndefined();
    await signed.log.append(countOn('a', 0, 1, 2, 3));
    await signed.sign();
    const { origin, size, root } = openCheckpoint(signed.checkpoint() ?? '', [
      parseVerifierKey(signed.vkey),
    ]);
    const expected = treeHash(await leavesOf(signed.log));
    expect([origin, size, root]).toEqual([NAME, 3, expected]);
    expect([signed.name, signed.vkey.startsWith(`${NAME}+`)]).toEqual([NAME, true]);
  });

  it('continues what it signed before, also after it was opened again', async () => {
    await signedLogOf(1, 255, 256);
    await signedLogOf(600, 601);
    await expectSigned(open(), [1, 255, 256, 600, 601]);
  });

  it('is signed once: nothing new without a new event', async () => {
    const signed = open();
    await signed.log.append(countOn('a', 0, 1));
    await Promise.all([signed.sign(), signed.sign(), signed.sign()]);
    const first = signed.checkpoint();
    await signed.sign();
    await close(signed);
    await close(open());
    expect(notes()).toEqual([first]);
  });

  it('is signed by itself, about every second', async () => {
    const signed = open();
    await signed.log.append(countOn('a', 0, 1));
    for (let waited = 0; signed.checkpoint() === undefined && waited < 5_000; waited += 50) {
      await pause(50);
    }
    await expectSigned(signed, [1]);
  }, 10_000);

  it('is signed at a clean end, with what was asked for last', async () => {
    const signed = open();
    const asked = [signed.log.append(countOn('a', 0, 1)), signed.log.append(countOn('b', 0, 1))];
    await close(signed);
    await Promise.all(asked);
    expect(sizes()).toEqual([2]);
  });

  it('is signed by the one of two processes that leads', async () => {
    const [leader, other] = [open(), open()];
    expect(other.vkey).toBe(leader.vkey);
    await other.log.append(countOn('a', 0, 1));
    await other.sign();
    expect(other.checkpoint()).toBeUndefined();
    await leader.log.append(countOn('a', 1, 2));
    await leader.sign();
    expect(other.checkpoint()).toBe(leader.checkpoint());
    await close(leader);
    for (let waited = 0; sizes().length < 2 && waited < 5_000; waited += 50) {
      if (waited === 0) await other.log.append(countOn('a', 2, 3));
      await pause(50);
      await other.sign();
    }
    await expectSigned(other, [2, 3]);
  }, 10_000);
});

describe('the signing key', () => {
  it('is made once and is its owner’s alone', async () => {
    const [one, other] = [open(), open()];
    expect(one.vkey).toBe(other.vkey);
    expect((statSync(join(dir, 'signing.key')).mode & 0o777).toString(8)).toBe('600');
    expect((statSync(dir).mode & 0o777).toString(8)).toBe('700');
    const key = readFileSync(join(dir, 'signing.key'), 'utf8');
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(readdirSync(dir).filter((name) => name.startsWith('signing.key'))).toEqual([
      'signing.key',
    ]);
    await close(one);
    await close(other);
    expect(open().vkey).toBe(one.vkey);
    expect(readFileSync(join(dir, 'signing.key'), 'utf8')).toBe(key);
  });

  it.each<[string, () => void, RegExp]>([
    ['gone', () => rmSync(join(dir, 'signing.key')), /^its signing\.key is gone: put it back/],
    [
      'another',
      () => cpSync(join(folders.next(), '..', 'other.key'), join(dir, 'signing.key')),
      /^its signing\.key is another than it has signed with/,
    ],
    [
      'empty',
      () => writeFileSync(join(dir, 'signing.key'), ''),
      /^its signing\.key cannot be read/,
    ],
  ])(
    'that is %s keeps the log from being written, and is not replaced',
    async (_, change, reason) => {
      const ours = dir;
      dir = folders.next();
      await signedLogOf(1);
      renameSync(join(dir, 'signing.key'), join(dir, '..', 'other.key'));
      dir = ours;
      await signedLogOf(3);
      change();
      const before =
        existsSync(join(dir, 'signing.key')) && readFileSync(join(dir, 'signing.key'), 'utf8');
      await expectReadOnly(reason, [3]);
      expect(
        existsSync(join(dir, 'signing.key')) && readFileSync(join(dir, 'signing.key'), 'utf8'),
      ).toBe(before);
    },
  );
});

/** The log is read, takes nothing and signs nothing. */
async function expectReadOnly(reason: RegExp, signedSizes: readonly number[], options = {}) {
  const signed = open(options);
  const { log } = signed;
  expect(log.readOnly).toMatch(reason);
  await expect(log.append(countOn('a', 0, 1))).rejects.toThrow(LogReadOnly);
  expect((await log.read(0, 10)).length).toBe(Math.min(await log.head(), 10));
  await signed.sign();
  await close(signed);
  expect(sizes()).toEqual(signedSizes);
}

describe('a log that is not what it has signed', () => {
  it('is read-only when it is an older copy of itself', async () => {
    await signedLogOf(300);
    cpSync(join(dir, 'log.db'), join(dir, 'older.db'));
    await signedLogOf(700);
    renameSync(join(dir, 'older.db'), join(dir, 'log.db'));
    await expectReadOnly(
      /^it ends at 300 events, but has signed 700: put back the newer log\.db/,
      [300, 700],
    );
  });

  it('is read-only when it is gone', async () => {
    await signedLogOf(3);
    for (const name of readdirSync(dir).filter((file) => file.startsWith('log.db'))) {
      rmSync(join(dir, name));
    }
    await expectReadOnly(/^it ends at 0 events, but has signed 3/, [3]);
  });

  it('is read-only when an older copy has gone on by itself', async () => {
    await signedLogOf(300);
    cpSync(dir, join(dir, '..', 'copy'), { recursive: true });
    await signedLogOf(700);
    const ours = dir;
    dir = join(dir, '..', 'copy');
    rmSync(join(dir, 'checkpoints.db'));
    await signedLogOf(900);
    dir = ours;
    cpSync(join(dir, '..', 'copy', 'log.db'), join(dir, 'log.db'));
    await expectReadOnly(/^its first 700 events are not those that it has signed/, [300, 700]);
  });

  it.each([
    ['the first of a small log', 0, 5],
    ['the last', 299, 300],
    ['one that no tile holds yet', 256, 300],
  ])('is read-only when an entry was altered: %s', async (_, position, size) => {
    await signedLogOf(size);
    const [row] = ask(dir, `SELECT entry FROM event WHERE position = ${position}`);
    const entry = decodeEntry(position, row!.entry as Uint8Array);
    edit(dir, WITHOUT_GUARDS);
    const bytes = encodeEntry({ ...entry, payload: '{"n":99}' });
    put(dir, 'UPDATE event SET entry = ? WHERE position = ?', bytes, position);
    await expectReadOnly(new RegExp(`^its first ${size} events are not those`), [size]);
  });

  it.each([
    ['its tile', 'UPDATE tile SET root = zeroblob(32)'],
    ['the next event', 'DELETE FROM event WHERE position = 280'],
  ])('is read-only when %s was altered', async (_, sql) => {
    await signedLogOf(300);
    edit(dir, [...WITHOUT_GUARDS, sql]);
    const signed = open();
    expect(signed.log.readOnly).toMatch(/not those that it has signed|has a gap/);
  });

  it('signs nothing more when it is altered while it is in use, and says so', async () => {
    const signed = open();
    await growTo(signed.log, 200);
    await signed.sign();
    await growTo(signed.log, 300);
    edit(dir, [...WITHOUT_GUARDS, 'UPDATE tile SET hashes = zeroblob(8192)']);
    await expect(signed.sign()).rejects.toThrow(
      `${NAME} does not continue its checkpoint of 200 events: nothing is signed`,
    );
    await close(signed);
    expect(sizes()).toEqual([200]);
    expect(faults.map(String)).toContainEqual(expect.stringContaining('nothing is signed'));
  });
});

describe('checkpoints that are not the log’s own', () => {
  it('another installation’s name', async () => {
    await signedLogOf(3);
    const options = { name: 'other.example/mediation' };
    const reason =
      /^it is the log of sample\.example\/mediation, not of other\.example\/mediation: INSTALLATION was changed$/;
    await expectReadOnly(reason, [3], options);
    const signed = open();
    expect(signed.log.readOnly).toBeUndefined();
  });

  it.each([
    ['is no note', () => 'nothing'],
    ['is altered', (note: string) => note.replace('\n3\n', '\n4\n')],
    ['has another’s signature', (note: string) => note.replace(/(— .* ).*/, '$1AAAA')],
  ])('a newest one that %s', async (_, change) => {
    await signedLogOf(3);
    const note = change(notes()[0]!).replaceAll("'", "''");
    edit(dir, [`UPDATE checkpoint SET note = '${note}'`], 'checkpoints.db');
    await expectReadOnly(/^its newest checkpoint is not its own: /, [3]);
  });

  it('those of a later version keep the log from opening; nothing is held by that', async () => {
    await signedLogOf(3);
    edit(dir, ['PRAGMA user_version = 2'], 'checkpoints.db');
    expect(open).toThrow(UnknownFormat);
    expect(open).toThrow(/checkpoints of format 2 was found/);
    edit(dir, ['PRAGMA user_version = 1'], 'checkpoints.db');
    expect(await open().log.append(countOn('z', 0, 1))).toMatchObject({ status: 'committed' });
  });
});
