import { inspectionsPublishedEvents } from '#libs/contracts';
import { GRID, NOW, OBSERVATION, VOLUNTEER } from '../test/hazards.js';
import { closing, observation, told } from '../test/neighbours.js';
import { eventsOf, openInspections } from '../test/room.js';

const noted = told('volunteers', observation, 7);

describe('when a patrol noted an observation', () => {
  it('a hazard is open and waits for its grade, and the record names its cause', async () => {
    const { log, observations } = openInspections();
    await observations.on(noted);
    const [found] = await log.read(0, 10);
    expect(found).toMatchObject({
      actor: 'service:inspections',
      cause: 'volunteers@7',
      event: {
        type: 'HazardFound',
        observation: OBSERVATION,
        grid: GRID,
        place: null,
        inspection: null,
        description: '东风路 12 号楼道：电动自行车在楼梯间充电',
        finder: VOLUNTEER,
        at: NOW,
      },
    });
    expect(await log.head()).toBe(1);
  });

  it('one hazard is opened, however often that is told', async () => {
    const { log, observations } = openInspections();
    await Promise.all([observations.on(noted), observations.on(noted)]);
    await observations.on(noted);
    expect(await log.head()).toBe(1);
  });

  it('its texts together may be longer than one may be', async () => {
    const { log, observations } = openInspections();
    const place = '甲'.repeat(1998);
    await observations.on(told('volunteers', { ...observation, place, fact: '😀'.repeat(500) }));
    const [event] = await eventsOf(log);
    const { type: _, ...data } = event as typeof event & object;
    const { description } = inspectionsPublishedEvents.HazardFound.parse(data);
    expect(description).toHaveLength(2000);
    expect(description.isWellFormed()).toBe(true);
  });

  it('it is not lost where its grid was closed without a successor', async () => {
    const { log, observations, grids } = openInspections();
    await grids.closing(told('grid-registry', { ...closing, successors: [] }));
    await observations.on(noted);
    expect((await eventsOf(log)).at(-1)).toMatchObject({ type: 'HazardFound', grid: GRID });
  });
});
