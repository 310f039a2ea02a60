import { SteppedClock } from '#libs/service';
import { type Client, startPlatform, type TestPlatform } from './client.js';
import { Office } from './office.js';

const VILLAGE = '430502001001';
const FIRST = `${VILLAGE}001`;
const SECOND = `${VILLAGE}002`;
const THIRD = `${VILLAGE}003`;
const HOUR = 3_600_000;
/** A Monday morning, 08:00 in Shanghai. */
const MORNING = Date.parse('2026-11-23T00:00:00.000Z');

let clock: SteppedClock;
let platform: TestPlatform;
let supervisor: Client;
let office: Office;
let inspector: Office;
let team: string;

beforeAll(async () => {
  clock = new SteppedClock(MORNING);
  platform = await startPlatform(clock);
  supervisor = await platform.as('supervisor', '4305');
  office = new Office(supervisor);
  inspector = new Office(await platform.asSubject('inspector-1', 'inspector', '4305'));
  for (const code of [FIRST, SECOND, THIRD]) await office.openGrid(code, `网格${code.slice(-1)}`);
  team = await made('foundTeam', { area: VILLAGE, name: '平安志愿队' });
});
afterAll(() => platform.close());

async function made(command: string, input: object, by = office): Promise<string> {
  return (await by.done(command, input)).record.id;
}

async function refused(command: string, input: object, code: string, by = office): Promise<void> {
  const recorded = () => Promise.all(platform.platform.logs.map((log) => log.head()));
  const before = await recorded();
  const { codes, data } = await by.asked(command, input);
  expect(codes).toEqual([code]);
  expect(data).toEqual({ done: null });
  expect(await recorded()).toEqual(before);
}

const enrol = (name: string, bornOn = '1980-05-05', more: object = {}) =>
  made('enrolVolunteer', { teamId: team, name, bornOn, ...more });

/** A shift of two hours that begins `hours` after this morning. */
function shift(hours: number, more: object = {}): Promise<string> {
  const startsAt = new Date(MORNING + hours * HOUR).toISOString();
  const endsAt = new Date(MORNING + (hours + 2) * HOUR).toISOString();
  const input = { teamId: team, grid: FIRST, startsAt, endsAt, risk: 'ORDINARY' };
  return made('publishShift', { ...input, ...more });
}

describe('patrols', () => {
  it('are claimed by one, not twice and not at the same time as another', async () => {
    const [one, two] = [await enrol('孙甲'), await enrol('周乙')];
    const first = await shift(26);
    await office.done('claimShift', { shiftId: first, volunteerId: one });
    const twice = { shiftId: first, volunteerId: two };
    await refused('claimShift', twice, 'SHIFT_ALREADY_CLAIMED');
    const overlapping = { shiftId: await shift(27), volunteerId: one };
    await refused('claimShift', overlapping, 'SHIFT_OVERLAPS');
  });

  it('are not for minors at night, and for minors by consent only', async () => {
    const minor = { teamId: team, name: '吴丙', bornOn: '2010-01-01' };
    await refused('enrolVolunteer', minor, 'GUARDIAN_CONSENT_MISSING');
    await refused('enrolVolunteer', { ...minor, bornOn: '2015-01-01' }, 'VOLUNTEER_TOO_YOUNG');
    const unreal = await office.asked('enrolVolunteer', { ...minor, bornOn: '2000-02-30' });
    expect(unreal.codes).toEqual(['BAD_USER_INPUT']);
    const volunteerId = await made('enrolVolunteer', { ...minor, guardianConsent: true });
    const night = { shiftId: await shift(14.5), volunteerId };
    await refused('claimShift', night, 'MINOR_NOT_ALLOWED');
    const day = { shiftId: await shift(28), volunteerId };
    expect((await office.done('claimShift', day)).record.status).toBe('CLAIMED');
  });

  it('begin in their window and by who claimed them, and count when confirmed', async () => {
    const [one, two] = [await enrol('郑丁'), await enrol('王戊')];
    const shiftId = await shift(2);
    await office.done('claimShift', { shiftId, volunteerId: one });
    const herself = new Office(await platform.asSubject(one, 'volunteer', VILLAGE));
    const somebody = new Office(await platform.asSubject(two, 'volunteer', VILLAGE));
    await refused('checkIn', { shiftId }, 'CHECK_IN_TOO_EARLY', herself);
    clock.moveTo(MORNING + 2 * HOUR);
    await refused('checkIn', { shiftId }, 'NOT_YOUR_SHIFT', somebody);
    expect((await herself.done('checkIn', { shiftId })).record.status).toBe('CHECKED_IN');
    clock.moveTo(MORNING + 3.5 * HOUR);
    await herself.done('checkOut', { shiftId });
    await office.done('confirmHours', { shiftId });
    const query = 'query ($id: ID!) { shift(id: $id) { status minutes } }';
    expect(await supervisor.data(query, { id: shiftId })).toEqual({
      shift: { status: 'CONFIRMED', minutes: 90 },
    });
  });
});

describe('an observation on patrol', () => {
  it('opens a hazard, and the volunteer sees what became of it', async () => {
    const volunteer = await enrol('冯己');
    const shiftId = await shift(5);
    await office.done('claimShift', { shiftId, volunteerId: volunteer });
    clock.moveTo(MORNING + 5 * HOUR);
    const herself = new Office(await platform.asSubject(volunteer, 'volunteer', VILLAGE));
    await herself.done('checkIn', { shiftId });
    const sight = { shiftId, place: '三单元楼道', fact: '堆放杂物，堵住安全出口。' };
    const observation = await made('noteObservation', sight, herself);
    await platform.platform.settled();
    const query = `query ($code: ID!) { area(code: $code) {
      patrols(first: 20) { totalCount nodes { id startsAt status } }
      hazards(status: OPEN, first: 20) { totalCount nodes {
        id grade status dueAt overdue description observation { place fact }
      } }
    } }`;
    const works = await platform.as('inspector', '4305');
    const { area } = await works.data<{ area: AreaAnswer }>(query, { code: VILLAGE });
    expect(area.patrols.nodes.map(({ id }) => id)).toContain(shiftId);
    // Who works on it reads where and what it is from the service that keeps it.
    const { place, fact } = sight;
    const found = { grade: null, status: 'FOUND', overdue: false, description: null };
    expect(area.hazards.nodes).toMatchObject([{ ...found, observation: { place, fact } }]);
    const reader = await (await platform.as('reader', '4305')).ask(query, { code: VILLAGE });
    expect(new Set(reader.codes)).toEqual(new Set(['ROLE_MAY_NOT']));
    const unseen = { ...found, observation: { place: null, fact: null } };
    expect(reader.data).toMatchObject({ area: { hazards: { nodes: [unseen] } } });
    const hazardId = area.hazards.nodes[0]!.id;
    await office.done('gradeHazard', { hazardId, grade: 'ORDINARY', dueInDays: 7 });
    await office.done('rectifyHazard', { hazardId, evidence: '已清理。' });
    await inspector.done('recheckHazard', { hazardId, passed: true });
    await platform.platform.settled();
    const outcome = 'query ($id: ID!) { observation(id: $id) { outcome hazardId } }';
    const hers = await platform.asSubject(volunteer, 'volunteer', VILLAGE);
    expect(await hers.data(outcome, { id: observation })).toEqual({
      observation: { outcome: 'CLOSED', hazardId },
    });
  });
});

describe('an inspection', () => {
  it('finds hazards that somebody else than their finder rechecks', async () => {
    const placeId = await made('registerPlace', { grid: FIRST, kind: 'SHOP', name: '便民店' });
    const query = '{ checklist(kind: SHOP) { code } }';
    const { checklist } = await supervisor.data<{ checklist: { code: string }[] }>(query);
    const items = checklist.map(({ code }, index) => ({ code, result: index ? 'PASS' : 'FAIL' }));
    const short = { placeId, items: items.slice(1) };
    await refused('recordInspection', short, 'CHECKLIST_INCOMPLETE', inspector);
    const inspectionId = await made('recordInspection', { placeId, items }, inspector);
    const found = { inspectionId, description: '负责人未明确', grade: 'MAJOR' };
    const passed = { ...found, item: items[1]!.code, fixedOnSpot: false, dueInDays: 3 };
    await refused('reportHazard', passed, 'ITEM_NOT_FAILED', inspector);
    const failed = { ...found, item: items[0]!.code };
    const onSpot = { ...failed, fixedOnSpot: true };
    await refused('reportHazard', onSpot, 'MAJOR_NOT_ON_SPOT', inspector);
    const limit = { ...failed, fixedOnSpot: false, dueInDays: 3 };
    const hazardId = await made('reportHazard', limit, inspector);
    await inspector.done('rectifyHazard', { hazardId, evidence: '已明确。' });
    await refused('recheckHazard', { hazardId, passed: true }, 'RECHECK_BY_FINDER', inspector);
    const done = await office.done('recheckHazard', { hazardId, passed: true });
    expect(done.record.status).toBe('CLOSED');
  });
});

describe('a grid that closes', () => {
  const history = `query ($code: ID!) { area(code: $code) {
    grid { status predecessors { code since } successors { code since } keptOpenBy { service count } }
    posts { id } disputes(status: OPEN) { nodes { id moves { from to } } }
    hazards(status: OPEN) { nodes { id moves { from to } } }
    places { nodes { id moves { from to } } }
    patrols { nodes { id status moves { from to } } }
  } }`;

  it('takes along the open work of every service, and shows so on each record', async () => {
    const dispute = await office.report(SECOND);
    const place = await made('registerPlace', { grid: SECOND, kind: 'SHOP', name: '小卖部' });
    const patrol = await shift(60, { grid: SECOND });
    const { post } = await office.appoint('GRID_WORKER', SECOND, '李网格');
    const volunteer = await enrol('陈庚');
    const seen = await shift(6, { grid: SECOND });
    await office.done('claimShift', { shiftId: seen, volunteerId: volunteer });
    clock.moveTo(MORNING + 6 * HOUR);
    await office.done('checkIn', { shiftId: seen, volunteerId: volunteer });
    const sight = { place: '河堤步道', fact: '护栏松动。' };
    await office.done('noteObservation', { shiftId: seen, volunteerId: volunteer, ...sight });
    await office.done('checkOut', { shiftId: seen, volunteerId: volunteer });
    await office.done('confirmHours', { shiftId: seen });
    const retire = { code: SECOND, successors: [THIRD], reason: '合并' };
    const { grid } = await office.done('retireGrid', retire);
    expect(grid).toMatchObject({ grid: { status: 'CLOSING' } });
    await platform.platform.settled();
    const moves = [{ from: SECOND, to: THIRD }];
    const { area } = await supervisor.data<{ area: object }>(history, { code: THIRD });
    expect(area).toMatchObject({
      grid: { status: 'OPEN', predecessors: [{ code: SECOND }] },
      posts: [{ id: post }],
      disputes: { nodes: [{ id: dispute.id, moves }] },
      places: { nodes: [{ id: place, moves }] },
      patrols: { nodes: [{ id: patrol, moves }] },
      // The patrol's note was answered before the grid was retired, whoever was first to hear.
      hazards: { nodes: [{ moves: expect.any(Array) }] },
    });
    const theirs = await platform.as('grid-worker', THIRD);
    const note = `query ($code: ID!) { area(code: $code) {
      hazards { nodes { observation { place fact } } }
    } }`;
    expect(await theirs.data(note, { code: THIRD })).toEqual({
      area: { hazards: { nodes: [{ observation: sight }] } },
    });
    const { area: old } = await supervisor.data<{ area: object }>(history, { code: SECOND });
    expect(old).toMatchObject({
      grid: { status: 'RETIRED', successors: [{ code: THIRD }] },
      posts: [],
      disputes: { nodes: [] },
      places: { nodes: [] },
      hazards: { nodes: [] },
      patrols: { nodes: [{ id: seen, status: 'CONFIRMED', moves: [] }] },
    });
  });

  it('takes no new work', async () => {
    await refused('reportDispute', office.reportInput(SECOND), 'GRID_CLOSED');
    const place = { grid: SECOND, kind: 'SHOP', name: '又一店' };
    await refused('registerPlace', place, 'GRID_CLOSED');
    const times = { startsAt: '2026-12-01T10:00:00Z', endsAt: '2026-12-01T12:00:00Z' };
    const patrol = { teamId: team, grid: SECOND, risk: 'ORDINARY', ...times };
    await refused('publishShift', patrol, 'GRID_CLOSED');
    await refused('createPost', { kind: 'GRID_WORKER', area: SECOND }, 'GRID_CLOSED');
  });

  it('stays open while work is left there and no successor is named', async () => {
    await office.done('retireGrid', { code: THIRD, reason: '撤销' });
    await platform.platform.settled();
    const { area } = await supervisor.data<{ area: object }>(history, { code: THIRD });
    expect(area).toMatchObject({
      grid: {
        status: 'OPEN',
        keptOpenBy: expect.arrayContaining([
          { service: 'grid-registry', count: 1 },
          { service: 'inspections', count: 2 },
          { service: 'mediation', count: 1 },
          { service: 'volunteers', count: 1 },
        ]),
      },
    });
    await office.report(THIRD);
  });

  it.each([
    ['itself', [THIRD], 'SUCCESSOR_IS_ITSELF'],
    ['a grid that is closed', [SECOND], 'SUCCESSOR_NOT_OPEN'],
    ['a grid of another village', ['430502001002001'], 'SUCCESSOR_IN_ANOTHER_VILLAGE'],
  ])('does not close into %s', (_, successors, code) =>
    refused('retireGrid', { code: THIRD, successors, reason: '合并' }, code),
  );
});

interface AreaAnswer {
  readonly patrols: { readonly nodes: readonly { readonly id: string }[] };
  readonly hazards: { readonly nodes: readonly { readonly id: string }[] };
}
