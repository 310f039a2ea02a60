import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueToken, openTokenKey } from '#libs/access';
import { COUNTRY } from '#libs/contracts';
import { identitiesOf, SystemClock } from '#libs/service';
import { openIdentities, openSignIn, type OpenSignIn, type Session } from '#libs/sign-in';
import { GatewayDoor } from './gateway-door.js';

const HERE = 'https://fq.example.org';
const COOKIE = '__Host-fengqiao-session';
const terms = { idleMs: 3_600_000, wholeMs: 3_600_000 };
const clock = new SystemClock();

let dataDir: string;
let signIn: OpenSignIn;
let session: Session;
let apart: GatewayDoor;
let together: GatewayDoor;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-door-'));
  const tokenKey = openTokenKey(dataDir);
  signIn = openSignIn({ dataDir, key: tokenKey, clock, terms });
  session = signIn.desk.begin('id-of-li');
  const settings = { provider: undefined, publicUrl: HERE, terms };
  const identities = identitiesOf({ dataDir, tokenKey, signIn: settings });
  apart = new GatewayDoor({ identities, signIn, publicUrl: HERE }, true);
  together = new GatewayDoor({ identities, signIn, publicUrl: HERE }, false);
});
afterEach(() => {
  signIn.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const request = (headers: IncomingHttpHeaders) => ({ headers }) as IncomingMessage;
const cookie = () => `${COOKIE}=${signIn.desk.sessions.cookieOf(session.id)}`;
const bearer = async () => `Bearer ${(await signIn.desk.access(session)).token}`;
/** A service on another machine: it has the key and sees no session. */
const service = () => openIdentities({ key: openTokenKey(dataDir), clock });

async function codeOf(door: GatewayDoor, headers: IncomingHttpHeaders): Promise<unknown> {
  const error: unknown = await door.context(request(headers)).catch((refused: unknown) => refused);
  return (error as { extensions?: { code?: string } }).extensions?.code ?? 'let in';
}

it('who comes with a cookie is handed on with a token that services elsewhere believe', async () => {
  const { identity, headers } = await apart.context(request({ cookie: cookie() }));
  expect(identity).toMatchObject({ subject: 'id-of-li', kind: 'person', claims: [] });
  const believed = await service().verify(headers['authorization']);
  expect(believed.identity).toMatchObject({ subject: 'id-of-li', kind: 'person' });
  expect(Object.keys(headers)).not.toContain('cookie');
});

it('so is who comes with a token of a session, which they would not believe for itself', async () => {
  const authorization = await bearer();
  await expect(service().verify(authorization)).rejects.toThrow('ended');
  const { headers } = await apart.context(request({ authorization }));
  await expect(service().verify(headers['authorization'])).resolves.toBeDefined();
});

it('the token of a system is handed on as it came', async () => {
  const asked = { subject: 'li-1', role: 'reader', area: COUNTRY, hours: 1 } as const;
  const authorization = `Bearer ${await issueToken(openTokenKey(dataDir), asked)}`;
  const { headers } = await apart.context(request({ authorization }));
  expect(headers['authorization']).toBe(authorization);
});

it('nothing is signed for services of the same process', async () => {
  const { headers } = await together.context(request({ cookie: cookie() }));
  expect(headers['authorization']).toBe('');
});

describe('a cookie counts', () => {
  it.each([
    ['when no browser says whose page sends it', {}, 'let in'],
    ['on a page of this gateway', { origin: HERE, 'sec-fetch-site': 'same-origin' }, 'let in'],
    ['not on a page of another site', { origin: 'https://a.example' }, 'NOT_OWN_PAGE'],
    ['not on a page of a neighbour', { 'sec-fetch-site': 'same-site' }, 'NOT_OWN_PAGE'],
    ['not on a page that hides where it is', { origin: 'null' }, 'NOT_OWN_PAGE'],
  ])('%s', async (_, headers, outcome) => {
    expect(await codeOf(apart, { cookie: cookie(), ...headers })).toBe(outcome);
  });

  it('only when it is the one that this gateway sets', async () => {
    const value = signIn.desk.sessions.cookieOf(session.id);
    expect(await codeOf(apart, { cookie: `fengqiao-session=${value}` })).toBe('UNAUTHENTICATED');
    expect(await codeOf(apart, { cookie: `${cookie()}; ${cookie()}` })).toBe('UNAUTHENTICATED');
    expect(await codeOf(apart, { cookie: `${COOKIE}=${value}x` })).toBe('UNAUTHENTICATED');
  });

  it('no more once its session has ended', async () => {
    const kept = cookie();
    signIn.desk.sessions.end(session.id);
    expect(await codeOf(apart, { cookie: kept })).toBe('UNAUTHENTICATED');
  });

  it('for nothing beside a token', async () => {
    expect(await codeOf(apart, { cookie: cookie(), authorization: 'Bearer x' })).toBe(
      'UNAUTHENTICATED',
    );
  });
});

it('a cookie of an https gateway is for it alone', () => {
  const set = apart.cookies.set('session', 'x', { maxAgeS: 60, sameSite: 'Strict' });
  expect(set).toBe(`${COOKIE}=x; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure`);
});
