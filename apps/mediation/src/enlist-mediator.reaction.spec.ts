import { postKindField } from '#libs/contracts';
import { LI, NOW, VILLAGE } from '../test/disputes.js';
import { appointed, fromRegistry, released } from '../test/registry.js';
import { eventsOf, openMediation } from '../test/room.js';
import { EnlistMediatorReaction } from './enlist-mediator.reaction.js';
import { ReturnDisputesReaction } from './return-disputes.reaction.js';

const appointment = fromRegistry(appointed, 3);
const otherKinds = postKindField.options.filter((kind) => kind !== 'MEDIATOR');

describe('when somebody was appointed', () => {
  it('to a mediator’s post, disputes of its area may be assigned to them', async () => {
    const { log, mediators } = openMediation();
    await new EnlistMediatorReaction(mediators).on(appointment);
    const enlisted = { type: 'MediatorEnlisted', mediator: LI, area: VILLAGE, at: NOW };
    expect(await eventsOf(log)).toEqual([enlisted]);
    expect(await log.read(0, 1)).toMatchObject([{ cause: 'grid-registry@3' }]);
  });

  it.each(otherKinds)('to a post of another kind, nothing follows: %s', async (kind) => {
    const { log, mediators } = openMediation();
    await new EnlistMediatorReaction(mediators).on(fromRegistry({ ...appointed, kind }));
    expect(await log.head()).toBe(0);
  });

  it('they are enlisted once, however often that is told', async () => {
    const { log, mediators } = openMediation();
    const reaction = new EnlistMediatorReaction(mediators);
    await Promise.all([reaction.on(appointment), reaction.on(appointment)]);
    await reaction.on(appointment);
    expect(await log.head()).toBe(1);
  });

  it('they do not come back when the appointment is told once more after the release', async () => {
    const { log, mediators, disputes, views } = openMediation();
    const enlist = new EnlistMediatorReaction(mediators);
    await enlist.on(appointment);
    await new ReturnDisputesReaction(mediators, disputes, views).on(fromRegistry(released, 4));
    await enlist.on(appointment);
    const types = (await eventsOf(log)).map(({ type }) => type);
    expect(types).toEqual(['MediatorEnlisted', 'MediatorWithdrawn']);
  });
});
