import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonOf, run } from './run-command.js';
import { newFolder, NAME, openLog, type SealedLog, sealedLog, SERVICE } from './sealed-log.js';
import { generateKeyPairSync } from 'node:crypto';
import { openSignedCheckpoints } from '#libs/event-log';
import { emptyRoot, noteSigner, signCheckpoint } from '#libs/transparency';
import type { LogReport } from '../src/verify/log-report.js';

let log: SealedLog;
/** A data folder of two services: the one that was made, and a copy of it under another name. */
let folder: string;
let note: string;
let strangers: { readonly note: string; readonly vkey: string };

beforeAll(async () => {
  log = await sealedLog(90);
  const signer = noteSigner('sample.example/cellar', generateKeyPairSync('ed25519').privateKey);
  const checkpoint = { origin: 'sample.example/cellar', size: 0, root: emptyRoot() };
  strangers = { vkey: signer.vkey, note: join(log.root, 'strangers.note') };
  writeFileSync(strangers.note, signCheckpoint(checkpoint, signer));
  note = join(log.root, 'kept.note');
  const checkpoints = openSignedCheckpoints(log.dir, { readOnly: true });
  writeFileSync(note, checkpoints.newest()?.note ?? '');
  checkpoints.close();
});
beforeEach(() => {
  folder = newFolder();
  for (const service of [SERVICE, 'second'])
    cpSync(log.dir, join(folder, service), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));
afterAll(() => log.remove());

const without = (...kept: readonly string[]) => {
  for (const name of readdirSync(join(folder, SERVICE))) {
    if (!kept.includes(name)) rmSync(join(folder, SERVICE, name), { recursive: true });
  }
};
async function findings(...args: readonly string[]) {
  const ended = await run('verify', folder, ...args, '--json');
  const [{ logs } = { logs: [] }] = jsonOf<{ logs: readonly LogReport[] }>(ended);
  const own = logs.find(({ service }) => service === SERVICE);
  return {
    code: ended.code,
    texts: own?.found.kept.map(({ severity, what }) => `${severity}: ${what}`),
  };
}

describe('what is named and is of no log in the folder', () => {
  it.each([
    ['--against', () => strangers.note],
    ['--vkey', () => strangers.vkey],
  ])('keeps %s from being answered', async (option, value) => {
    const { code, out, err } = await run('verify', folder, option, value());
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(
      new RegExp(`${option} .*names sample\\.example/cellar.*: the logs here are sample, second`),
    );
  });

  it('is an answer of its own where one log is named', async () => {
    const own = join(folder, SERVICE);
    expect((await run('verify', own, '--against', strangers.note)).code).toBe(1);
    expect((await run('verify', own, '--vkey', strangers.vkey)).code).toBe(1);
  });

  it('is none when a service is left of several, and its log is the only one', async () => {
    rmSync(join(folder, 'second'), { recursive: true });
    const { code, err } = await run('verify', folder, '--vkey', strangers.vkey, '--vkey', log.vkey);
    expect([code, err]).toEqual([3, expect.stringMatching(/the log here is sample/)]);
  });
});

describe('a service that has lost its log.db', () => {
  it.each([['keys.db'], ['signing.key'], ['index.db'], ['views-1.db']])(
    'and has %s is not passed over',
    async (name) => {
      without('');
      writeFileSync(join(folder, SERVICE, name), '');
      expect(await findings()).toEqual({
        code: 2,
        texts: [`gap: is missing, though ${name} is there`],
      });
    },
  );

  it('and was signed, or is named by a note, was manipulated', async () => {
    without('checkpoints.db');
    const signed = {
      code: 1,
      texts: ['manipulation: is missing, and had 90 entries when it was signed last'],
    };
    expect(await findings()).toEqual(signed);
    without('');
    mkdirSync(join(folder, SERVICE), { recursive: true });
    writeFileSync(join(folder, SERVICE, 'signing.key'), '');
    expect(await findings('--against', note)).toEqual({
      code: 1,
      texts: [
        'manipulation: is missing, and had 90 entries by the note that was named with --against',
      ],
    });
  });

  it('of which nothing is left is named by its note', async () => {
    rmSync(join(folder, SERVICE), { recursive: true });
    const { code, err } = await run('verify', folder, '--against', note);
    expect([code, err]).toEqual([3, expect.stringMatching(new RegExp(`names ${NAME}`))]);
  });
});

describe('what keeps a command from its work is told plainly', () => {
  it.each<readonly [string, RegExp, readonly string[]]>([
    [
      'a note that is a folder',
      /--against FOLDER is a folder, not a file/,
      ['verify', 'FOLDER', '--against', 'FOLDER'],
    ],
    [
      'a note that is gone',
      /--against FOLDER\/x is not there/,
      ['verify', 'FOLDER', '--against', 'FOLDER/x'],
    ],
    [
      'a proof that is a folder',
      /FOLDER is a folder, not a file/,
      ['check', 'FOLDER', '--vkey', 'VKEY'],
    ],
    ['a proof that is gone', /FOLDER\/x is not there/, ['check', 'FOLDER/x', '--vkey', 'VKEY']],
    [
      'a key that is a folder',
      /--vkey FOLDER is a folder, not a file/,
      ['verify', 'FOLDER', '--vkey', 'FOLDER'],
    ],
    [
      'two services',
      /--service is named twice/,
      ['verify', 'FOLDER', '--service', 'sample', '--service', 'second'],
    ],
    [
      'two services to show',
      /--service is named twice/,
      ['stat', 'FOLDER', '--service', 'a', '--service=b'],
    ],
  ])('%s', async (_, told, args) => {
    const named = args.map((arg) => arg.replace('FOLDER', folder).replace('VKEY', log.vkey));
    const { code, err } = await run(...named);
    expect(code).toBe(3);
    expect(err.replaceAll(folder, 'FOLDER')).toMatch(told);
    expect(err).not.toMatch(/ENOENT|EISDIR/);
  });

  it('a log.db that is a folder', async () => {
    rmSync(join(folder, SERVICE, 'log.db'));
    mkdirSync(join(folder, SERVICE, 'log.db'));
    const { code, err } = await run('verify', folder, '--service', SERVICE);
    expect([code, err]).toEqual([
      3,
      expect.stringMatching(/sample\/log\.db is a folder, not a database/),
    ]);
  });
});

it('a key is named as text or as a file', async () => {
  const file = join(log.root, 'vkey');
  writeFileSync(file, `${log.vkey}\n`);
  const { code, out } = await run('verify', join(folder, SERVICE), '--vkey', file);
  expect([code, out]).toEqual([0, expect.stringMatching(/as named with --vkey/)]);
});

it('an empty log has no positions', async () => {
  const dir = join(folder, 'empty');
  mkdirSync(dir);
  await openLog(dir, Date.now).close();
  const { code, out } = await run('verify', dir);
  expect([code, out]).toEqual([0, expect.stringMatching(/entries +0 hashed .*, no positions\n/)]);
  rmSync(join(dir, 'checkpoints.db'));
  const named = await run('verify', dir, '--vkey', log.vkey);
  expect([named.code, named.out]).toEqual([
    2,
    expect.stringMatching(/gap: checkpoints none are kept: nothing here was signed with the key/),
  ]);
});

it('a clean answer says what only a note from elsewhere can show', async () => {
  const { code, out } = await run('verify', log.dir);
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(
      / {2}against {5}no note: whether newer entries were taken away with what was signed of them cannot be told/,
    ),
  ]);
  expect((await run('verify', log.dir, '--against', note)).out).not.toMatch(/no note/);
});
