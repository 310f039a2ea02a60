import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, SystemClock } from '#libs/service';
import { openPlatform, type Platform } from '../src/platform.js';
import { Client } from './client.js';
import { Browser, freePort, IdentityProvider } from './identity-provider.js';

const QUERY = '{ area(code: "4305") { code } }';
/** What somebody is answered who may ask, where no area was loaded. */
const LET_IN = ['AREA_NOT_FOUND'];
const WHO = '/session';

// The machine may be busy, and each platform opens four services.
jest.setTimeout(60_000);

let dataDir: string;
let platform: Platform;
let there: IdentityProvider;
let here: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-oidc-'));
  here = `http://127.0.0.1:${await freePort()}`;
  there = await IdentityProvider.start(`${here}/sign-in/callback`);
  await openHere(there.settings);
});
afterAll(async () => {
  await platform.close();
  await there.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function openHere(settings: Readonly<Record<string, string>>): Promise<void> {
  const env = { DATA_DIR: dataDir, PORT: new URL(here).port, PUBLIC_URL: here, ...settings };
  platform = await openPlatform(readSettings('platform', env), new SystemClock());
  await platform.listen();
}

/** Another process would have read no keys yet. */
async function openAgain(settings = there.settings): Promise<void> {
  await platform.close();
  await openHere(settings);
}

const codesOf = async (token: string) =>
  (await new Client(`${here}/graphql`, token).ask(QUERY)).codes;

describe('a system with a token of the provider (client credentials)', () => {
  it('may do what the token claims, and no more', async () => {
    const client = new Client(`${here}/graphql`, await there.systemToken());
    const { data, codes } = await client.ask(QUERY);
    expect([data, codes]).toEqual([{ area: null }, LET_IN]);
    const { codes: refused } = await client.ask(
      'mutation { openGrid(input: {code: "430502001001001", name: "x"}) { position } }',
    );
    expect(refused).toEqual(['ROLE_MAY_NOT']);
  });

  it('is refused when the token is meant for another system', async () => {
    expect(await codesOf(await there.systemToken('reports', 'https://other.example.org'))).toEqual([
      'UNAUTHENTICATED',
    ]);
  });

  it('is refused when it is no system of this platform', async () => {
    expect(await codesOf(await there.systemToken('stray'))).toEqual(['UNAUTHENTICATED']);
  });

  it('is refused where another provider is trusted', async () => {
    const other = await IdentityProvider.start(`${here}/sign-in/callback`);
    const token = await other.systemToken();
    await other.close();
    expect(await codesOf(token)).toEqual(['UNAUTHENTICATED']);
  });

  it('goes on when the provider is away, and is let in with a new key when it is back', async () => {
    const token = await there.systemToken();
    expect(await codesOf(token)).toEqual(LET_IN);
    await there.close();
    expect(await codesOf(token)).toEqual(LET_IN);
    await there.open();
    await openAgain();
    expect(await codesOf(await there.systemToken())).toEqual(LET_IN);
    expect(await codesOf(token)).toEqual(['UNAUTHENTICATED']);
  });

  it('is told with 503 when the provider was never reached', async () => {
    const token = await there.systemToken();
    await there.close();
    await openAgain();
    const { status, codes, errors } = await new Client(`${here}/graphql`, token).ask(QUERY);
    expect([status, codes]).toEqual([503, ['IDENTITY_PROVIDER_AWAY']]);
    expect(errors[0]?.extensions).toMatchObject({
      retryAfterMs: expect.any(Number),
      messages: { zh: expect.stringContaining('认证'), en: expect.stringContaining('provider') },
    });
    const plain = await fetch(`${here}/status`, { headers: { authorization: `Bearer ${token}` } });
    expect(plain.status).toBe(503);
    await there.open();
    await openAgain();
  });
});

describe('a person who signs in at the provider', () => {
  const isCallback = (url: string) => url.startsWith(`${here}/sign-in/callback`);
  const host = () => new URL(here).host;

  it('comes back with a session in a cookie that no script reads', async () => {
    const browser = new Browser();
    const back = await browser.follow(`${here}/sign-in`, isCallback);
    expect(new URL(back).searchParams.get('code')).toBeTruthy();
    const arrived = await browser.ask(back);
    expect([arrived.status, arrived.headers.get('location')]).toEqual([302, '/']);
    expect(arrived.headers.getSetCookie()[0]).toMatch(/; HttpOnly; SameSite=Strict$/);
    const who = await browser.ask(`${here}${WHO}`);
    expect(await who.json()).toMatchObject({ subject: 'id-of-li', kind: 'person' });
  });

  it('ends the session by signing out', async () => {
    const browser = new Browser();
    await browser.follow(`${here}/sign-in`, (url) => url === `${here}/`);
    const kept = browser.cookie(host(), 'fengqiao-session');
    expect((await browser.ask(`${here}${WHO}`, { method: 'DELETE' })).status).toBe(204);
    const cookie = `fengqiao-session=${kept}`;
    expect((await fetch(`${here}${WHO}`, { headers: { cookie } })).status).toBe(401);
  });

  it('cannot come back twice, nor in another browser', async () => {
    const browser = new Browser();
    const back = await browser.follow(`${here}/sign-in`, isCallback);
    const flow = browser.cookie(host(), 'fengqiao-sign-in');
    expect((await new Browser().ask(back)).status).toBe(400);
    expect((await browser.ask(back)).status).toBe(302);
    const again = await fetch(back, { headers: { cookie: `fengqiao-sign-in=${flow}` } });
    expect(again.status).toBe(400);
    expect((await again.json()).errors[0].extensions.code).toBe('SIGN_IN_STALE');
  });

  it('is refused with a code of another sign-in, and when the provider says no', async () => {
    const [one, other] = [new Browser(), new Browser()];
    const [back, stolen] = [
      new URL(await one.follow(`${here}/sign-in`, isCallback)),
      new URL(await other.follow(`${here}/sign-in`, isCallback)),
    ];
    back.searchParams.set('code', stolen.searchParams.get('code') ?? '');
    const refused = await one.ask(back.href);
    expect([refused.status, (await refused.json()).errors[0].extensions.code]).toEqual([
      403,
      'PROVIDER_REFUSED',
    ]);
    stolen.searchParams.delete('code');
    stolen.searchParams.set('error', 'access_denied');
    expect((await other.ask(stolen.href)).status).toBe(403);
  });

  it('is told with 503 while the provider is away', async () => {
    await there.close();
    await openAgain();
    expect((await fetch(`${here}/sign-in`, { redirect: 'manual' })).status).toBe(503);
    await there.open();
  });
});
