import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Identity, openTokenKey } from '#libs/access';
import { closeRooms, GridWorkReaction, openRoom, type OpenRoom } from '#libs/service';
import { busOfQuietRegistry } from '../test/quiet-registry.js';
import * as graph from '../test/graph.js';
import { GRID, local, NOW, VILLAGE } from '../test/patrols.js';
import { hazardFound, opened, told } from '../test/registry.js';
import { SettableClock } from '../test/settable-clock.js';
import { FollowObservationReaction } from './follow-observation.reaction.js';
import { volunteers } from './volunteers.module.js';

let dataDir: string;
let service: OpenRoom;
const clock = new SettableClock(NOW);

const { as } = graph;
const supervisor = as('supervisor');

const SHOWN = `shift { id status minutes grid { code } volunteer { id name } moves { from to } }`;

const asked = (actor: Identity, source: string, variables: object = {}) =>
  graph.asked(service.schema, actor, source, variables);
const sent = (actor: Identity, name: string, input: object, shown = SHOWN) =>
  graph.sent(service.schema, actor, { name, input, shown });

let team: string;
let linding: Identity;
let meiwu: Identity;

async function enrol(name: string, bornOn: string): Promise<Identity> {
  const input = { teamId: team, name, bornOn, guardianConsent: true };
  const { done } = await sent(supervisor, 'enrolVolunteer', input, 'volunteer { id name minor }');
  expect(done?.['volunteer']).toMatchObject({ name, minor: bornOn.startsWith('20') });
  return as('volunteer', VILLAGE, done!['volunteer']!.id);
}

async function publish(from: number, to: number, more: object = {}): Promise<string> {
  const times = { startsAt: local(from), endsAt: local(to) };
  const input = { teamId: team, grid: GRID, risk: 'ORDINARY', ...times, ...more };
  const { done, codes } = await sent(supervisor, 'publishShift', input);
  expect(codes).toBeUndefined();
  return done!['shift']!.id;
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-volunteers-'));
  const host = { dataDir, clock, installation: 'sample', bus: busOfQuietRegistry() };
  const room = volunteers({ ...host, tokenKey: openTokenKey(dataDir) });
  service = await openRoom(room);
  await service.get(GridWorkReaction).opened(told(opened));
  const input = { area: VILLAGE, name: '红袖章巡防队' };
  const { done } = await sent(supervisor, 'foundTeam', input, 'team { id area { code } }');
  expect(done).toMatchObject({ team: { area: { code: VILLAGE } }, position: 'volunteers@1' });
  team = done!['team']!.id;
  linding = await enrol('林丁', '1980-05-01');
  meiwu = await enrol('梅戊', '2010-05-01');
});

afterAll(async () => {
  await closeRooms([service]);
  rmSync(dataDir, { recursive: true });
});

beforeEach(() => {
  clock.time = NOW;
});

describe('the life of a shift', () => {
  it('goes from its publication to confirmed hours, with what was noted on it', async () => {
    const shiftId = await publish(18, 20);
    const claimed = await sent(linding, 'claimShift', { shiftId });
    expect(claimed.done?.['shift']).toEqual({
      id: shiftId,
      status: 'CLAIMED',
      minutes: null,
      grid: { code: GRID },
      volunteer: { id: linding.subject, name: '林丁' },
      moves: [],
    });
    expect((await sent(linding, 'checkIn', { shiftId })).codes).toEqual(['CHECK_IN_TOO_EARLY']);
    clock.time = local(17, 45);
    expect((await sent(meiwu, 'checkIn', { shiftId })).codes).toEqual(['NOT_YOUR_SHIFT']);
    await sent(linding, 'checkIn', { shiftId });

    const note = { shiftId, place: ' 河边路 3 号仓库门口 ', fact: '消防通道被木料堵住。' };
    const noted = await sent(linding, 'noteObservation', note, 'observation { id place outcome }');
    const { id, ...observation } = noted.done!['observation']!;
    expect(observation).toEqual({ place: '河边路 3 号仓库门口', outcome: 'NOTED' });
    const hazard = told({ ...hazardFound, observation: id }, 1, 'inspections');
    await service.get(FollowObservationReaction).found(hazard);

    clock.time = local(19, 40);
    expect((await sent(linding, 'checkOut', { shiftId })).done?.['shift']?.status).toBe(
      'CHECKED_OUT',
    );
    expect((await sent(linding, 'confirmHours', { shiftId })).codes).toEqual(['ROLE_MAY_NOT']);
    const own = await sent({ ...supervisor, subject: linding.subject }, 'confirmHours', {
      shiftId,
    });
    expect(own.codes).toEqual(['HOURS_OWN']);
    const { done } = await sent(supervisor, 'confirmHours', { shiftId });
    expect(done?.['shift']).toMatchObject({ status: 'CONFIRMED', minutes: 100 });

    const query = 'query ($id: ID!) { shift(id: $id) { observations { outcome hazardId } } }';
    const { data } = await asked(linding, query, { id: shiftId });
    const seen = { outcome: 'FOUND', hazardId: hazardFound.hazard };
    expect(data).toEqual({ shift: { observations: [seen] } });
  });

  it('is served on behalf of a volunteer by who manages shifts, and by no volunteer', async () => {
    const shiftId = await publish(30, 32);
    const forLin = { shiftId, volunteerId: linding.subject };
    expect((await sent(meiwu, 'claimShift', forLin)).codes).toEqual(['CLAIM_FOR_ANOTHER']);
    expect((await sent(supervisor, 'claimShift', forLin)).done?.['shift']?.status).toBe('CLAIMED');
    expect((await sent(meiwu, 'claimShift', { shiftId })).codes).toEqual(['SHIFT_ALREADY_CLAIMED']);
    expect((await sent(meiwu, 'checkIn', forLin)).codes).toEqual(['NOT_YOUR_SHIFT']);
    const cancelled = await sent(supervisor, 'cancelShift', { shiftId });
    expect(cancelled.done?.['shift']?.status).toBe('CANCELLED');
  });

  it('refuses a minor the night and the risk, and anybody two shifts at once', async () => {
    const night = await publish(45, 47);
    const risky = await publish(34, 35, { risk: 'RISKY' });
    expect((await sent(meiwu, 'claimShift', { shiftId: night })).codes).toEqual([
      'MINOR_NOT_ALLOWED',
    ]);
    expect((await sent(meiwu, 'claimShift', { shiftId: risky })).codes).toEqual([
      'MINOR_NOT_ALLOWED',
    ]);
    expect((await sent(linding, 'claimShift', { shiftId: night })).codes).toBeUndefined();
    const other = await publish(46, 48);
    expect((await sent(linding, 'claimShift', { shiftId: other })).codes).toEqual([
      'SHIFT_OVERLAPS',
    ]);
  });

  it('names times with their offset, and a grid', async () => {
    const input = { teamId: team, grid: GRID, risk: 'ORDINARY', endsAt: local(40) };
    const at = (startsAt: string) => sent(supervisor, 'publishShift', { ...input, startsAt });
    expect((await at('2026-03-10T20:00:00')).codes).toEqual(['INPUT_INVALID']);
    expect((await at('2026-03-10T14:00:00+08:00')).codes).toBeUndefined();
    const village = { ...input, grid: VILLAGE, startsAt: local(38) };
    expect((await sent(supervisor, 'publishShift', village)).codes).toEqual([
      'GRID_CODE_MALFORMED',
    ]);
  });
});

describe('who may do it', () => {
  const commands = [
    ['foundTeam', { area: VILLAGE, name: '甲' }, 'team { id }'],
    ['enrolVolunteer', { name: '甲', bornOn: '1980-05-01' }, 'volunteer { id }'],
    ['publishShift', { grid: GRID, startsAt: NOW, endsAt: NOW, risk: 'RISKY' }, 'shift { id }'],
    ['claimShift', {}, 'shift { id }'],
    ['checkIn', {}, 'shift { id }'],
    ['checkOut', {}, 'shift { id }'],
    ['noteObservation', { place: '路口', fact: '路灯不亮。' }, 'observation { id }'],
    ['confirmHours', {}, 'shift { id }'],
    ['cancelShift', {}, 'shift { id }'],
  ] as const;
  const ofTeam = ['enrolVolunteer', 'publishShift'];

  it.each(commands)('%s: no reader, and nobody of another area', async (name, more, shown) => {
    const shiftId =
      name === 'foundTeam' || ofTeam.includes(name) ? undefined : await publish(70, 71);
    const input = {
      ...more,
      ...(shiftId && { shiftId }),
      ...(ofTeam.includes(name) && { teamId: team }),
    };
    const by = async (actor: Identity) => (await sent(actor, name, input, shown)).codes;
    expect(await by(as('reader'))).toEqual(['ROLE_MAY_NOT']);
    expect(await by(as('supervisor', '430503'))).toEqual(['OUT_OF_SCOPE']);
    const helping = ['claimShift', 'checkIn', 'checkOut', 'noteObservation'].includes(name);
    if (!helping) expect(await by(linding)).toContain('ROLE_MAY_NOT');
  });
});

describe('who may read it', () => {
  const LIST = `query ($of: [_Any!]!) { _entities(representations: $of) {
    ... on Area { patrols(first: 2) { totalCount nodes { id startsAt status } } }
  } }`;
  const listed = (area: string) => [{ __typename: 'Area', code: area }];

  it('is who reads in the area, page by page, by their start', async () => {
    const { data, codes } = await asked(as('reader'), LIST, { of: listed('430502') });
    expect(codes).toBeUndefined();
    const first = { startsAt: local(18), status: 'CONFIRMED' };
    const second = { startsAt: local(30), status: 'CANCELLED' };
    expect(data).toMatchObject({ _entities: [{ patrols: { nodes: [first, second] } }] });
  });

  it('is nobody of another area, by id and by reference alike', async () => {
    const elsewhere = as('supervisor', '430503');
    const list = await asked(elsewhere, LIST, { of: listed('430502') });
    expect(list).toMatchObject({ data: { _entities: [{ patrols: null }] } });
    expect(list.codes).toEqual(['OUT_OF_SCOPE']);
    const shiftId = await publish(72, 73);
    const one = await asked(elsewhere, 'query ($id: ID!) { shift(id: $id) { id } }', {
      id: shiftId,
    });
    expect(one).toMatchObject({ data: { shift: null }, codes: ['OUT_OF_SCOPE'] });
    const of = [{ __typename: 'Patrol', id: shiftId }];
    const source =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Patrol { id } } }';
    const referred = await asked(elsewhere, source, { of });
    expect(referred).toMatchObject({ data: { _entities: [null] }, codes: ['OUT_OF_SCOPE'] });
  });

  it('does not see who serves without managing shifts, nor what they noted', async () => {
    const shiftId = await publish(74, 75);
    await sent(linding, 'claimShift', { shiftId });
    const source = `query ($id: ID!) {
      shift(id: $id) { status volunteer { id name } observations { fact } }
    }`;
    for (const actor of [as('reader'), meiwu]) {
      const { data, codes } = await asked(actor, source, { id: shiftId });
      expect(data?.['shift']).toEqual({ status: 'CLAIMED', volunteer: null, observations: null });
      expect(codes).toEqual(['ROLE_MAY_NOT', 'ROLE_MAY_NOT']);
    }
    for (const actor of [supervisor, linding]) {
      const { data } = await asked(actor, source, { id: shiftId });
      expect(data).toMatchObject({ shift: { volunteer: { name: '林丁' }, observations: [] } });
    }
  });

  it('sees a volunteer only as the volunteer, or managing the team’s people', async () => {
    const source = 'query ($id: ID!) { volunteer(id: $id) { id name minor team { name } } }';
    const about = async (actor: Identity) => asked(actor, source, { id: meiwu.subject });
    expect((await about(linding)).codes).toEqual(['ROLE_MAY_NOT']);
    expect((await about(as('reader'))).codes).toEqual(['ROLE_MAY_NOT']);
    expect((await about(as('supervisor', '430503'))).codes).toEqual(['OUT_OF_SCOPE']);
    expect((await about(as('supervisor', GRID))).codes).toEqual(['OUT_OF_SCOPE']);
    const person = { id: meiwu.subject, name: '梅戊', minor: true, team: { name: '红袖章巡防队' } };
    for (const actor of [supervisor, meiwu]) {
      expect((await about(actor)).data).toEqual({ volunteer: person });
    }
  });
});
