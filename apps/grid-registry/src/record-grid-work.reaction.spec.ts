import type { GridWorkPublishedEvent } from '#libs/contracts';
import type { EventLog } from '#libs/event-log';
import {
  answered,
  closing,
  CLOSING,
  EAST,
  ended,
  GRID,
  id,
  named,
  NOW,
  opened,
  retired,
  staysOpen,
  WEST,
} from '../test/registry.js';
import { emptyLog, eventsOf, fromLog, openRegistry, tell } from '../test/room.js';
import type { GridEvent } from './grid.events.js';
import { RecordGridWorkReaction } from './record-grid-work.reaction.js';

const attempt = { grid: GRID, closing: CLOSING, at: NOW };
const workMoved: GridWorkPublishedEvent = { type: 'GridWorkMoved', ...attempt };
const workOpen: GridWorkPublishedEvent = { type: 'GridWorkOpen', ...attempt, open: 2 };
const from = (origin: string, event: GridWorkPublishedEvent, position = 5) => ({
  ...fromLog(event, position),
  origin,
});
const opening = (grid: typeof GRID): GridEvent => ({ ...opened, grid });

function reactionOver(log: EventLog): RecordGridWorkReaction {
  return new RecordGridWorkReaction(openRegistry(log).grids);
}

/** A grid that closes into two; three services are asked, and the registry has answered. */
async function closingLog() {
  const log = emptyLog();
  await tell(log, { [`grid-${EAST}`]: [opening(EAST)], [`grid-${WEST}`]: [opening(WEST)] });
  const asked = {
    ...closing,
    successors: [EAST, WEST],
    asked: ['grid-registry', 'mediation', 'volunteers'],
  };
  const own = { ...answered, service: 'grid-registry' };
  await tell(log, {
    [`grid-${GRID}`]: [opened, asked, own],
    [`grid-${EAST}`]: [named],
    [`grid-${WEST}`]: [{ ...named, grid: WEST }],
  });
  return { log, head: await log.head() };
}

describe('when a service has answered for its work in a closing grid', () => {
  it('that is recorded under its name; the last answer ends it for all successors', async () => {
    const { log, head } = await closingLog();
    await reactionOver(log).on(from('mediation', workMoved));
    expect(await eventsOf(log, head)).toEqual([answered]);
    expect(await log.read(head, 1)).toMatchObject([{ cause: 'mediation@5' }]);
    await reactionOver(log).on(from('volunteers', workMoved));
    expect(await eventsOf(log, head + 1)).toEqual([
      { ...answered, service: 'volunteers' },
      { ...retired, successors: [EAST, WEST] },
      ended,
      { ...ended, grid: WEST },
    ]);
    const commands = (await log.read(head + 1, 4)).map(({ commandId }) => commandId);
    expect(new Set(commands).size).toBe(1);
  });

  it('and work is left, the grid stays open, and its successors are told so', async () => {
    const { log, head } = await closingLog();
    await reactionOver(log).on(from('mediation', workOpen));
    await reactionOver(log).on(from('volunteers', workMoved));
    expect((await eventsOf(log, head)).slice(2)).toEqual([
      staysOpen,
      { ...ended, taken: false },
      { ...ended, grid: WEST, taken: false },
    ]);
  });

  it('it counts once, however often it is told', async () => {
    const { log, head } = await closingLog();
    const reaction = reactionOver(log);
    const answer = from('mediation', workMoved);
    await Promise.all([reaction.on(answer), reaction.on(answer)]);
    await reactionOver(log).on(answer);
    expect(await log.head()).toBe(head + 1);
  });

  it('and another at the same time, both count', async () => {
    const { log, head } = await closingLog();
    const reaction = reactionOver(log);
    await Promise.all([
      reaction.on(from('mediation', workMoved)),
      reaction.on(from('volunteers', workMoved)),
    ]);
    const types = (await eventsOf(log, head)).map(({ type }) => type);
    expect(types.filter((type) => type === 'GridRetired')).toHaveLength(1);
    expect(types.filter((type) => type === 'GridWorkAnswered')).toHaveLength(2);
  });

  it('for another attempt, nothing is recorded', async () => {
    const { log, head } = await closingLog();
    await reactionOver(log).on(from('mediation', { ...workMoved, closing: id('f9') }));
    expect(await log.head()).toBe(head);
  });
});
