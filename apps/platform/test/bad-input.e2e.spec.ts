import { getIntrospectionQuery } from 'graphql';
import { auditServer } from 'graphql-http';
import { Client, startPlatform, type TestPlatform } from './client.js';
import { Office } from './office.js';

const VILLAGE = '430502001001';
const GRID = `${VILLAGE}001`;

let platform: TestPlatform;
let supervisor: Client;
let office: Office;

beforeAll(async () => {
  platform = await startPlatform();
  supervisor = await platform.as('supervisor', '4305');
  office = new Office(supervisor);
  await office.openGrid(GRID, '东风路一网格');
});
afterAll(() => platform.close());

/** How many events both logs hold: what a refused request must not change. */
async function recorded(): Promise<readonly number[]> {
  return Promise.all(platform.platform.logs.map((log) => log.head()));
}

async function refused(command: string, input: object, code: string): Promise<void> {
  const before = await recorded();
  const { data, codes, errors } = await office.asked(command, input);
  expect(codes).toEqual([code]);
  expect(data).toEqual(code === 'GRAPHQL_VALIDATION_FAILED' ? {} : { done: null });
  expect(errors[0]!.extensions.messages).toMatchObject({
    zh: expect.stringMatching(/\p{Script=Han}/u),
    en: expect.stringMatching(/[a-z]/),
  });
  expect(await recorded()).toEqual(before);
}

describe('a query that does not fit', () => {
  const area = (code: string) =>
    supervisor.ask('query ($code: ID!) { area(code: $code) { name } }', { code });

  it.each(['', '9', '99', '4305021', '430502001001000', '４３０５', '4305 ', '-1', "' OR 1=1"])(
    'refuses the malformed code %p',
    async (code) => {
      const { codes, data } = await area(code);
      expect(codes).toEqual(['AREA_CODE_MALFORMED']);
      expect(data).toEqual({ area: null });
    },
  );

  it('refuses a code that no area has', async () => {
    expect((await area('430599')).codes).toEqual(['AREA_NOT_FOUND']);
  });

  it('takes zero-padded codes as the short ones', async () => {
    expect((await area('430500000000')).data).toEqual({ area: { name: '邵阳市' } });
    expect((await area('430500')).data).toEqual({ area: { name: '邵阳市' } });
  });

  it.each([
    ['an unknown field', '{ area(code: "4305") { colour } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a wrong type', '{ area(code: true) { name } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['half a query', '{ area(code: ', 'GRAPHQL_PARSE_FAILED'],
    ['too many words', `{ ${'__typename '.repeat(6000)} }`, 'GRAPHQL_PARSE_FAILED'],
    [
      'two operations and no name',
      'query A { __typename } query B { __typename }',
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      '50 levels',
      `{ area(code: "4305") ${'{ path '.repeat(50)}{ code }${' }'.repeat(51)}`,
      'QUERY_TOO_COSTLY',
    ],
    [
      'what the schema tells of itself, 400 times',
      `{ ${Array.from({ length: 400 }, (_, n) => `a${n}: __schema { types { name } }`).join(' ')} }`,
      'QUERY_TOO_COSTLY',
    ],
    [
      'more fields than can be counted',
      `{ area(code: "4305") { ${Array.from({ length: 700 }, (_, n) => `a${n}: path { ...P }`).join(' ')} } }
       fragment P on Area { code name level c0: code c1: code c2: code c3: code c4: code c5: code
         c6: code c7: code c8: code c9: code d0: name d1: name d2: name d3: name d4: name }`,
      'QUERY_TOO_COSTLY',
    ],
    [
      'eight million rows',
      `{ area(code: "4305") { children(first: 200) { nodes {
         children(first: 200) { nodes { children(first: 200) { nodes { code } } } } } } } }`,
      'QUERY_TOO_COSTLY',
    ],
  ])('refuses %s', async (_, query, code) => {
    const { status, codes } = await supervisor.ask(query);
    expect(codes).toContain(code);
    expect(status).toBe(400);
  });

  it('tells a client its whole schema', async () => {
    const { status, codes } = await supervisor.ask(getIntrospectionQuery());
    expect([status, codes]).toEqual([200, []]);
  });

  it('refuses a variable of the wrong type', async () => {
    const query = 'query ($code: ID!) { area(code: $code) { name } }';
    const { status, codes } = await supervisor.ask(query, { code: { a: 1 } });
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(status).toBe(400);
  });

  it.each([0, 201, -1])('refuses a page of %p', async (first) => {
    const query = `query ($first: Int!) { area(code: "4305") {
      name children(first: $first) { totalCount } disputes(first: $first) { totalCount }
    } }`;
    const { codes, data } = await supervisor.ask(query, { first });
    expect(codes).toEqual(['INPUT_INVALID', 'INPUT_INVALID']);
    expect(data).toEqual({ area: { name: '邵阳市', children: null, disputes: null } });
  });

  it('refuses a cursor that no page returned', async () => {
    const query = '{ area(code: "4305") { children(after: "nonsense") { totalCount } } }';
    expect((await supervisor.ask(query)).codes).toEqual(['CURSOR_INVALID']);
  });

  it('answers in the language of the reader', async () => {
    const query = '{ area(code: "9") { name } }';
    const reader = await platform.as('reader', '4305', { 'accept-language': 'en-GB, zh;q=0.5' });
    expect((await reader.ask(query)).errors[0]!.message).toMatch(/is no valid area code/);
    expect((await supervisor.ask(query)).errors[0]!.message).toMatch(/不是有效的区划代码/);
  });
});

describe('a request that does not fit', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(platform.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  it.each([undefined, 'nonsense', 'eyJhbGciOiJub25lIn0.eyJyb2xlIjoic3VwZXJ2aXNvciJ9.'])(
    'is not answered with the token %p',
    async (token) => {
      const { status, codes } = await new Client(platform.url, token).ask('{ __typename }');
      expect(status).toBe(401);
      expect(codes).toEqual(['UNAUTHENTICATED']);
    },
  );

  it('refuses a text of 10 MB before reading it to the end', async () => {
    const before = await recorded();
    const response = await post(JSON.stringify({ query: '#'.repeat(10_000_000) }));
    expect(response.status).toBe(413);
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
    expect(errors[0]!.extensions.code).toBe('REQUEST_TOO_LARGE');
    expect(await recorded()).toEqual(before);
  });

  it('refuses what is not JSON', async () => {
    const response = await post('{"query": ');
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('REQUEST_MALFORMED');
  });

  it('passes the audit of GraphQL over HTTP', async () => {
    const token = await platform.token('reader', '4305');
    const results = await auditServer({
      url: platform.url,
      fetchFn: (input: RequestInfo, init: RequestInit = {}) => {
        const headers = new Headers(init.headers);
        headers.set('authorization', `Bearer ${token}`);
        return fetch(input, { ...init, headers });
      },
    });
    expect(results.length).toBeGreaterThan(50);
    expect(results.filter(({ status }) => status === 'error')).toEqual([]);
  });

  it('shows GraphiQL to a browser, with no script from elsewhere', async () => {
    const response = await fetch(platform.url, { headers: { accept: 'text/html' } });
    const page = await response.text();
    expect(response.headers.get('content-type')).toMatch(/text\/html/);
    expect(page).toContain('GraphiQL');
    expect(page).not.toMatch(/<(script|link)[^>]+(src|href)="https?:/);
  });
});

describe('a command that does not fit', () => {
  const report = {
    grid: GRID,
    type: 'NEIGHBOURS',
    facts: '噪音',
    parties: [{ name: '甲' }, { name: '乙' }],
  };

  it('refuses a grid number twice', () =>
    refused('openGrid', { code: GRID, name: '又一个' }, 'GRID_ALREADY_OPEN'));

  it.each([
    ['43050200100100', 'GRID_CODE_MALFORMED'],
    [VILLAGE, 'GRID_CODE_MALFORMED'],
    [`${VILLAGE}000`, 'GRID_CODE_MALFORMED'],
    ['430502001199001', 'VILLAGE_NOT_FOUND'],
    ['430601001001001', 'OUT_OF_SCOPE'],
  ])('refuses to open the grid %s', (code, refusal) =>
    refused('openGrid', { code, name: '新网格' }, refusal),
  );

  it.each([
    ['no name', ''],
    ['blanks', '   '],
    ['101 characters', 'x'.repeat(101)],
  ])('refuses a grid named by %s', (_, name) =>
    refused('openGrid', { code: `${VILLAGE}002`, name }, 'INPUT_INVALID'),
  );

  it.each([
    ['no facts', { facts: '' }, 'INPUT_INVALID'],
    ['facts of 2,001 characters', { facts: '字'.repeat(2001) }, 'INPUT_INVALID'],
    ['one party', { parties: [{ name: '甲' }] }, 'INPUT_INVALID'],
    ['a party without a name', { parties: [{ name: '甲' }, { name: '' }] }, 'INPUT_INVALID'],
    ['a command id that is no UUID', { commandId: 'not-a-uuid' }, 'INPUT_INVALID'],
    ['a village in place of a grid', { grid: VILLAGE }, 'GRID_CODE_MALFORMED'],
    ['a grid that is not open', { grid: `${VILLAGE}099` }, 'GRID_NOT_FOUND'],
    ['a grid of another city', { grid: '430601001001001' }, 'OUT_OF_SCOPE'],
  ])('refuses to report a dispute with %s', (_, wrong, code) =>
    refused('reportDispute', { ...report, ...wrong }, code),
  );

  it.each([{ type: 'QUARREL' }, { facts: 5 }, { actor: 'somebody' }, { parties: 'all' }])(
    'refuses an input that the schema does not have: %p',
    async (wrong) => {
      const before = await recorded();
      const { status, codes } = await office.asked('reportDispute', { ...report, ...wrong });
      expect(status).toBe(400);
      expect(codes).toContain('BAD_USER_INPUT');
      expect(await recorded()).toEqual(before);
    },
  );

  it('refuses a mediator whose area does not cover the grid', async () => {
    const mediator = await office.appoint('MEDIATOR', '430503', '孙调解');
    const { id } = await office.accepted(GRID);
    const input = { disputeId: id, mediatorId: mediator.holder };
    await refused('assignMediator', input, 'MEDIATOR_OUTSIDE_AREA');
  });

  it('refuses to assign the holder of another kind of post', async () => {
    const worker = await office.appoint('GRID_WORKER', GRID, '周网格');
    const { id } = await office.accepted(GRID);
    const input = { disputeId: id, mediatorId: worker.holder };
    await refused('assignMediator', input, 'MEDIATOR_NOT_FOUND');
  });

  it('refuses to settle a dispute twice', async () => {
    const mediator = await office.appoint('MEDIATOR', VILLAGE, '钱调解');
    const { id, parties } = await office.accepted(GRID);
    await office.assign(id, mediator.holder);
    await office.session(id);
    const signedBy = parties.map((party) => party.id);
    await refused('settleDispute', settlement(id, signedBy.slice(0, 1)), 'AGREEMENT_NOT_SIGNED');
    await office.settle(id, signedBy);
    await refused('settleDispute', settlement(id, signedBy), 'DISPUTE_ALREADY_SETTLED');
  });

  const settlement = (disputeId: string, signedBy: readonly string[]) => ({
    disputeId,
    terms: '费用各半。',
    performBy: '2030-01-31',
    signedBy,
  });
});

describe('another role, another area', () => {
  it('shows a neighbour county nothing, also not by way of the path', async () => {
    const other = await platform.as('supervisor', '430503');
    const { id } = await office.report(GRID);
    expect((await other.ask('query ($id: ID!) { dispute(id: $id) { id } }', { id })).codes).toEqual(
      ['OUT_OF_SCOPE'],
    );
    const query = `{ area(code: "430503") { path { code name
      disputes { totalCount } posts { id } children { totalCount } } } }`;
    const { data, codes } = await other.ask(query);
    expect(new Set(codes)).toEqual(new Set(['OUT_OF_SCOPE']));
    expect(data).toMatchObject({
      area: { path: [{ code: '4305', disputes: null, posts: null, children: null }] },
    });
  });

  it('shows a reader the list, but nothing that tells of people', async () => {
    const reader = await platform.as('reader', '4305');
    const { id } = await office.report(GRID);
    const query = `query ($id: ID!) { dispute(id: $id) {
      id status facts parties { name } sessions { summary } agreement { terms } endReason } }`;
    const { data, codes } = await reader.ask(query, { id });
    expect(codes).toEqual(Array(5).fill('ROLE_MAY_NOT'));
    expect(data).toEqual({
      dispute: {
        id,
        status: 'CONSENT_PENDING',
        facts: null,
        parties: null,
        sessions: null,
        agreement: null,
        endReason: null,
      },
    });
  });

  it.each([
    ['reader', 'openGrid', { code: `${VILLAGE}050`, name: '甲' }],
    ['mediator', 'openGrid', { code: `${VILLAGE}050`, name: '甲' }],
    [
      'registrar',
      'reportDispute',
      { grid: GRID, type: 'OTHER', facts: '事', parties: [{ name: '甲' }, { name: '乙' }] },
    ],
    ['grid-worker', 'createPost', { kind: 'MEDIATOR', area: VILLAGE }],
  ] as const)('refuses %s to %s', async (role, command, input) => {
    const before = await recorded();
    const asked = await new Office(await platform.as(role, '4305')).asked(command, input);
    expect(asked.codes).toEqual(['ROLE_MAY_NOT']);
    expect(await recorded()).toEqual(before);
  });
});
