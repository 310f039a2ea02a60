import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphql } from 'graphql';
import { openTokenKey } from '#libs/access';
import { EventBus } from '#libs/event-bus';
import { closeRooms, openRoom, type OpenRoom, SystemClock } from '#libs/service';
import { appointed, areaCode, created, id, POST, registered, VILLAGE } from '../test/registry.js';
import { tell } from '../test/room.js';
import { gridRegistry } from './grid-registry.module.js';

let dataDir: string;
let service: OpenRoom;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-post-'));
  const host = { dataDir, clock: new SystemClock(), bus: new EventBus() };
  const room = gridRegistry({ ...host, tokenKey: openTokenKey(dataDir) });
  service = await openRoom(room);
  await tell(room.stores.log, {
    [`area-${VILLAGE}`]: [registered(VILLAGE)],
    'post-1': [created, appointed],
    'post-2': [{ ...created, post: id('c2') }],
    'post-3': [{ ...created, post: id('c3') }],
  });
});

afterAll(async () => {
  await closeRooms([service]);
  rmSync(dataDir, { recursive: true });
});

/** What a reader of an area is answered by this service itself, without a gateway. */
async function asked(area: string, source: string, variableValues: object) {
  const actor = { subject: 'spec', role: 'reader', area: areaCode(area) } as const;
  const { data, errors } = await graphql({
    schema: service.schema,
    source,
    contextValue: { actor, language: 'en', headers: {} },
    variableValues: { ...variableValues },
  });
  return { data: data as unknown, codes: errors?.map(({ extensions }) => extensions['code']) };
}

describe('who may read a post', () => {
  const BY_ID = 'query ($id: ID!) { found: post(id: $id) { holder { name } } }';
  const BY_REFERENCE = `query ($of: [_Any!]!) {
    found: _entities(representations: $of) { ... on Post { holder { name } } }
  }`;
  const of = [{ __typename: 'Post', id: POST }];
  const held = { holder: { name: '李丙' } };

  it('is who reads in its area, by id and by reference alike', async () => {
    expect((await asked('430502', BY_ID, { id: POST })).data).toEqual({ found: held });
    expect((await asked('430502', BY_REFERENCE, { of })).data).toEqual({ found: [held] });
  });

  it('is nobody of another area, by id and by reference alike', async () => {
    const one = await asked('430503', BY_ID, { id: POST });
    expect(one).toEqual({ data: { found: null }, codes: ['OUT_OF_SCOPE'] });
    const referred = await asked('430503', BY_REFERENCE, { of });
    expect(referred).toEqual({ data: { found: [null] }, codes: ['OUT_OF_SCOPE'] });
  });
});

describe('the posts of an area, page by page', () => {
  const PAGE = `query ($code: ID!, $after: ID) {
    area(code: $code) { postCount posts(first: 2, after: $after) { id } }
  }`;
  const page = (after: string | null) => asked('4305', PAGE, { code: VILLAGE, after });

  it('go on after the last post of the page before', async () => {
    const first = await page(null);
    expect(first.data).toEqual({ area: { postCount: 3, posts: [{ id: POST }, { id: id('c2') }] } });
    const second = await page(id('c2'));
    expect(second.data).toEqual({ area: { postCount: 3, posts: [{ id: id('c3') }] } });
  });

  it('do not begin again after a post that nobody knows', async () => {
    const { data, codes } = await page(id('c9'));
    expect(data).toEqual({ area: { postCount: 3, posts: null } });
    expect(codes).toEqual(['CURSOR_INVALID']);
  });
});
