import { SteppedClock } from '#libs/service';
import { type Client, startPlatform, type TestPlatform } from './client.js';
import { Moments, type Question } from './moments.js';
import { Office } from './office.js';

const VILLAGE = '430502001001';
const FIRST = `${VILLAGE}001`;
const SECOND = `${VILLAGE}002`;
const HOUR = 3_600_000;
const LIMIT_MS = 60_000;
/** A Monday morning, 08:00 in Shanghai. */
const MORNING = Date.parse('2026-11-23T00:00:00.000Z');

const LISTED = 'totalCount pageInfo { hasNextPage endCursor }';
const AREA = `code name level path { code name }
  children(first: 3) { ${LISTED} nodes { code name } }
  grid { status since predecessors { code name since } successors { code name } keptOpenBy { service count } }
  posts { id kind area { code } holder { id name } } postCount
  all: disputes(first: 2) { ${LISTED} nodes { id status grid { code name } mediator { name } } }
  disputes(status: OPEN) { ${LISTED} nodes { id dueAt moves { from to at } } }
  patrols { ${LISTED} nodes { id status minutes team { name } volunteer { name minor } } }
  hazards { ${LISTED} nodes { id status grade overdue observation { place fact } place { name } } }
  places(first: 1) { ${LISTED} nodes { id name grid { code } } }`;
const DISPUTE = `id type status reportedAt dueAt facts parties { id name consented }
  grid { code name posts { id } } mediator { id name } sessions { heldAt summary }
  moves { from to at } returns { at mediator { name } } agreement { terms performBy } endReason`;
const PATROL = `id status startsAt minutes moves { from to } team { name area { name } }
  volunteer { id name minor team { name } } observations { id fact outcome hazardId }`;
const HAZARD = `id source status grade dueAt overdue foundAt moves { from to } item description evidence
  grid { name } place { id name } inspection { id recordedAt } observation { place fact outcome }`;

let clock: SteppedClock;
let platform: TestPlatform;
let supervisor: Client;
let office: Office;
let inspector: Office;
let moments: Moments;
const asked = new Map<string, Question>();

/** Asks for it from now on, after every step. */
function follow(field: string, value: string, wanted: string, key = 'id'): void {
  asked.set(`${field} ${value}`, { field, key, value, wanted });
}

/** Somebody does something; then all is asked, before the others have heard and after it. */
async function step<Done>(hours: number, work: () => Promise<Done>): Promise<Done> {
  clock.moveTo(MORNING + hours * HOUR);
  const done = await work();
  for (const question of asked.values()) await moments.keep(question);
  await platform.platform.settled();
  clock.moveTo(MORNING + hours * HOUR + 60_000);
  return done;
}

const made = async (command: string, input: object, by = office): Promise<string> =>
  (await by.done(command, input)).record.id;

beforeAll(async () => {
  clock = new SteppedClock(MORNING);
  platform = await startPlatform(clock);
  supervisor = await platform.as('supervisor', '4305');
  office = new Office(supervisor);
  inspector = new Office(await platform.asSubject('inspector-1', 'inspector', '4305'));
  moments = new Moments(platform, supervisor);
  // Each log must hold something before a position can be named in it.
  await office.openGrid(FIRST, '东风路一网格');
  await platform.platform.settled();
  for (const code of [VILLAGE, FIRST, SECOND]) follow('area', code, AREA, 'code');
  await work();
  await platform.platform.settled();
}, LIMIT_MS);
afterAll(() => platform.close());

/** Two days in two grids, of which the first is closed into the second at the end. */
async function work(): Promise<void> {
  await step(0.1, () => office.openGrid(SECOND, '东风路二网格'));
  const mediator = await step(0.2, () => office.appoint('MEDIATOR', VILLAGE, '李调解'));
  follow('post', mediator.post, 'id kind area { code name } holder { id name }');
  const { id, parties } = await step(0.3, () => office.report(FIRST));
  follow('dispute', id, DISPUTE);
  for (const { id: party } of parties) await step(0.4, () => office.consent(id, party));
  await step(0.5, () => office.assign(id, mediator.holder));
  await step(0.6, () => office.release(mediator.post, '调离岗位'));
  const team = await step(0.7, () => made('foundTeam', { area: VILLAGE, name: '平安志愿队' }));
  follow('team', team, 'id name area { code } moves { from to }');
  const someone = { teamId: team, name: '孙甲', bornOn: '2008-11-25', guardianConsent: true };
  const volunteer = await step(0.8, () => made('enrolVolunteer', someone));
  follow('volunteer', volunteer, 'id name minor team { name }');
  const times = { startsAt: '2026-11-23T02:00:00Z', endsAt: '2026-11-23T04:00:00Z' };
  const offer = { teamId: team, grid: FIRST, risk: 'ORDINARY', ...times };
  const shiftId = await step(0.9, () => made('publishShift', offer));
  follow('shift', shiftId, PATROL);
  await step(1, () => office.done('claimShift', { shiftId, volunteerId: volunteer }));
  await step(2, () => office.done('checkIn', { shiftId, volunteerId: volunteer }));
  const sight = { shiftId, volunteerId: volunteer, place: '三单元楼道', fact: '堆放杂物。' };
  const observation = await step(2.1, () => made('noteObservation', sight));
  follow('observation', observation, 'id place fact outcome hazardId');
  const seen = `query ($id: ID!) { observation(id: $id) { hazardId } }`;
  const { observation: found } = await supervisor.data<{ observation: { hazardId: string } }>(
    seen,
    { id: observation },
  );
  follow('hazard', found.hazardId, HAZARD);
  const grading = { hazardId: found.hazardId, grade: 'ORDINARY', dueInDays: 1 };
  await step(2.2, () => office.done('gradeHazard', grading));
  const { hazardId: cleared } = grading;
  await step(2.3, () => office.done('rectifyHazard', { hazardId: cleared, evidence: '已清理。' }));
  await step(2.4, () => inspector.done('recheckHazard', { hazardId: cleared, passed: true }));
  await step(3, () => office.done('checkOut', { shiftId, volunteerId: volunteer }));
  await step(3.1, () => office.done('confirmHours', { shiftId }));
  const shop = { grid: FIRST, kind: 'SHOP', name: '便民店' };
  const placeId = await step(4, () => made('registerPlace', shop));
  follow('place', placeId, 'id name kind grid { code name }');
  await inspect(placeId);
  await step(30, () =>
    office.done('retireGrid', { code: FIRST, successors: [SECOND], reason: '合并' }),
  );
  await step(31, () => office.done('closePlace', { placeId }));
  // The volunteer has come of age by then.
  await step(50, () => made('foundTeam', { area: VILLAGE, name: '又一队' }));
}

async function inspect(placeId: string): Promise<void> {
  const query = '{ checklist(kind: SHOP) { code } }';
  const { checklist } = await supervisor.data<{ checklist: { code: string }[] }>(query);
  const items = checklist.map(({ code }, index) => ({ code, result: index ? 'PASS' : 'FAIL' }));
  const inspectionId = await step(5, () => made('recordInspection', { placeId, items }, inspector));
  follow(
    'inspection',
    inspectionId,
    'id recordedAt place { name } items { code result } hazards { id }',
  );
  const found = { inspectionId, item: items[0]!.code, description: '负责人未明确' };
  const report = { ...found, grade: 'MAJOR', fixedOnSpot: false, dueInDays: 3 };
  const hazardId = await step(6, () => made('reportHazard', report, inspector));
  follow('hazard', hazardId, HAZARD);
  await step(7, () => inspector.done('rectifyHazard', { hazardId, evidence: '已明确。' }));
}

it('what was asked had more than one answer', () => {
  const answers = new Map<string, Set<string>>();
  for (const { question, answer } of moments.kept) {
    expect(answer.codes).toEqual([]);
    const known = answers.get(question.field) ?? new Set();
    answers.set(question.field, known.add(JSON.stringify(answer.data)));
  }
  const changed = [
    'area',
    'post',
    'dispute',
    'volunteer',
    'shift',
    'observation',
    'hazard',
    'place',
  ];
  for (const field of changed) expect([field, answers.get(field)!.size > 1]).toEqual([field, true]);
});

describe('a question as of a moment has the answer that it had then', () => {
  it(
    'by the positions that the logs had',
    async () => {
      expect(moments.kept.length).toBeGreaterThan(100);
      for (const { question, answer, positions } of moments.kept) {
        expect({ question, ...(await moments.ask(question, positions)) }).toEqual({
          question,
          ...answer,
        });
      }
    },
    LIMIT_MS,
  );

  it(
    'by the time, wherever nothing else was recorded in that millisecond',
    async () => {
      let compared = 0;
      for (const moment of moments.kept) {
        if (!(await moments.isWhole(moment))) continue;
        const { question, answer, time } = moment;
        expect({ question, ...(await moments.ask(question, time)) }).toEqual({
          question,
          ...answer,
        });
        compared += 1;
      }
      expect(compared).toBeGreaterThan(50);
    },
    LIMIT_MS,
  );
});
