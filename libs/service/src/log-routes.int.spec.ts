import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { z } from 'zod';
import { issueToken, openTokenKey, type Role, type TokenKey } from '#libs/access';
import { openIdentities } from '#libs/sign-in';
import { SystemClock } from '#libs/scheduler';
import { COUNTRY, parseAreaCode } from '#libs/contracts';
import { decodeEntry, openSignedLog, type SignedLog } from '#libs/event-log';
import {
  decodeEntries,
  leafHash,
  openCheckpoint,
  parseVerifierKey,
  rootAt,
  tilePath,
  TreeEdge,
} from '#libs/transparency';
import { newId } from './ids.js';
import { logRoutes } from './log-routes.js';

const SIGNED = 300;
const NAME = 'sample/door';

let folder: string;
let key: TokenKey;
let real: SignedLog;
/** As it is shown: it has signed the first 300 of its 310 events and signs no more. */
let shown: SignedLog;
let server: Server;
let address: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-routes-'));
  key = openTokenKey(folder);
  const events = { Opened: z.strictObject({ n: z.int() }) };
  const now = () => '2026-03-01T00:00:00.000Z';
  real = openSignedLog(folder, { origin: 'door', name: NAME, events, now });
  await append(0, SIGNED);
  await real.sign();
  const note = real.checkpoint();
  await append(SIGNED, 10);
  shown = { ...real, checkpoint: () => note };
});
afterAll(async () => {
  await real.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => serve([shown]));
afterEach(() => new Promise((resolve) => server.close(resolve)));

async function append(from: number, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => ({ type: 'Opened', n: from + index }));
  const asked = { commandId: newId(), actor: 'li-1', fingerprint: '' };
  await real.log.append({ ...asked, reads: [], writes: [{ stream: `door-${from}`, events }] });
}

async function serve(logs: readonly SignedLog[]): Promise<void> {
  const routes = logRoutes(logs, openIdentities({ key, clock: new SystemClock() }));
  server = createServer((request, response) => {
    void routes(request, response, () => response.writeHead(418).end('not ours'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serveInstead(log: SignedLog): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
  await serve([log]);
}

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${address}/log/${path}`, { headers });
const token = async (role: Role, area: string) => ({
  authorization: `Bearer ${await issueToken(key, {
    subject: 'zhao-1',
    role,
    area: parseAreaCode(area) ?? COUNTRY,
    hours: 1,
  })}`,
});
const auditor = () => token('auditor', '0');

/** Sends a path as it is, where fetch would tidy it up. */
function raw(path: string, method = 'GET'): Promise<{ status: number; body: string }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('a log can be checked from what it shows', () => {
  it('it is listed with its name, its key and what it has signed', async () => {
    const { logs } = (await (await get('')).json()) as { logs: unknown };
    expect(logs).toEqual([
      { service: 'door', name: NAME, vkey: real.vkey, size: SIGNED, path: '/log/door/' },
    ]);
    expect(await (await get('door/vkey')).text()).toBe(`${real.vkey}\n`);
  });

  it('its checkpoint is signed with that key, and its tiles have the root of the checkpoint', async () => {
    const note = await (await get('door/checkpoint')).text();
    const { size, root } = openCheckpoint(note, [parseVerifierKey(real.vkey)]);
    const tile = async (level: number, index: number, width: number) =>
      (await get(`door/${tilePath(level, index, width)}`)).bytes();
    expect(size).toBe(SIGNED);
    expect(await rootAt(size, { tile })).toBe(root);
  });

  it('its entries have that root too, and are the events', async () => {
    const headers = await auditor();
    const bundles = ['000', '001.p/44'].map(async (path) =>
      decodeEntries(await (await get(`door/tile/entries/${path}`, headers)).bytes()),
    );
    const entries = (await Promise.all(bundles)).flat();
    const tree = new TreeEdge();
    for (const bytes of entries) tree.append(leafHash(bytes));
    const { root } = openCheckpoint(shown.checkpoint() ?? '', [parseVerifierKey(real.vkey)]);
    expect([tree.size, entries.map((bytes, at) => decodeEntry(at, bytes).payload)[7]]).toEqual([
      SIGNED,
      '{"n":7}',
    ]);
    expect(tree.root()).toBe(root);
  });

  it('tiles of older checkpoints can still be had', async () => {
    const wide = await (await get('door/tile/0/001.p/44')).bytes();
    const narrow = await (await get('door/tile/0/001.p/3')).bytes();
    expect(narrow).toEqual(wide.subarray(0, 96));
    expect((await get('door/tile/0/000.p/9')).status).toBe(200);
  });
});

describe('what is not signed is not shown', () => {
  it.each([
    'tile/0/001.p/45',
    'tile/0/001',
    'tile/0/002.p/1',
    'tile/1/000.p/2',
    'tile/2/000.p/1',
    'tile/entries/001.p/45',
    'tile/entries/002.p/1',
  ])('%s', async (path) => {
    const answer = await get(`door/${path}`, await auditor());
    expect([answer.status, await answer.text()]).toEqual([
      404,
      'door shows the 300 events that it has signed: this is not among them.\n',
    ]);
  });

  it('of a log that has signed nothing, nothing but its key', async () => {
    await serveInstead({ ...shown, checkpoint: () => undefined });
    expect((await get('door/checkpoint')).status).toBe(404);
    expect((await get('door/tile/0/000.p/1')).status).toBe(404);
    expect((await get('door/vkey')).status).toBe(200);
  });
});

describe('entries are for whoever may read whole logs', () => {
  const entries = (headers: Record<string, string>) => get('door/tile/entries/000', headers);

  it('nobody without a token', async () => {
    const answer = await entries({ 'accept-language': 'en' });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const { errors } = (await answer.json()) as {
      errors: { message: string; extensions: object }[];
    };
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(/^Sign in first/);
    expect(errors[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(errors[0]?.extensions).not.toHaveProperty('http');
  });

  it.each([
    ['supervisor', '0', 'ROLE_MAY_NOT'],
    ['reader', '0', 'ROLE_MAY_NOT'],
    ['auditor', '4305', 'OUT_OF_SCOPE'],
  ] as const)('no %s of %s: %s', async (role, area, code) => {
    const answer = await entries(await token(role, area));
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  it('an auditor of all areas', async () => {
    const answer = await entries(await auditor());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
    expect(answer.headers.get('vary')).toBe('authorization');
  });

  it('a known bundle is not sent again, and only to them', async () => {
    const headers = await auditor();
    const tag = { 'if-none-match': (await entries(headers)).headers.get('etag') ?? '' };
    expect((await entries({ ...headers, ...tag })).status).toBe(304);
    expect((await entries(tag)).status).toBe(401);
  });
});

describe('caches keep what cannot change', () => {
  it.each([
    ['', 'no-cache'],
    ['door/checkpoint', 'no-cache'],
    ['door/vkey', 'no-cache'],
    ['door/tile/0/000', 'public, max-age=31536000, immutable'],
    ['door/tile/0/001.p/44', 'public, max-age=3600'],
    ['door/tile/0/001', 'no-cache'],
  ])('/log/%s: %s', async (path, cache) => {
    const answer = await get(path);
    expect(answer.headers.get('cache-control')).toBe(cache);
  });

  it('a checkpoint that is known is not sent again', async () => {
    const etag = (await get('door/checkpoint')).headers.get('etag') ?? '';
    const again = await get('door/checkpoint', { 'if-none-match': `"x", W/${etag}` });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get('door/checkpoint', { 'if-none-match': '"x"' })).status).toBe(200);
  });

  it('after a recovery the log has an address of its own, and the old one is asked again', async () => {
    await serveInstead({ ...shown, epoch: 2, name: `${NAME}/epoch-2` });
    const { logs } = (await (await get('')).json()) as { logs: object[] };
    expect(logs).toMatchObject([{ path: '/log/door/epoch-2/', name: `${NAME}/epoch-2` }]);
    const cacheOf = async (path: string) => (await get(path)).headers.get('cache-control');
    expect(await cacheOf('door/tile/0/000')).toBe('no-cache');
    expect(await cacheOf('door/epoch-2/tile/0/000')).toMatch(/immutable/);
    expect((await get('door/epoch-2/checkpoint')).status).toBe(200);
    expect((await get('door/epoch-3/checkpoint')).status).toBe(404);
  });
});

describe('whatever is asked for, there is an answer', () => {
  it.each([
    '/log/nobody/checkpoint',
    '/log/constructor/checkpoint',
    '/log/__proto__/vkey',
    '/log/door',
    '/log/door/',
    '/log//checkpoint',
    '/log/door//checkpoint',
    '/log/door/checkpoint/',
    '/log/door/Checkpoint',
    '/log/door/epoch-1/checkpoint',
    '/log/door/../door/checkpoint',
    '/log/../log/door/checkpoint',
    '/log/door/%63heckpoint',
    '/log/%zz/checkpoint',
    '/log/door/tile/0/%',
    '/log/door/tile/0/0',
    '/log/door/tile/0/000/',
    '/log/door/tile/00/000',
    '/log/door/tile/64/000',
    '/log/door/tile/-1/000',
    '/log/door/tile/0/000.p/0',
    '/log/door/tile/0/000.p/256',
    '/log/door/tile/0/000.p/257',
    '/log/door/tile/0/000.p/01',
    '/log/door/tile/63/000',
    '/log/door/tile/63/x999/x999/x999/x999/999.p/255',
    '/log/door/tile/0/x009/x007/x199/x254/x740/991',
    '/log/door/tile/0/x999/x999/x999/x999/x999/999',
    `/log/door/tile/0/${'x999/'.repeat(1000)}999`,
    '/log/door/tile/data/000',
  ])('404 for %s', async (path) => {
    expect(await raw(path)).toEqual({ status: 404, body: expect.stringMatching(/^\S.*\.\n$/) });
  });

  it.each(['/logs', '/log.db', '/', '/x/log/door/checkpoint', '/%6cog/'])(
    'leaves %s to others',
    async (path) => expect((await raw(path)).status).toBe(418),
  );

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('405 for %s', async (method) => {
    const answer = await fetch(`${address}/log/door/checkpoint`, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('HEAD has no body, and the length of one', async () => {
    const answer = await fetch(`${address}/log/door/tile/0/000?x=1`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '8192']);
    expect(await answer.text()).toBe('');
  });

  it('/log is the list too', async () => expect((await raw('/log')).status).toBe(200));

  it('a log that has lost what it signed shows what it has', async () => {
    const { log } = shown;
    const lost = {
      ...log,
      origin: 'door',
      entries: async () => [],
      tile: async () => {
        throw new RangeError('no such tile');
      },
    };
    await serveInstead({ ...shown, log: lost });
    expect((await get('door/tile/0/001.p/44')).status).toBe(404);
    expect((await get('door/tile/entries/000', await auditor())).status).toBe(404);
    expect((await get('door/checkpoint')).status).toBe(200);
  });

  it('a log that cannot be read is a failure of ours, and is told to its service', async () => {
    Logger.overrideLogger(false);
    const tile = async () => {
      throw new Error('disk');
    };
    await serveInstead({ ...shown, log: { ...shown.log, origin: 'door', tile } });
    expect(await raw('/log/door/tile/0/000')).toEqual({
      status: 500,
      body: 'The log cannot be read now: its service has said why.\n',
    });
  });
});
