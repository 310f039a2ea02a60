import { jest } from '@jest/globals';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, type JWTHeaderParameters, SignJWT } from 'jose';
import { openTokenKey, type TokenKey } from '#libs/access';
import { Client } from './client.js';
import { Running } from './process.js';

// Two processes are started, on a machine that may be busy.
jest.setTimeout(60_000);

const OPEN_GRID = 'mutation { openGrid(input: {code: "430502001001001", name: "x"}) { position } }';
const REPORT =
  'mutation { reportDispute(input: {grid: "430502001001001", type: NEIGHBOUR}) { id } }';

let dataDir: string;
let key: TokenKey;
let platform: Running;
let service: Running;
let graph: string;
let alone: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-tokens-'));
  key = openTokenKey(dataDir);
  platform = Running.start('platform/src/main', { DATA_DIR: dataDir, PORT: '0' });
  graph = await platform.url();
  // With the same key in a folder of its own, as on another machine.
  const elsewhere = join(dataDir, 'elsewhere');
  mkdirSync(elsewhere);
  copyFileSync(join(dataDir, 'token-key.pem'), join(elsewhere, 'token-key.pem'));
  service = Running.start('mediation/src/main', { DATA_DIR: elsewhere, PORT: '0' });
  alone = await service.url();
});
afterAll(async () => {
  await platform.end('SIGKILL');
  await service.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

interface Signing {
  readonly header?: Partial<JWTHeaderParameters>;
  readonly by?: KeyObject | Uint8Array;
}

const now = () => Math.floor(Date.now() / 1000);

function token(changes: object = {}, { header, by = key.privateKey }: Signing = {}) {
  const claims = {
    iss: 'fengqiao',
    aud: 'fengqiao',
    sub: 'li-1',
    kind: 'system',
    grants: ['supervisor@0'],
    jti: 'one',
    iat: now(),
    exp: now() + 600,
  };
  return new SignJWT({ ...claims, ...changes })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', ...header })
    .sign(by);
}

const other = generateKeyPairSync('ed25519');
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const pem = () => Buffer.from(key.publicKey.export({ type: 'spki', format: 'pem' }));

async function unsigned(): Promise<string> {
  const [, payload] = (await token()).split('.');
  return `${encoded({ alg: 'none', typ: 'at+jwt' })}.${payload}.`;
}

async function withOwnKey(): Promise<string> {
  const jwk = await exportJWK(other.publicKey);
  return token({}, { header: { jwk, jku: 'http://127.0.0.1:1/keys' }, by: other.privateKey });
}

/** How many events every log of both processes holds. */
async function recorded(): Promise<readonly string[]> {
  const texts = [graph, alone].map(async (url) => (await fetch(new URL('/metrics', url))).text());
  const lines = (await Promise.all(texts)).flatMap((text) => text.split('\n'));
  return lines.filter((line) => line.startsWith('fengqiao_log_events'));
}

const BAD: readonly (readonly [string, () => Promise<string>, string])[] = [
  ['a forged one', () => token({}, { by: other.privateKey }), 'the token is not valid'],
  ['an expired one', () => token({ exp: now() - 60 }), 'the token has expired'],
  ['one that is not valid yet', () => token({ nbf: now() + 60 }), 'not valid yet'],
  ['one for another system', () => token({ aud: 'elsewhere' }), 'meant for another system'],
  [
    'one of another issuer',
    () => token({ iss: 'https://a.example' }),
    'issuer that is not trusted',
  ],
  ['one that nobody signed', unsigned, 'the token is not valid'],
  [
    'one whose secret is the public key',
    () => token({}, { header: { alg: 'HS256' }, by: pem() }),
    'the token is not valid',
  ],
  ['one that brings its key along', withOwnKey, 'the token is not valid'],
  [
    'one of an ended session',
    () => token({ kind: 'person', sid: 'gone' }),
    'the session has ended',
  ],
  ['one that is too large', () => token({ padding: 'x'.repeat(8_192) }), 'too large'],
  ['no token', () => Promise.resolve(''), 'no bearer token'],
];

describe.each([
  ['the gateway', () => ({ url: graph, asked: platform }), OPEN_GRID],
  ['a service that is asked directly', () => ({ url: alone, asked: service }), REPORT],
])('%s refuses', (_, at, mutation) => {
  it.each(BAD)('%s, records nothing and keeps it out of its lines', async (__, make, why) => {
    const bad = await make();
    const before = await recorded();
    expect(before).toHaveLength(5);
    const { url, asked } = at();
    const client = new Client(url, bad === '' ? undefined : bad, { 'accept-language': 'en' });
    const { status, errors, codes } = await client.ask(mutation);
    expect([status, codes]).toEqual([401, ['UNAUTHENTICATED']]);
    expect(errors[0]?.message).toContain(why);
    expect(errors[0]?.extensions.messages.zh).toMatch(/^请先登录：\p{Script=Han}+。$/u);
    expect(await recorded()).toEqual(before);
    expect(asked.output()).toMatch(/WARN.*SignIn.*the token is refused/);
    for (const part of bad.split('.').filter((text) => text !== '')) {
      expect(asked.output()).not.toContain(part);
    }
  });
});

it('every other way in asks for a token too', async () => {
  for (const path of ['/status', '/status.json', '/log/mediation/tile/entries/000.p/1']) {
    expect([path, (await fetch(new URL(path, graph))).status]).toEqual([path, 401]);
    expect([path, (await fetch(new URL(path, alone))).status]).toEqual([path, 401]);
  }
  const parked = await fetch(new URL('/ops/parked/list', alone), { method: 'POST' });
  expect(parked.status).toBe(401);
});

it('a good token is let in, by both', async () => {
  const good = await token();
  expect((await new Client(graph, good).ask('{ area(code: "4305") { code } }')).codes).toEqual([]);
  const { status } = await new Client(alone, good).ask('{ __typename }');
  expect(status).toBe(200);
});
