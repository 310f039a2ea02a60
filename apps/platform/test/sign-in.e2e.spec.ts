import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './client.js';
import { Running } from './process.js';

const OWN = 'correct horse battery';
const QUERY = '{ area(code: "4305") { code } }';

// Passwords cost what they cost, on a machine that may be busy.
jest.setTimeout(60_000);

let dataDir: string;
let platform: Running;
let graph: string;
let first: string;
const running: Running[] = [];

function start(program: string, args: string[] = []): Running {
  const started = Running.start(program, { DATA_DIR: dataDir, PORT: '0' }, args);
  running.push(started);
  return started;
}

async function accounts(...args: string[]): Promise<string> {
  const ran = start('platform/src/accounts', args);
  const code = await ran.exit();
  if (code !== 0) throw new Error(ran.output());
  return ran.output();
}

const passwordIn = (text: string) => /password (\S+)/.exec(text)?.[1] ?? '';
const base = () => graph.replace('/graphql', '');

interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
  readonly code: string | undefined;
  readonly response: Response;
}

async function post(path: string, body: unknown, headers = {}): Promise<Answered> {
  const response = await fetch(`${base()}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answer = await response.json();
  const code = answer.errors?.[0].extensions.code;
  return { status: response.status, body: answer, code, response };
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-sign-in-'));
  platform = start('platform/src/main');
  graph = await platform.url();
  first = passwordIn(platform.output());
});
afterAll(async () => {
  for (const each of running) await each.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the first account', () => {
  it('is printed once, must choose a password, and may then do everything everywhere', async () => {
    expect(first).toMatch(/^(?:[a-z2-9]{5}-){3}[a-z2-9]{5}$/);
    const asked = { name: 'first', password: first };
    expect(await post('/session', asked)).toMatchObject({
      status: 403,
      code: 'PASSWORD_MUST_CHANGE',
    });
    const { status, body } = await post('/session', { ...asked, newPassword: OWN });
    expect([status, body['kind']]).toEqual([201, 'first-account']);
    const { codes, data } = await new Client(graph, body['token']).ask(QUERY);
    expect([codes, data]).toEqual([[], { area: { code: '4305' } }]);
  });

  it('is not made again at the next start', async () => {
    const signal = platform.output();
    expect(signal.match(/first account/g)).toHaveLength(1);
    expect(await accounts('list')).toContain('first  first-account  active');
  });
});

describe('a person with an account', () => {
  let id: string;
  let given: string;

  beforeAll(async () => {
    const printed = await accounts('add', 'li.wei');
    [id = ''] = printed.split(' ');
    given = passwordIn(printed);
  });

  it('signs in, is told who they are by their id alone, renews and signs out', async () => {
    const asked = { name: 'li.wei', password: given, newPassword: OWN };
    const { body } = await post('/session', asked);
    expect(body).toMatchObject({ subject: id, kind: 'person' });
    expect(JSON.stringify(body)).not.toContain('li.wei');
    const renewed = await post('/session/refresh', { renewal: body['renewal'] });
    expect(renewed.status).toBe(201);
    const headers = { authorization: `Bearer ${renewed.body['token']}` };
    const who = await fetch(`${base()}/session`, { headers });
    expect(await who.json()).toMatchObject({ subject: id });
    const out = await fetch(`${base()}/session`, { headers, method: 'DELETE' });
    expect(out.status).toBe(204);
    expect((await fetch(`${base()}/session`, { headers })).status).toBe(401);
    const again = await post('/session/refresh', { renewal: renewed.body['renewal'] });
    expect([again.status, again.code]).toEqual([401, 'SESSION_OVER']);
  });

  it.each(['disable', 'reset'])('has no session any more after `accounts %s`', async (work) => {
    given = passwordIn(await accounts('reset', id));
    const { body } = await post('/session', {
      name: 'li.wei',
      password: given,
      newPassword: `${OWN} ${work}`,
    });
    const headers = { authorization: `Bearer ${body['token']}` };
    expect((await fetch(`${base()}/session`, { headers })).status).toBe(200);
    await accounts(work, 'li.wei');
    const refused = await fetch(`${base()}/session`, { headers });
    expect(refused.status).toBe(401);
    expect(await refused.text()).toContain('登录已结束');
  });

  it('in a browser has the session in a cookie, for pages of this gateway alone', async () => {
    given = passwordIn(await accounts('reset', id));
    const asked = { name: 'li.wei', password: given, newPassword: `${OWN} 2`, cookie: true };
    const { body, response } = await post('/session', asked);
    expect([body['token'], body['renewal']]).toEqual([undefined, undefined]);
    const [session = '', device = ''] = response.headers.getSetCookie();
    expect(session).toMatch(
      /^fengqiao-session=\S+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
    );
    expect(device).toMatch(/^fengqiao-device=\S+;.*HttpOnly/);
    const [cookie = ''] = session.split(';');
    const who = async (headers: object) =>
      (await fetch(`${base()}/session`, { headers: { cookie, ...headers } })).status;
    expect(await who({})).toBe(200);
    expect(await who({ origin: base() })).toBe(200);
    expect(await who({ origin: 'https://elsewhere.example.org' })).toBe(403);
    expect(await who({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await who({ cookie: `${cookie}; ${cookie}x` })).toBe(401);
  });
});

describe('a sign-in that is not what it must be is refused', () => {
  it.each([
    ['a wrong password', { name: 'first', password: 'wrong' }, [401, 'SIGN_IN_FAILED']],
    ['an unknown name', { name: 'nobody', password: 'wrong' }, [401, 'SIGN_IN_FAILED']],
    ['no password', { name: 'first' }, [400, 'REQUEST_MALFORMED']],
    ['a number for a name', { name: 1, password: 'x' }, [400, 'REQUEST_MALFORMED']],
    ['more than is asked', { name: 'a', password: 'b', role: 'x' }, [400, 'REQUEST_MALFORMED']],
    ['no JSON', '{"name":', [400, 'REQUEST_MALFORMED']],
    ['too much', { name: 'a', password: 'x'.repeat(20_000) }, [400, 'REQUEST_MALFORMED']],
  ])('%s', async (_, body, expected) => {
    const { status, code } = await post('/session', body);
    expect([status, code]).toEqual(expected);
  });

  it('from a page of another site, or as its form would send it', async () => {
    const body = { name: 'first', password: OWN };
    const elsewhere = { origin: 'https://elsewhere.example.org' };
    expect((await post('/session', body, elsewhere)).code).toBe('NOT_OWN_PAGE');
    expect((await post('/session', body, { 'content-type': 'text/plain' })).status).toBe(400);
  });

  it('and what was typed stands in no answer and no line of the log', async () => {
    const secret = 'a-secret-that-was-typed';
    const { body } = await post('/session', { name: secret, password: secret, more: secret });
    expect(JSON.stringify(body)).not.toContain(secret);
    expect(platform.output()).not.toContain(secret);
    expect(platform.output()).not.toContain(OWN);
  });
});

describe('npm run accounts', () => {
  it.each([[[]], [['add']], [['list', 'x']], [['remove', 'li']], [['add', 'x', '--json']]])(
    'says how it is used when it is told %j',
    async (args) => {
      const ran = start('platform/src/accounts', args);
      expect(await ran.exit()).toBe(1);
      expect(ran.output()).toContain('accounts -- add NAME');
    },
  );

  it('says that there is no such account', async () => {
    const ran = start('platform/src/accounts', ['disable', 'nobody']);
    expect([await ran.exit(), ran.output()]).toEqual([
      1,
      'accounts: there is no such account: accounts list\n',
    ]);
  });
});
