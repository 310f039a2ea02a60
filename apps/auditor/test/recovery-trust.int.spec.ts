import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { forge, recovered } from './forged-recovery.js';
import { jsonOf, run } from './run-command.js';
import type { LogReport } from '../src/verify/log-report.js';
import { append, newFolder, openLog, type SealedLog, sealedLog, SERVICE } from './sealed-log.js';
import { textOf, verifyCopy } from './tampering.js';

const OLDER = 301;
const LATER_MS = Date.parse('2026-03-04T00:00:00.000Z');

let log: SealedLog;
/** Its `log.db` at an older size. */
let older: string;
let root: string;
let dir: string;

beforeAll(async () => {
  log = await sealedLog(OLDER);
  older = newFolder();
  cpSync(log.dir, older, { recursive: true });
  await grow(log.dir);
});
beforeEach(() => {
  root = newFolder();
  dir = join(root, SERVICE);
  cpSync(log.dir, dir, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));
afterAll(() => {
  log.remove();
  rmSync(older, { recursive: true });
});

async function grow(folder: string, commit = 1_000): Promise<void> {
  const signed = openLog(folder, () => LATER_MS);
  for (let done = 0; done < 20; done += 1) await append(signed, commit + done, commit + done, 1);
  await signed.close();
}

const putBack = () => cpSync(join(older, 'log.db'), join(dir, 'log.db'));
async function verified(...pinned: readonly string[]) {
  const { exit, found, unsealed, sealed } = await verifyCopy(dir, { pinned });
  return { exit, unsealed: unsealed.count, sealed: sealed?.size, texts: found.kept.map(textOf) };
}

describe('a recovery with a key that nobody vouches for', () => {
  it.each(['open', 'closed'] as const)(
    'excuses nothing that the true key has signed (%s)',
    async (closing) => {
      await forge(dir, join(older, 'log.db'), closing);
      rmSync(join(dir, 'signing.key'));
      for (const pinned of [[log.vkey], []]) {
        const { exit, sealed, unsealed, texts } = await verified(...pinned);
        expect([exit, sealed]).toEqual([1, OLDER]);
        expect(unsealed).toBeGreaterThan(0);
        expect(texts).toContainEqual(
          expect.stringMatching(/^manipulation: checkpoint of 321 entries /),
        );
        expect(texts).toContainEqual(
          expect.stringMatching(/^gap: epoch 2 signs with a (?:new )?key/),
        );
      }
    },
  );

  it('is not vouched for by later epochs that have signed nothing', async () => {
    await forge(dir, join(older, 'log.db'), 'closed');
    const { texts } = await verified(log.vkey);
    expect(texts).toContain(
      'manipulation: epoch 3 has signed nothing, though another came after it',
    );
    expect(texts).toContain(
      'gap: epoch 4 has signed nothing: its recovery was not finished (npm run recover)',
    );
  });

  it('that contradicts nothing is a gap until that key is named', async () => {
    const vkey = await recovered(dir, { newKey: true });
    for (const pinned of [[log.vkey], []]) {
      const { exit, texts } = await verified(...pinned);
      expect([exit, texts.filter((text) => text.startsWith('gap: epoch'))]).toEqual([
        2,
        [expect.stringMatching(/^gap: epoch 2 signs with a /)],
      ]);
    }
    const { exit, texts } = await verified(vkey);
    expect([exit, texts[0]]).toEqual([
      2,
      'gap: epoch 1 signs with a key that was not named with --vkey',
    ]);
  });
});

describe('a recovery whose keys are all vouched for', () => {
  it('is clean with the key that was used on', async () => {
    putBack();
    await recovered(dir);
    await grow(dir, 9_000);
    const { exit, unsealed } = await verified(log.vkey);
    expect([exit, unsealed]).toEqual([0, 0]);
  });

  it('is clean with a new key, when both are named', async () => {
    putBack();
    const vkey = await recovered(dir, { newKey: true });
    await grow(dir, 9_000);
    const { exit, texts } = await verified(log.vkey, vkey);
    expect([exit, texts.map((text) => text.split(':')[0])]).toEqual([0, ['notice', 'notice']]);
  });

  it('is clean as it is published, when its new key is named', async () => {
    putBack();
    const vkey = await recovered(dir, { newKey: true });
    await grow(dir, 9_000);
    const to = join(root, 'published');
    expect((await run('export', dir, '--to', to)).code).toBe(0);
    const published = join(to, SERVICE, 'epoch-2');
    const both = ['--vkey', log.vkey, '--vkey', vkey];
    expect((await run('verify', published, ...both)).code).toBe(0);
    expect((await run('verify', published, '--vkey', log.vkey)).code).toBe(1);
    rmSync(join(published, 'vkey'));
    expect((await run('verify', published, ...both)).code).toBe(0);
  });

  it('is published beside what was published before, and found there', async () => {
    const to = join(root, 'published');
    expect((await run('export', dir, '--to', to)).code).toBe(0);
    await recovered(dir, { newKey: true });
    expect((await run('export', dir, '--to', to)).code).toBe(0);
    const [first] = jsonOf<{ logs: readonly LogReport[] }>(await run('verify', to, '--json'));
    expect([first?.logs[0]?.exit, first?.logs[0]?.found.kept.map(textOf)]).toEqual([
      0,
      [
        expect.stringMatching(/^notice: key/),
        'notice: folder epoch-2 is the log after a recovery: verify it by itself',
      ],
    ]);
    const alone = join(root, 'alone');
    expect((await run('export', dir, '--to', alone)).code).toBe(0);
    for (const place of [alone, join(alone, SERVICE, 'epoch-2'), join(to, SERVICE, 'epoch-2')]) {
      const { code, out } = await run('verify', place);
      expect([code, out]).toEqual([0, expect.stringMatching(/^sample: clean\n.*epoch-2\n/)]);
    }
  });

  it('is clean after a second one that lost the event of the first', async () => {
    putBack();
    await recovered(dir);
    putBack();
    await recovered(dir);
    expect((await verified(log.vkey)).texts).toEqual([
      expect.stringMatching(/^notice: checkpoints 2 are of entries/),
      expect.stringMatching(/^notice: epoch 2 a recovery at 301 entries, .*; a later one has lost/),
      expect.stringMatching(/^notice: epoch 3 a recovery at 301 entries/),
    ]);
  });
});
