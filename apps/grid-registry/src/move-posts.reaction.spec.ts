import type { EventLog } from '#libs/event-log';
import {
  appointed,
  areaCode,
  closing,
  CLOSING,
  created,
  EAST,
  ended,
  GRID,
  id,
  LI,
  moved,
  named,
  NOW,
  opened,
  released,
  retired,
} from '../test/registry.js';
import { emptyLog, eventsOf, fromLog, openRegistry, tell } from '../test/room.js';
import type { GridEvent } from './grid.events.js';
import { MovePostsReaction } from './move-posts.reaction.js';
import type { PostEvent } from './post.events.js';

const close = fromLog(closing, 9);
const alone = { ...closing, successors: [] };
const east: GridEvent = { ...opened, grid: EAST };
/** The life of a post in a grid: held, left, or never filled. */
const postIn = (last: string, events: readonly PostEvent[], area = GRID) => ({
  [`post-${id(last)}`]: events.map((event) => ({ ...event, post: id(last), area })),
});

function reactionOver(log: EventLog): MovePostsReaction {
  const { grids, posts, views } = openRegistry(log);
  return new MovePostsReaction(grids, posts, views);
}

/** A closing grid with three posts, one of them held, and a post in the grid beside it. */
async function closingLog(event: GridEvent = closing, asked: readonly string[] = closing.asked) {
  const log = emptyLog();
  const attempt = { ...event, asked };
  await tell(log, {
    [`grid-${GRID}`]: [opened],
    [`grid-${EAST}`]: [east],
    ...postIn('c1', [created, appointed]),
    ...postIn('c2', [created]),
    ...postIn('c3', [created, appointed, released]),
    ...postIn('c4', [created], EAST),
  });
  await tell(log, { [`grid-${GRID}`]: [attempt], [`grid-${EAST}`]: [named] });
  return { log, from: await log.head() };
}

const goesAlong = (last: string, holder: string | null) => ({ ...moved, post: id(last), holder });
const answer = {
  type: 'GridWorkAnswered',
  grid: GRID,
  closing: CLOSING,
  service: 'grid-registry',
  at: NOW,
};

describe('when a grid is closing', () => {
  it('every post of it goes along, held or vacant, and then the registry answers', async () => {
    const { log, from } = await closingLog();
    await reactionOver(log).on(close);
    expect(await eventsOf(log, from)).toEqual([
      goesAlong('c1', LI),
      goesAlong('c2', null),
      goesAlong('c3', null),
      { ...answer, open: 0 },
    ]);
    expect(await log.read(from, 1)).toMatchObject([{ cause: 'grid-registry@9' }]);
  });

  it('without a successor no post moves; those that are held are counted', async () => {
    const { log, from } = await closingLog(alone);
    await reactionOver(log).on(fromLog(alone, 9));
    expect(await eventsOf(log, from)).toEqual([{ ...answer, open: 1 }]);
  });

  it('and nobody else is asked, the answer retires it', async () => {
    const { log, from } = await closingLog(closing, ['grid-registry']);
    await reactionOver(log).on(close);
    expect((await eventsOf(log, from)).slice(3)).toEqual([{ ...answer, open: 0 }, retired, ended]);
  });

  it('more posts than one page of them go along', async () => {
    const { log, from } = await closingLog();
    const more = Array.from({ length: 250 }, (_, index) => {
      const post = id('00').slice(0, -4) + (1000 + index).toString();
      return [`post-${post}`, [{ ...created, post, area: GRID }]] as const;
    });
    await tell(log, Object.fromEntries(more));
    await reactionOver(log).on(close);
    const moves = (await eventsOf(log, from + 250)).filter(({ type }) => type === 'PostMoved');
    expect(moves).toHaveLength(253);
  });

  it('it has its effect once, however often it is told', async () => {
    const { log } = await closingLog();
    const reaction = reactionOver(log);
    await Promise.all([reaction.on(close), reaction.on(close)]);
    const head = await log.head();
    await reactionOver(log).on(close);
    expect(await log.head()).toBe(head);
  });

  it.each([1, 2, 3, 4].flatMap((nth) => [[nth, 'before'] as const, [nth, 'after'] as const]))(
    'and the work is cut short at append %i, %s it is durable, it is completed',
    async (nth, when) => {
      const { log, from } = await closingLog();
      let appends = 0;
      const breaking: EventLog = {
        ...log,
        append: async (commit) => {
          appends += 1;
          if (appends === nth && when === 'before') throw new Error('the power went');
          const outcome = await log.append(commit);
          if (appends === nth) throw new Error('the power went');
          return outcome;
        },
      };
      await expect(reactionOver(breaking).on(close)).rejects.toThrow('power');
      await reactionOver(log).on(close);
      const types = (await eventsOf(log, from)).map(({ type }) => type);
      expect(types).toEqual(['PostMoved', 'PostMoved', 'PostMoved', 'GridWorkAnswered']);
    },
  );

  it('a post of a village stays: it is for more than the grid', async () => {
    const { log, from } = await closingLog();
    await tell(log, postIn('c5', [created], areaCode('430502001001')));
    await reactionOver(log).on(close);
    const moves = (await eventsOf(log, from + 1)).filter(({ type }) => type === 'PostMoved');
    expect(moves).toHaveLength(3);
  });
});
