import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphql } from 'graphql';
import { claimedIdentity, type Identity, openTokenKey } from '#libs/access';
import { EventBus } from '#libs/event-bus';
import type { Sealing } from '#libs/privacy';
import { closeRooms, openRoom, type OpenRoom, SystemClock } from '#libs/service';
import {
  appointed,
  areaCode,
  created,
  id,
  LI,
  POST,
  registered,
  VILLAGE,
  WANG,
} from '../test/registry.js';
import { tell } from '../test/room.js';
import { gridRegistry } from './grid-registry.module.js';

let dataDir: string;
let service: OpenRoom;
let sealing: Sealing;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-post-'));
  const host = { dataDir, clock: new SystemClock(), installation: 'sample', bus: new EventBus() };
  const room = gridRegistry({ ...host, tokenKey: openTokenKey(dataDir) });
  service = await openRoom(room);
  sealing = room.stores.sealing;
  const ofLi = { ...appointed, sealed: sealing.seal(LI, { name: '李丙' }) };
  const second = { ...created, post: id('c2') };
  const sealed = sealing.seal(WANG, { name: '王丁' });
  const ofWang = { ...appointed, post: second.post, holder: WANG, sealed };
  await tell(room.stores.log, {
    [`area-${VILLAGE}`]: [registered(VILLAGE)],
    [`post-${POST}`]: [created, ofLi],
    [`post-${second.post}`]: [second, ofWang],
    'post-3': [{ ...created, post: id('c3') }],
  });
});

afterAll(async () => {
  await closeRooms([service]);
  rmSync(dataDir, { recursive: true });
});

/** What a reader of an area is answered. */
const asked = (area: string, source: string, variables: object) =>
  answered(
    claimedIdentity({ subject: 'spec', role: 'reader', area: areaCode(area) }),
    source,
    variables,
  );

/** What this service itself answers, without a gateway. */
async function answered(identity: Identity, source: string, variableValues: object) {
  const { data, errors } = await graphql({
    schema: service.schema,
    source,
    contextValue: { identity, language: 'en', headers: {} },
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

describe('a holder who was erased', () => {
  const HOLDERS =
    'query ($of: [_Any!]!) { found: _entities(representations: $of) { ... on Holder { id name } } }';
  const POST_OF = 'query ($id: ID!) { post(id: $id) { kind holder { id name } } }';
  const RELEASE =
    'mutation ($input: ReleaseHolderInput!) { releaseHolder(input: $input) { post { id holder { id } } } }';
  const second = id('c2');
  const held = (name: string | null) => ({
    data: { post: { kind: 'MEDIATOR', holder: { id: WANG, name } } },
  });

  beforeAll(async () => {
    expect(await asked('430502', POST_OF, { id: second })).toEqual(held('王丁'));
    await sealing.erase(WANG);
  });

  it('has no name any more, and everything else is as it was', async () => {
    expect(await asked('430502', POST_OF, { id: second })).toEqual(held(null));
  });

  it('is answered to other services by reference, as are those who were not', async () => {
    const of = [WANG, LI].map((holder) => ({ __typename: 'Holder', id: holder }));
    const found = [
      { id: WANG, name: null },
      { id: LI, name: '李丙' },
    ];
    expect(await asked('430502', HOLDERS, { of })).toEqual({ data: { found } });
  });

  it('can be released', async () => {
    const actor = claimedIdentity({ subject: 'spec', role: 'supervisor', area: areaCode('4305') });
    const input = { postId: second, reason: '调离岗位' };
    const { data } = await answered(actor, RELEASE, { input });
    expect(data).toEqual({ releaseHolder: { post: { id: second, holder: null } } });
  });
});
