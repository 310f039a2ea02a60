import { GRID, NOW, OBSERVATION, VOLUNTEER } from '../test/hazards.js';
import { closing, observation, told } from '../test/neighbours.js';
import { eventsOf, openInspections } from '../test/room.js';
import { hazardsView } from './hazards.view.js';

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
        sealed: null,
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

  it('its text is not taken along: the hazard refers to it', async () => {
    const { log, observations, views } = openInspections();
    await observations.on(noted);
    const text = Buffer.concat(await log.entries(0, 10)).toString();
    expect(text).toContain(OBSERVATION);
    expect(text).not.toContain(observation.sealed.box);
    const rows = await views.all(hazardsView);
    expect(rows).toMatchObject([{ observation: OBSERVATION, description: null }]);
  });

  it('it is not lost where its grid was closed without a successor', async () => {
    const { log, observations, grids } = openInspections();
    await grids.closing(told('grid-registry', { ...closing, successors: [] }));
    await observations.on(noted);
    expect((await eventsOf(log)).at(-1)).toMatchObject({ type: 'HazardFound', grid: GRID });
  });
});
