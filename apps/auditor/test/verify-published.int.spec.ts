import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { LogReport } from '../src/verify/log-report.js';
import { run } from './run-command.js';
import { EVENTS, newFolder, type SealedLog, sealedLog, SERVICE } from './sealed-log.js';
import { flipped, textOf } from './tampering.js';

const TOKEN = 'an-auditors-token';

let log: SealedLog;
let folder: string;
let server: Server;
let address: string;
let tried = 0;

beforeAll(async () => {
  log = await sealedLog();
  folder = newFolder();
  expect((await run('export', log.root, '--to', folder)).code).toBe(0);
  server = createServer((request, response) => {
    const path = join(folder, (request.url ?? '').replace('/log/', ''));
    if (/entries/.test(path) && request.headers.authorization !== `Bearer ${TOKEN}`) {
      response.writeHead(401).end();
    } else if (!existsSync(path)) {
      response.writeHead(404).end();
    } else response.end(readFileSync(path));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/log/${SERVICE}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  log.remove();
  rmSync(folder, { recursive: true });
  process.stderr.write(`tampering with an export: ${tried} changes tried\n`);
});

async function verified(...args: readonly string[]): Promise<LogReport> {
  const { code, out, err } = await run('verify', ...args, '--json');
  if (code === 3) throw new Error(err);
  const { exit, logs } = JSON.parse(out) as { exit: number; logs: [LogReport] };
  expect(exit).toBe(code);
  return logs[0];
}

describe.each(['an export', 'an address'])('%s', (kind) => {
  const source = () => (kind === 'an export' ? [folder] : [address, '--token', TOKEN]);

  it('is recomputed from its entries', async () => {
    const report = await verified(...source(), '--vkey', log.vkey);
    expect(report).toMatchObject({
      exit: 0,
      size: EVENTS,
      keyFrom: 'auditor',
      found: { kept: [] },
    });
    expect(report.checked).toMatchObject({
      entries: EVENTS,
      tiles: 4,
      streams: 7,
      indexRows: null,
    });
    expect(report.root).toBe(report.sealed?.root);
  });

  it('has the key from itself unless one is named', async () => {
    const { exit, found } = await verified(...source());
    expect([exit, found.kept.map(textOf)]).toEqual([0, [expect.stringMatching(/^notice: key of/)]]);
  });
});

describe('an address', () => {
  it('whose entries are not for us cannot be verified', async () => {
    const { code, err } = await run('verify', address);
    expect([code, err]).toEqual([
      3,
      expect.stringMatching(/is for auditors \(401\): give a token/),
    ]);
  });

  it('where nobody answers, or nothing is published, cannot be verified', async () => {
    const nobody = await run('verify', 'http://127.0.0.1:9/log/sample');
    expect([nobody.code, nobody.err]).toEqual([3, expect.stringMatching(/cannot be reached/)]);
    const nothing = await run('verify', address.replace(SERVICE, 'other'));
    expect([nothing.code, nothing.err]).toEqual([3, expect.stringMatching(/shows no checkpoint/)]);
    const elsewhere = await run('verify', address.replace('/log/', '/'));
    expect([elsewhere.code, elsewhere.err]).toEqual([
      3,
      expect.stringMatching(/is no address of a log/),
    ]);
  });

  it('may give a note to hold a folder against', async () => {
    const note = address.replace(SERVICE, `${SERVICE}/checkpoint`);
    const { exit, against } = await verified(log.root, '--against', note);
    expect([exit, against]).toMatchObject([0, [{ size: EVENTS, status: 'continued' }]]);
  });
});

describe('an export that was changed', () => {
  const names = [
    'checkpoint',
    'vkey',
    'tile/0/000',
    'tile/0/001',
    'tile/0/002.p/88',
    'tile/1/000.p/2',
    'tile/entries/000',
    'tile/entries/001',
    'tile/entries/002.p/88',
  ];
  const changes: readonly (readonly [string, (bytes: Buffer) => Buffer | undefined])[] = [
    ['a bit at the beginning', (bytes) => flipped(bytes, 2)],
    ['a bit in the middle', (bytes) => flipped(bytes, bytes.length >> 1)],
    ['a bit near the end', (bytes) => flipped(bytes, bytes.length - 3)],
    ['a byte more', (bytes) => Buffer.concat([bytes, Buffer.of(65)])],
    ['a byte less', (bytes) => bytes.subarray(0, -2)],
    ['half of it', (bytes) => bytes.subarray(0, bytes.length >> 1)],
    ['nothing of it', () => Buffer.alloc(0)],
    ['all of it twice', (bytes) => Buffer.concat([bytes, bytes])],
    ['it gone', () => undefined],
  ];

  it('has all its files named here', () => {
    const files = readdirSync(join(folder, SERVICE), { recursive: true, withFileTypes: true });
    expect(files.filter((entry) => entry.isFile())).toHaveLength(names.length);
  });

  it.each(names)('in %s', async (name) => {
    for (const [what, change] of changes) {
      const copy = join(newFolder(), SERVICE);
      cpSync(join(folder, SERVICE), copy, { recursive: true });
      const changed = change(readFileSync(join(copy, name)));
      if (changed === undefined) rmSync(join(copy, name));
      else writeFileSync(join(copy, name), changed);
      const { code } = await run('verify', copy, '--vkey', log.vkey);
      tried += 1;
      // A folder that has signed nothing is no log; the key was named, so that it need not be there.
      const expected =
        changed !== undefined ? 1 : name === 'checkpoint' ? 3 : name === 'vkey' ? 0 : 1;
      expect([name, what, code]).toEqual([name, what, expected]);
      rmSync(join(copy, '..'), { recursive: true });
    }
  });

  it('names the entry that was changed', async () => {
    const copy = join(newFolder(), SERVICE);
    cpSync(join(folder, SERVICE), copy, { recursive: true });
    const path = join(copy, 'tile/entries/001');
    writeFileSync(path, flipped(readFileSync(path), 60));
    const { found } = await verified(copy);
    expect(found.kept.map(textOf)).toContain(
      'manipulation: entry 256 is not what its kept leaf hash was made of',
    );
    rmSync(join(copy, '..'), { recursive: true });
  });

  it('has files that the checkpoint does not cover, or that are not as they were', async () => {
    const copy = join(newFolder(), SERVICE);
    cpSync(join(folder, SERVICE), copy, { recursive: true });
    mkdirSync(join(copy, 'tile/0/001.p'));
    const tile = readFileSync(join(copy, 'tile/0/001'));
    writeFileSync(join(copy, 'tile/0/001.p/7'), tile.subarray(0, 224));
    expect((await verified(copy)).exit).toBe(0);
    writeFileSync(join(copy, 'tile/0/001.p/7'), tile.subarray(32, 256));
    writeFileSync(join(copy, 'tile/0/003'), tile);
    writeFileSync(join(copy, 'notes.txt'), 'hello');
    const { exit, found } = await verified(copy);
    expect([exit, found.kept.map(({ where }) => where)]).toEqual([
      1,
      [expect.stringMatching(/^key/), 'file notes.txt', 'file tile/0/001.p/7', 'file tile/0/003'],
    ]);
    rmSync(join(copy, '..'), { recursive: true });
  });
});
