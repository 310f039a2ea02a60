import { followed, id, lives, NOW, noted, OBSERVATION, SHIFT, SIGHT } from '../test/patrols.js';
import { hazardClosed, hazardFound, told } from '../test/registry.js';
import { eventsOf, meta, openVolunteers, tell } from '../test/room.js';
import { unsealed } from '../test/sealed.js';
import { FollowObservationReaction } from './follow-observation.reaction.js';
import { observationsView } from './observations.view.js';

const found = told(hazardFound, 3, 'inspections');
const closed = told(hazardClosed, 4, 'inspections');

/** An observation was noted; inspections has not answered yet. */
async function room() {
  const open = openVolunteers();
  await tell(open.log, { [`observation-${OBSERVATION}`]: [noted] });
  return { ...open, reaction: new FollowObservationReaction(open.observations) };
}

describe('when inspections tells of the hazard that an observation led to', () => {
  it('the volunteer sees what became of it', async () => {
    const { log, reaction, views } = await room();
    expect(await views.get(observationsView, OBSERVATION)).toMatchObject({ outcome: 'NOTED' });
    await reaction.found(found);
    expect(await eventsOf(log, 1)).toEqual([{ ...followed, at: NOW }]);
    expect(await log.read(1, 1)).toMatchObject([
      { actor: 'service:volunteers', cause: 'inspections@3' },
    ]);
    await reaction.closed(closed);
    expect(await views.get(observationsView, OBSERVATION)).toMatchObject({
      outcome: 'CLOSED',
      hazardId: hazardFound.hazard,
    });
  });

  it('it is recorded once, however often that is told', async () => {
    const { log, reaction } = await room();
    await Promise.all([reaction.found(found), reaction.found(found)]);
    await reaction.closed(closed);
    await reaction.closed(closed);
    await reaction.found(found);
    expect(await log.head()).toBe(3);
  });

  it('a hazard that no observation led to, or none of ours, changes nothing', async () => {
    const { log, reaction } = await room();
    await reaction.found(told({ ...hazardFound, observation: null }, 5, 'inspections'));
    await reaction.closed(told({ ...hazardClosed, observation: null }, 6, 'inspections'));
    await reaction.found(told({ ...hazardFound, observation: id('b9') }, 7, 'inspections'));
    expect(await log.head()).toBe(1);
  });
});

describe('an observation', () => {
  it('is noted under an id of its own while checked in, in its own stream', async () => {
    const { log, observations, views } = openVolunteers();
    await tell(log, { [`shift-${SHIFT}`]: lives.checkedIn });
    const ask = { shift: SHIFT, volunteer: id('a1'), ...SIGHT };
    await observations.note(meta('e1'), ask);
    await observations.note(meta('e1'), ask);
    const [recorded, ...more] = await log.read(lives.checkedIn.length, 9);
    const { observation } = recorded!.event as typeof noted;
    expect(more).toEqual([]);
    expect(recorded!.stream).toBe(`observation-${observation}`);
    expect(unsealed(recorded!.event)).toEqual({ ...noted, observation, sealed: SIGHT, at: NOW });
    const row = await views.get(observationsView, observation);
    expect(row?.sealed.subject).toBe(observation);
    expect(unsealed(row)).toMatchObject({ sealed: SIGHT });
  });
});
