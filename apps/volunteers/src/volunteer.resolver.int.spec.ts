import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTokenKey } from '#libs/access';
import { closeRooms, GridWorkReaction, newId, openRoom, type OpenRoom } from '#libs/service';
import { busOfQuietRegistry } from '../test/quiet-registry.js';
import { as, asked, sent } from '../test/graph.js';
import { GRID, local, meiwu, NOW, SIGHT, SUCCESSOR, VILLAGE } from '../test/patrols.js';
import { closing, hazardFound, opened, told } from '../test/registry.js';
import { SettableClock } from '../test/settable-clock.js';
import { FollowObservationReaction } from './follow-observation.reaction.js';
import { volunteers } from './volunteers.module.js';

const TEAM_NAME = '红袖章巡防队';
const clock = new SettableClock(NOW);
const supervisor = as('supervisor');

let dataDir: string;
let room: ReturnType<typeof volunteers>;
let service: OpenRoom;
let team: string;
/** A minor, who noted what a patrol may note. */
let volunteer: string;
let shift: string;
let observation: string;

const send = (name: string, input: object, shown: string, actor = supervisor) =>
  sent(service.schema, actor, { name, input, shown });
const made = async (name: string, input: object, kind: string, actor = supervisor) =>
  (await send(name, input, `${kind} { id }`, actor)).done![kind]!.id;
const herself = () => as('volunteer', VILLAGE, volunteer);

const enrolment = () => ({
  commandId: '019a0000-0000-7000-8000-0000000000e7',
  teamId: team,
  name: meiwu.name,
  bornOn: '2008-03-10',
  guardianConsent: true,
});
const note = () => ({
  commandId: '019a0000-0000-7000-8000-0000000000e8',
  shiftId: shift,
  ...SIGHT,
});
const publish = (from: number, risk = 'ORDINARY') => {
  const times = { startsAt: local(from), endsAt: local(from + 1) };
  return made('publishShift', { teamId: team, grid: GRID, risk, ...times }, 'shift');
};

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-volunteer-'));
  const host = { dataDir, clock, installation: 'sample', bus: busOfQuietRegistry() };
  room = volunteers({ ...host, tokenKey: openTokenKey(dataDir) });
  service = await openRoom(room);
  await service.get(GridWorkReaction).opened(told(opened));
  team = await made('foundTeam', { area: VILLAGE, name: TEAM_NAME }, 'team');
  volunteer = await made('enrolVolunteer', enrolment(), 'volunteer');
  shift = await publish(18);
  await send('claimShift', { shiftId: shift }, 'shift { id }', herself());
  clock.time = local(18);
  await send('checkIn', { shiftId: shift }, 'shift { id }', herself());
  observation = await made('noteObservation', note(), 'observation', herself());
});

afterAll(async () => {
  await closeRooms([service]);
  rmSync(dataDir, { recursive: true });
});

/** Everything that the service has written, whatever file it is in. */
function written(): Buffer {
  const entries = readdirSync(dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Buffer.concat(files.map(({ parentPath, name }) => readFileSync(join(parentPath, name))));
}

const PERSON = 'query ($id: ID!) { volunteer(id: $id) { id name minor team { name } } }';
const seen = async (actor = supervisor) =>
  (await asked(service.schema, actor, PERSON, { id: volunteer })).data?.['volunteer'];

/** Asked as another service's record refers to it. */
async function referred(actor = supervisor) {
  const source = `query ($of: [_Any!]!) { _entities(representations: $of) {
    ... on Observation { id place fact outcome hazardId }
  } }`;
  const of = [{ __typename: 'Observation', id: observation }];
  const { data, codes } = await asked(service.schema, actor, source, { of });
  const [found] = data?.['_entities'] as unknown as readonly unknown[];
  return { found, codes };
}

describe('what tells of a person', () => {
  it('is in no entry of the log, in no view and in no other file', async () => {
    const { log } = room.stores;
    const entries = Buffer.concat(await log.entries(0, await log.head()));
    for (const bytes of [entries, written()]) {
      expect(bytes.includes(TEAM_NAME)).toBe(true);
      for (const text of [meiwu.name, meiwu.adultFrom, '2008-03-10', SIGHT.place, SIGHT.fact]) {
        expect([text, bytes.includes(text)]).toEqual([text, false]);
      }
    }
  });

  it('is read by who may read it', async () => {
    expect(await seen()).toEqual({
      id: volunteer,
      name: meiwu.name,
      minor: true,
      team: { name: TEAM_NAME },
    });
    expect(await seen(herself())).toMatchObject({ name: meiwu.name });
  });
});

describe('an observation', () => {
  it('is read by who works on the hazard it led to, and by nobody of another area', async () => {
    const sight = { id: observation, ...SIGHT, outcome: 'NOTED', hazardId: null };
    for (const actor of [supervisor, herself(), as('inspector'), as('grid-worker', GRID)]) {
      expect(await referred(actor)).toEqual({ found: sight, codes: undefined });
    }
    const refused = async (actor: typeof supervisor) => (await referred(actor)).codes;
    expect(await refused(as('reader'))).toEqual(['ROLE_MAY_NOT']);
    expect(await refused(as('volunteer', VILLAGE))).toEqual(['ROLE_MAY_NOT']);
    expect(await refused(as('inspector', '430503'))).toEqual(['OUT_OF_SCOPE']);
    expect(await refused(as('grid-worker', SUCCESSOR))).toEqual(['OUT_OF_SCOPE']);
  });

  it('is read where its hazard went when the grid was closed', async () => {
    const found = told({ ...hazardFound, observation }, 1, 'inspections');
    await service.get(FollowObservationReaction).found(found);
    await service.get(GridWorkReaction).closing(told(closing, 2));
    expect((await referred(as('grid-worker', SUCCESSOR))).found).toMatchObject(SIGHT);
    expect((await referred(as('grid-worker', GRID))).codes).toEqual(['OUT_OF_SCOPE']);
  });
});

describe('a command that is sent again', () => {
  it.each([
    ['enrolVolunteer', enrolment, { name: '梅己' }, 'volunteer { id name }'],
    ['enrolVolunteer', enrolment, { bornOn: '2008-03-11' }, 'volunteer { id name }'],
    ['noteObservation', note, { place: '河边路 4 号' }, 'observation { id fact }'],
    ['noteObservation', note, { fact: '路灯不亮。' }, 'observation { id fact }'],
  ])('answers as it did, and is another with other details: %s', async (name, ask, more, shown) => {
    const actor = name === 'noteObservation' ? herself() : supervisor;
    const head = await room.stores.log.head();
    const { done } = await send(name, ask(), shown, actor);
    expect([volunteer, observation]).toContain(Object.values(done!)[0]?.id);
    const { codes } = await send(name, { ...ask(), ...more }, shown, actor);
    expect(codes).toEqual(['COMMAND_ID_REUSED']);
    expect(await room.stores.log.head()).toBe(head);
  });
});

describe('who was erased', () => {
  beforeAll(async () => {
    await room.stores.sealing.erase(volunteer);
    await room.stores.sealing.erase(observation);
  });

  it('is shown without what told of them', async () => {
    const gone = { id: volunteer, name: null, minor: null, team: { name: TEAM_NAME } };
    expect(await seen()).toEqual(gone);
    const sight = { id: observation, place: null, fact: null, outcome: 'FOUND' };
    expect(await referred(as('inspector'))).toMatchObject({ found: sight, codes: undefined });
  });

  it('has served, and the hours are confirmed', async () => {
    clock.time = local(19);
    const out = await send('checkOut', { shiftId: shift }, 'shift { id status }', herself());
    expect(out.done).toMatchObject({ shift: { status: 'CHECKED_OUT' } });
    const { done } = await send('confirmHours', { shiftId: shift }, 'shift { id minutes }');
    expect(done).toMatchObject({ shift: { minutes: 60 } });
  });

  it('may claim what minors may, since nobody can tell any more', async () => {
    await service.get(GridWorkReaction).opened(told({ ...opened, grid: SUCCESSOR }, 3));
    const claim = async (more: object) => {
      const times = { startsAt: local(34), endsAt: local(35), ...more };
      const input = { teamId: team, grid: SUCCESSOR, risk: 'ORDINARY', ...times };
      const shiftId = await made('publishShift', input, 'shift');
      return send('claimShift', { shiftId }, 'shift { id status }', herself());
    };
    expect((await claim({ risk: 'RISKY' })).codes).toEqual(['MINOR_NOT_ALLOWED']);
    expect((await claim({})).done).toMatchObject({ shift: { status: 'CLAIMED' } });
  });

  it('is answered as before when the command is sent again, whatever it says now', async () => {
    const again = { ...enrolment(), name: '梅己' };
    const { done } = await send('enrolVolunteer', again, 'volunteer { id name }');
    expect(done).toMatchObject({ volunteer: { id: volunteer, name: null } });
    const other = { ...again, commandId: newId() };
    const { done: next } = await send('enrolVolunteer', other, 'volunteer { id name }');
    expect(next).toMatchObject({ volunteer: { name: '梅己' } });
  });
});
