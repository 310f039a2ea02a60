import { postKindField } from '#libs/contracts';
import { isRefusal } from '#libs/event';
import { DISPUTE, EAST, GRID, id, LI, lives, moved, NOW } from '../test/disputes.js';
import { appointed, fromRegistry, postMoved, released } from '../test/registry.js';
import { eventsOf, openMediation, tell } from '../test/room.js';
import { EnlistMediatorReaction } from './enlist-mediator.reaction.js';
import { MoveMediatorReaction } from './move-mediator.reaction.js';
import { ReturnDisputesReaction } from './return-disputes.reaction.js';

const appointment = fromRegistry({ ...appointed, area: GRID }, 3);
const move = fromRegistry(postMoved, 4);
const movedTo = { type: 'MediatorMoved', mediator: LI, area: EAST, at: NOW };

/** Mediation with a mediator for the grid. */
async function withMediator() {
  const room = openMediation();
  await new EnlistMediatorReaction(room.mediators).on(appointment);
  return { ...room, reaction: new MoveMediatorReaction(room.mediators) };
}

describe('when a post went along with its grid', () => {
  it('its mediator mediates in the new one, also what came along', async () => {
    const { log, reaction, disputes } = await withMediator();
    await tell(log, { [`dispute-${DISPUTE}`]: [...lives.accepted, moved] });
    await reaction.on(move);
    expect((await eventsOf(log)).at(-1)).toEqual(movedTo);
    expect((await log.read(0, 50)).at(-1)).toMatchObject({ cause: 'grid-registry@4' });
    const meta = { commandId: id('e7'), actor: 'spec', request: 'assign' };
    const outcome = await disputes.assign(meta, { dispute: DISPUTE, mediator: LI });
    expect(isRefusal(outcome)).toBe(false);
  });

  it('and nobody held it, nothing follows', async () => {
    const { log, reaction } = await withMediator();
    await reaction.on(fromRegistry({ ...postMoved, holder: null }, 4));
    expect(await log.head()).toBe(1);
  });

  it.each(postKindField.options.filter((kind) => kind !== 'MEDIATOR'))(
    'and it is of another kind, nothing follows: %s',
    async (kind) => {
      const { log, reaction } = await withMediator();
      await reaction.on(fromRegistry({ ...postMoved, kind }, 4));
      expect(await log.head()).toBe(1);
    },
  );

  it('it has its effect once, however often it is told, also after the next move', async () => {
    const { log, reaction } = await withMediator();
    await Promise.all([reaction.on(move), reaction.on(move)]);
    await reaction.on(fromRegistry({ ...postMoved, from: EAST, area: GRID }, 5));
    await reaction.on(move);
    const [, ...moves] = await eventsOf(log);
    expect(moves).toEqual([movedTo, { ...movedTo, area: GRID }]);
  });

  it('who was released meanwhile stays so', async () => {
    const { log, reaction, mediators, disputes, views } = await withMediator();
    await new ReturnDisputesReaction(mediators, disputes, views).on(fromRegistry(released, 6));
    await reaction.on(move);
    const types = (await eventsOf(log)).map(({ type }) => type);
    expect(types).toEqual(['MediatorEnlisted', 'MediatorWithdrawn']);
  });
});
