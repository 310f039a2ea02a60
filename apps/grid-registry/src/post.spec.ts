import { given, refuse } from '#libs/event';
import {
  appointed,
  closing,
  created,
  EAST,
  GRID,
  LI,
  moved,
  opened,
  POST,
  registered,
  released,
  retired,
  sealedFor,
  VILLAGE,
  WANG,
} from '../test/registry.js';
import { areas } from './area.js';
import { grids } from './grid.js';
import { appointHolder, createPost, movePost, posts, releaseHolder } from './post.js';

const { type: _created, ...create } = created;
const appoint = { post: POST, holder: LI, sealed: appointed.sealed, at: appointed.at };
const release = { post: POST, sealed: released.sealed, at: released.at };
const facts = { post: POST, kind: 'MEDIATOR', area: VILLAGE };
const village = given(areas, [registered(VILLAGE)]).state;
const alone = { ...closing, successors: [] };
const inGrid = { ...created, area: GRID };
const { type: _moved, kind: _kind, holder: _holder, from: _from, ...move } = moved;

describe('creating a post', () => {
  it('makes it for an area or for a grid, at first held by nobody', () => {
    const post = given(posts, []).when(createPost, create, village);
    expect(post.then).toEqual([created]);
    expect(post.state).toEqual({ status: 'vacant', ...facts });
    const grid = given(grids, [opened]).state;
    expect(given(posts, []).when(createPost, create, grid).then).toEqual([created]);
  });

  it('is refused where nothing is registered', () => {
    const post = given(posts, []).when(createPost, create, { status: 'none' });
    expect(post.then).toEqual(refuse('AreaNotFound', { code: VILLAGE }));
  });

  it.each([
    ['is closing into another', [opened, closing], EAST],
    ['is closing and has no successor', [opened, alone], '—'],
    ['is closed', [opened, closing, retired], EAST],
  ] as const)('is refused in a grid that %s', (_, events, successor) => {
    const grid = given(grids, events).state;
    const post = given(posts, []).when(createPost, { ...create, area: GRID }, grid);
    expect(post.then).toEqual(refuse('GridClosed', { grid: GRID, successor }));
  });

  it('happens once, whoever holds the post by now', () => {
    for (const events of [[created], [created, appointed]]) {
      expect(given(posts, events).when(createPost, create, village).then).toEqual([]);
    }
  });
});

describe('appointing a holder', () => {
  it('fills a vacant post, and says for what and where', () => {
    const post = given(posts, [created]).when(appointHolder, appoint, village);
    expect(post.then).toEqual([appointed]);
    expect(post.state).toEqual({ status: 'held', ...facts, holder: LI });
  });

  it('happens once', () => {
    const post = given(posts, [created]).when(appointHolder, appoint, village);
    expect(post.when(appointHolder, appoint, village).then).toEqual([]);
  });

  it('leaves a post with who holds it until they are released', () => {
    const wang = { ...appoint, holder: WANG, sealed: sealedFor(WANG) };
    const held = given(posts, [created, appointed]);
    const twice = held.when(appointHolder, wang, village);
    expect(twice.then).toEqual(refuse('PostAlreadyHeld', { post: POST }));
    const vacant = given(posts, [created, appointed, released]).when(appointHolder, wang, village);
    expect(vacant.then).toEqual([{ ...appointed, ...wang }]);
  });

  it('is refused for a post that nobody has created', () => {
    const post = given(posts, []).when(appointHolder, appoint, village);
    expect(post.then).toEqual(refuse('PostNotFound', { post: POST }));
  });

  it('to a post that goes along with its closing grid is possible on the way', () => {
    const grid = given(grids, [opened, closing]).state;
    const post = given(posts, [inGrid]).when(appointHolder, appoint, grid);
    expect(post.then).toEqual([{ ...appointed, area: GRID }]);
  });

  it.each([
    ['is closing, from which the post goes nowhere', [opened, alone], '—'],
    ['is closed', [opened, closing, retired], EAST],
  ] as const)('is refused in a grid that %s', (_, events, successor) => {
    const grid = given(grids, events).state;
    const post = given(posts, [inGrid]).when(appointHolder, appoint, grid);
    expect(post.then).toEqual(refuse('GridClosed', { grid: GRID, successor }));
  });
});

describe('moving a post whose grid is closed', () => {
  it('takes it to the successor with who holds it, and says from where', () => {
    const post = given(posts, [inGrid, { ...appointed, area: GRID }]).when(movePost, move);
    expect(post.then).toEqual([moved]);
    const held = { status: 'held', holder: LI };
    expect(post.state).toEqual({ ...held, ...facts, area: EAST });
  });

  it('takes a vacant post too: the duty stays', () => {
    const post = given(posts, [inGrid]).when(movePost, move);
    expect(post.then).toEqual([{ ...moved, holder: null }]);
    expect(post.state).toEqual({ status: 'vacant', ...facts, area: EAST });
  });

  it('happens once, and never to a post that nobody has created', () => {
    const post = given(posts, [inGrid]).when(movePost, move);
    expect(post.when(movePost, move).then).toEqual([]);
    expect(given(posts, []).when(movePost, move).then).toEqual([]);
  });
});

describe('releasing a holder', () => {
  it('leaves the post vacant, and says whom, from what and why', () => {
    const post = given(posts, [created, appointed]).when(releaseHolder, release);
    expect(post.then).toEqual([released]);
    expect(post.state).toEqual({ status: 'vacant', ...facts });
  });

  it('is possible when they were erased, and then keeps no word about why', () => {
    const erased = { ...release, sealed: null };
    const post = given(posts, [created, appointed]).when(releaseHolder, erased);
    expect(post.then).toEqual([{ ...released, sealed: null }]);
    expect(post.state).toEqual({ status: 'vacant', ...facts });
  });

  it('is refused while nobody holds the post: before an appointment and after a release', () => {
    const vacant = refuse('PostVacant', { post: POST });
    expect(given(posts, [created]).when(releaseHolder, release).then).toEqual(vacant);
    const post = given(posts, [created, appointed]).when(releaseHolder, release);
    expect(post.when(releaseHolder, release).then).toEqual(vacant);
  });

  it('is refused for a post that nobody has created', () => {
    const post = given(posts, []).when(releaseHolder, release);
    expect(post.then).toEqual(refuse('PostNotFound', { post: POST }));
  });
});
