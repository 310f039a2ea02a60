import { type Recorded, refuse } from '#libs/event';
import { enrolled, founded, GRID, linding, NOW, TEAM, VILLAGE } from '../test/patrols.js';
import { opened, told } from '../test/registry.js';
import { eventsOf, meta, openVolunteers, tell } from '../test/room.js';
import { unsealed } from '../test/sealed.js';

const ask = { area: GRID, name: founded.name };

describe('founding a team', () => {
  it('makes its id, once the grid is known here', async () => {
    const { teams, gridWork, log } = openVolunteers();
    const unknown = await teams.found(meta('e1'), ask);
    expect(unknown).toEqual(refuse('GridNotFound', { grid: GRID }));
    await gridWork.opened(told(opened));
    const outcome = await teams.found(meta('e2'), ask);
    const [recorded] = (await log.read(1, 1)) as readonly Recorded<typeof founded>[];
    expect(recorded!.stream).toBe(`team-${recorded!.event.team}`);
    expect(recorded!.event).toMatchObject({ ...ask, type: 'TeamFounded', at: NOW });
    expect(await teams.found(meta('e2'), ask)).toEqual(outcome);
  });

  it('for a village waits for nobody', async () => {
    const { teams } = openVolunteers();
    const outcome = await teams.found(meta('e1'), { ...ask, area: VILLAGE });
    expect(outcome).toMatchObject({ status: 'done' });
  });
});

describe('enrolling a volunteer', () => {
  const person = { team: TEAM, name: '林丁', bornOn: '1980-05-01', guardianConsent: false };

  it('makes the id of the volunteer and keeps no date of birth', async () => {
    const { volunteers, log } = openVolunteers();
    const unknown = await volunteers.enrol(meta('e1'), person);
    expect(unknown).toEqual(refuse('TeamNotFound', { team: TEAM }));
    await tell(log, { [`team-${TEAM}`]: [founded] });
    const outcome = await volunteers.enrol(meta('e2'), person);
    const [event] = (await eventsOf(log, 1)) as readonly (typeof enrolled)[];
    const recorded = { ...enrolled, volunteer: event!.volunteer, sealed: linding, at: NOW };
    expect(unsealed(event)).toEqual(recorded);
    expect(event!.sealed.subject).toBe(event!.volunteer);
    expect(JSON.stringify(await log.read(0, 9))).not.toContain('1980');
    expect(await volunteers.enrol(meta('e2'), person)).toEqual(outcome);
  });
});
