import { sealedIn } from '#libs/contracts';
import { refuse, type Recorded } from '#libs/event';
import {
  areaCode,
  closing,
  created,
  EAST,
  GRID,
  id,
  NOW,
  opened,
  POST,
  registered,
  VILLAGE,
} from '../test/registry.js';
import { eventsOf, keptBy, openRegistry, tell } from '../test/room.js';
import type { GridEvent } from './grid.events.js';
import type { PostEvent } from './post.events.js';

const meta = (last: string) => ({ commandId: id(last), actor: 'spec', request: last });
const kind = 'MEDIATOR' as const;

async function openWithPlaces() {
  const registry = openRegistry();
  await tell(registry.log, {
    [`area-${VILLAGE}`]: [registered(VILLAGE)],
    [`grid-${GRID}`]: [opened],
  });
  return registry;
}

describe('the posts of an area', () => {
  it('are created for an area or a grid that is registered', async () => {
    const { posts, log } = await openWithPlaces();
    await posts.create(meta('e1'), { kind, area: VILLAGE });
    await posts.create(meta('e2'), { kind, area: GRID });
    const created = (await log.read(2, 2)) as readonly Recorded<PostEvent>[];
    expect(created.map(({ event }) => event.area)).toEqual([VILLAGE, GRID]);
    expect(created.map(({ stream, event }) => stream === `post-${event.post}`)).toEqual([
      true,
      true,
    ]);
    for (const code of ['430502001002', '430502001001002']) {
      const outcome = await posts.create(meta('e3'), { kind, area: areaCode(code) });
      expect(outcome).toEqual(refuse('AreaNotFound', { code }));
    }
  });

  it('are filled and left: each appointment makes an id of its own for the holder', async () => {
    const { posts, log } = await openWithPlaces();
    await posts.create(meta('e1'), { kind, area: VILLAGE });
    const [{ event }] = (await log.read(2, 1)) as readonly [Recorded<PostEvent>];
    const { post } = event;
    await posts.appoint(meta('e2'), { post, name: '李丙' });
    await posts.release(meta('e3'), { post, reason: '任期届满' });
    await posts.appoint(meta('e4'), { post, name: '李丙' });
    const [first, left, second] = (await eventsOf(log, 3)) as readonly PostEvent[];
    expect(left).toEqual({ ...left, type: 'HolderReleased', holder: heldBy(first), post });
    expect(heldBy(second)).not.toBe(heldBy(first));
  });

  it('are filled once when the same command comes twice, or two at the same time', async () => {
    const { posts, log } = await openWithPlaces();
    await posts.create(meta('e1'), { kind, area: VILLAGE });
    const [{ event }] = (await log.read(2, 1)) as readonly [Recorded<PostEvent>];
    const appoint = (last: string) => posts.appoint(meta(last), { post: event.post, name: '李丙' });
    const once = await appoint('e2');
    expect(await appoint('e2')).toEqual(once);
    await posts.release(meta('e3'), { post: event.post, reason: '任期届满' });
    const outcomes = await Promise.all([appoint('e4'), appoint('e5')]);
    expect(outcomes).toContainEqual(refuse('PostAlreadyHeld', { post: event.post }));
    expect(await log.head()).toBe(6);
  });
});

describe('the posts of a grid that is closing', () => {
  const inGrid = { ...created, area: GRID };
  const openedEast: GridEvent = { ...opened, grid: EAST };

  it('are none but those it had, and whoever is appointed is appointed where the post is', async () => {
    const { posts, log } = await openWithPlaces();
    await tell(log, { [`post-${POST}`]: [inGrid], [`grid-${EAST}`]: [openedEast] });
    await tell(log, { [`grid-${GRID}`]: [closing] });
    const closed = refuse('GridClosed', { grid: GRID, successor: EAST });
    expect(await posts.create(meta('e1'), { kind, area: GRID })).toEqual(closed);
    await posts.move(meta('e2'), { post: POST, area: EAST });
    await posts.appoint(meta('e3'), { post: POST, name: '李丙' });
    const [moved, appointed] = await eventsOf(log, 5);
    expect(moved).toMatchObject({ type: 'PostMoved', from: GRID, area: EAST, holder: null });
    expect(appointed).toMatchObject({ type: 'HolderAppointed', area: EAST });
  });

  it('move once under the same command', async () => {
    const { posts, log } = await openWithPlaces();
    await tell(log, { [`post-${POST}`]: [inGrid] });
    const once = await posts.move(meta('e2'), { post: POST, area: EAST });
    expect(await posts.move(meta('e2'), { post: POST, area: EAST })).toEqual(once);
    expect(await log.head()).toBe(4);
  });
});

describe('who holds a post, and why they left it', () => {
  const name = '李丙';
  const reason = '任期届满';

  async function openWithPost() {
    const registry = await openWithPlaces();
    await tell(registry.log, { [`post-${POST}`]: [created] });
    const appoint = (last: string, asked = name) => {
      const ask = { post: POST, name: asked };
      return registry.posts.appoint({ ...meta(last), request: ask }, ask);
    };
    const release = (last: string) => registry.posts.release(meta(last), { post: POST, reason });
    const eventAt = async (position: number) =>
      (await eventsOf(registry.log, position))[0] as PostEvent;
    const holderAt = async (position: number) => heldBy(await eventAt(position)) ?? '';
    return { ...registry, appoint, release, eventAt, holderAt };
  }

  it('is sealed for the holder: no stored byte and no row tells it', async () => {
    const registry = await openWithPost();
    await registry.appoint('e1');
    await registry.release('e2');
    await registry.appoint('e3');
    const kept = await keptBy(registry);
    // Of the log and of the rows, so that nothing else could hide there either.
    expect(kept).toContain(`"at":"${NOW}"`);
    expect(kept).toContain('"status":"OPEN"');
    expect(kept).not.toContain(name);
    expect(kept).not.toContain(reason);
    const holder = await registry.holderAt(3);
    const sections = [await registry.eventAt(3), await registry.eventAt(4)].flatMap(sealedIn);
    expect(sections.map(({ subject }) => subject)).toEqual([holder, holder]);
    expect(sections.map((sealed) => registry.sealing.open(sealed))).toEqual([{ name }, { reason }]);
  });

  it('is asked for again: the same answer, but not for another name', async () => {
    const { log, appoint } = await openWithPost();
    const once = await appoint('e1');
    expect(await appoint('e1')).toEqual(once);
    expect(await appoint('e1', '王丁')).toEqual(refuse('CommandIdReused'));
    expect(await log.head()).toBe(4);
  });

  it('is gone when they are erased, and the command was done all the same', async () => {
    const { log, sealing, appoint, eventAt, holderAt } = await openWithPost();
    const once = await appoint('e1');
    await sealing.erase(await holderAt(3));
    expect(sealedIn(await eventAt(3)).map((sealed) => sealing.open(sealed))).toEqual([undefined]);
    expect(await appoint('e1')).toEqual(once);
    expect(await log.head()).toBe(4);
  });

  it('is not written down any more when they leave after they were erased', async () => {
    const registry = await openWithPost();
    await registry.appoint('e1');
    const holder = await registry.holderAt(3);
    await registry.sealing.erase(holder);
    const once = await registry.release('e2');
    expect(await registry.release('e2')).toEqual(once);
    expect(await registry.eventAt(4)).toMatchObject({
      type: 'HolderReleased',
      holder,
      sealed: null,
    });
    await registry.appoint('e3');
    expect(await registry.holderAt(5)).not.toBe(holder);
    expect(await keptBy(registry)).not.toContain(reason);
  });
});

function heldBy(event: PostEvent | undefined): string | null | undefined {
  return event !== undefined && 'holder' in event ? event.holder : undefined;
}
