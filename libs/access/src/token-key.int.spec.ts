import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { COUNTRY } from '#libs/contracts';
import { issueToken, verifyToken } from './token.js';
import { openTokenKey, type TokenKey } from './token-key.js';

let folder: string;
const dir = () => join(folder, 'data');
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const publicText = ({ publicKey }: TokenKey) =>
  String(publicKey.export({ type: 'spki', format: 'pem' }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-key-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** `#libs` names what `npm test` has built, since the script is no source of this house. */
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** One race proves little: who comes second may come too late to meet the first. */
const RACES = 50;

/** Says that it is ready, and prints the public keys of its folders' keys once it may go. */
const OPEN = `
  import { openTokenKey } from '#libs/access';
  process.stdin.once('data', () => {
    for (let race = 0; race < ${RACES}; race += 1) {
      const { publicKey } = openTokenKey(process.argv[1] + race);
      process.stdout.write(publicKey.export({ type: 'spki', format: 'pem' }));
    }
    process.stdin.destroy();
  });
  process.stdout.write('ready\\n');`;

const inFolder = () =>
  spawn(process.execPath, ['--input-type=module', '-e', OPEN, dir()], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 20_000,
  });

it('the key is made once, in a folder and a file that their owner alone may read', () => {
  const made = openTokenKey(dir());
  expect(modeOf(dir())).toBe('700');
  expect(modeOf(join(dir(), 'token-key.pem'))).toBe('600');
  expect(publicText(openTokenKey(dir()))).toEqual(publicText(made));
});

it('a token outlives a restart', async () => {
  const request = { subject: 'li-1', role: 'reader', area: COUNTRY, hours: 1 } as const;
  const token = await issueToken(openTokenKey(dir()), request);
  const { identity } = await verifyToken(openTokenKey(dir()), token, Date.now());
  expect(identity.subject).toBe('li-1');
});

it('nothing but the key is left in the folder', () => {
  openTokenKey(dir());
  expect(readdirSync(dir())).toEqual(['token-key.pem']);
});

it('processes that start at once share one key', async () => {
  const processes = Array.from({ length: 3 }, inFolder);
  const printed = processes.map(({ stdout }) => text(stdout));
  const ready = processes.map(({ stdout }) => once(stdout, 'data'));
  await Promise.all(ready);
  for (const { stdin } of processes) stdin.end('go');
  const keys = new Set(await Promise.all(printed));
  const kept = Array.from({ length: RACES }, (_, race) => openTokenKey(`${dir()}${race}`));
  expect([...keys]).toEqual([`ready\n${kept.map(publicText).join('')}`]);
  expect(readdirSync(`${dir()}0`)).toEqual(['token-key.pem']);
}, 30_000);

it('a key file that is no key is an error, and is not overwritten', () => {
  openTokenKey(dir());
  const path = join(dir(), 'token-key.pem');
  writeFileSync(path, 'no key');
  expect(() => openTokenKey(dir())).toThrow();
  expect(statSync(path).size).toBe('no key'.length);
});
