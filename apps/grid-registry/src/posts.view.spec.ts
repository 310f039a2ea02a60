import fc from 'fast-check';
import {
  appointed,
  areaCode,
  created,
  EAST,
  GRID,
  id,
  LI,
  moved,
  opened,
  POST,
  registered,
  released,
  sealedFor,
  VILLAGE,
  WANG,
} from '../test/registry.js';
import { anyTurns, inTurn, openRegistry, rowsInTurns, tell } from '../test/room.js';
import { holdersView } from './holders.view.js';
import type { PostEvent } from './post.events.js';
import { postsView } from './posts.view.js';

const byWang = { ...appointed, holder: WANG, sealed: sealedFor(WANG) };

async function rowsAfter(events: readonly PostEvent[]) {
  const { log, views } = openRegistry();
  await tell(log, { [`post-${POST}`]: events });
  return {
    post: await views.get(postsView, POST),
    holder: await views.get(holdersView, LI),
  };
}

describe('a post', () => {
  const vacant = { id: POST, kind: 'MEDIATOR', area: VILLAGE, account: '', holder: null };

  it('is vacant when it is created and after a release', async () => {
    expect((await rowsAfter([created])).post).toEqual(vacant);
    expect((await rowsAfter([created, appointed, released])).post).toEqual(vacant);
  });

  it('shows who holds it now', async () => {
    const held = await rowsAfter([created, appointed]);
    expect(held.post).toEqual({ ...vacant, holder: { id: LI, post: POST, sealed: sealedFor(LI) } });
    const next = await rowsAfter([created, appointed, released, byWang]);
    expect(next.post).toEqual({
      ...vacant,
      holder: { id: WANG, post: POST, sealed: sealedFor(WANG) },
    });
  });

  it('is in the grid into which its own was closed, with who holds it', async () => {
    const { post } = await rowsAfter([created, appointed, moved]);
    const holder = { id: LI, post: POST, sealed: sealedFor(LI) };
    expect(post).toEqual({ ...vacant, area: EAST, holder });
    const left = await rowsAfter([created, appointed, moved, { ...released, area: EAST }]);
    expect(left.post).toEqual({ ...vacant, area: EAST });
  });

  it('is found in its area and in every area above', async () => {
    const { log, views } = openRegistry();
    const inGrid = { ...created, post: id('c2'), area: GRID };
    const elsewhere = { ...created, post: id('c3'), area: areaCode('430503') };
    await tell(log, { 'post-3': [elsewhere], 'post-2': [inGrid], 'post-1': [created] });
    const under = async (prefix: string) => {
      const where = { under: { field: 'area', prefix } } as const;
      const rows = await views.find(postsView, { ...where, orderBy: ['area', 'id'], limit: 10 });
      expect(await views.count(postsView, where)).toBe(rows.length);
      return rows.map((row) => row.id);
    };
    expect(await under('4305')).toEqual([POST, id('c2'), id('c3')]);
    expect(await under(VILLAGE)).toEqual([POST, id('c2')]);
    expect(await under(GRID)).toEqual([id('c2')]);
  });
});

describe('a holder', () => {
  it('has a sealed name, which is kept after the release as well', async () => {
    const holder = { id: LI, post: POST, sealed: sealedFor(LI) };
    expect((await rowsAfter([created])).holder).toBeUndefined();
    expect((await rowsAfter([created, appointed])).holder).toEqual(holder);
    expect((await rowsAfter([created, appointed, released, byWang])).holder).toEqual(holder);
  });
});

describe('posts and holders', () => {
  const second = { post: id('c2') };
  const zhao = { ...second, holder: id('b3') };
  const streams = {
    'post-1': [created, appointed, released, byWang, { ...moved, holder: WANG }],
    'post-2': [
      { ...created, ...second },
      { ...appointed, ...zhao },
      { ...released, ...zhao },
    ],
    'post-3': [{ ...created, post: id('c3') }],
    [`grid-${GRID}`]: [opened],
    [`area-${VILLAGE}`]: [registered(VILLAGE)],
  };

  it('are the same in whatever order the streams come', async () => {
    const posts = await rowsInTurns(postsView, { streams, turns: inTurn(streams) });
    const holders = await rowsInTurns(holdersView, { streams, turns: inTurn(streams) });
    expect(posts.map(({ holder }) => holder?.id ?? null)).toEqual([WANG, null, null]);
    expect(holders.map((row) => row.id)).toEqual([LI, WANG, id('b3')]);
    const same = fc.asyncProperty(anyTurns(streams), async (turns) => {
      expect(await rowsInTurns(postsView, { streams, turns })).toEqual(posts);
      expect(await rowsInTurns(holdersView, { streams, turns })).toEqual(holders);
    });
    await fc.assert(same, { numRuns: 50 });
  });
});
