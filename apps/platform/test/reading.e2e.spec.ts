import { readFileSync } from 'node:fs';
import { type Answer, type Client, startPlatform, type TestPlatform } from './client.js';
import { Office } from './office.js';

const VILLAGE = '430502001001';
const FIRST = `${VILLAGE}001`;
const SECOND = `${VILLAGE}002`;
const LIMIT_MS = 60_000;

let platform: TestPlatform;
let supervisor: Client;
let office: Office;

beforeAll(async () => {
  platform = await startPlatform();
  supervisor = await platform.as('supervisor', '4305');
  office = new Office(supervisor);
  for (const code of [FIRST, SECOND]) await office.openGrid(code, `网格${code.slice(-1)}`);
  await platform.platform.settled();
}, LIMIT_MS);
afterAll(() => platform.close());

/** A root field as of now, once everything that came of a position is there. */
async function after(position: string, field: string, id: string, wanted: string): Promise<object> {
  const query = `query ($id: ID!, $min: [Position!]) {
    found: ${field}(id: $id, minPosition: $min) { ${wanted} }
  }`;
  return (await supervisor.data<{ found: object }>(query, { id, min: position })).found;
}

describe('a question that must hold a position sees what was answered with it', () => {
  it('of a post, in the service itself and in mediation', async () => {
    const mediator = await office.appoint('MEDIATOR', VILLAGE, '李调解');
    const { id } = await office.accepted(FIRST);
    await office.assign(id, mediator.holder);
    const release = { postId: mediator.post, reason: '调离岗位' };
    const { position } = await office.done('releaseHolder', release);
    expect(position).toMatch(/^grid-registry@\d+$/);
    expect(await after(position, 'post', mediator.post, 'holder { id }')).toEqual({ holder: null });
    expect(await after(position, 'dispute', id, 'status mediator { id }')).toEqual({
      status: 'ACCEPTED',
      mediator: null,
    });
  });

  it('of a dispute', async () => {
    const { position, dispute } = await office.done('reportDispute', office.reportInput(FIRST));
    expect(position).toMatch(/^mediation@\d+$/);
    const found = await after(position, 'dispute', dispute.id, 'status grid { name }');
    expect(found).toEqual({ status: 'CONSENT_PENDING', grid: { name: '网格1' } });
  });

  it('of a patrol, and in inspections of what was seen on it, and back', async () => {
    const { record: team } = await office.done('foundTeam', { area: VILLAGE, name: '志愿队' });
    const someone = { teamId: team.id, name: '孙甲', bornOn: '1980-05-05' };
    const volunteerId = (await office.done('enrolVolunteer', someone)).record.id;
    const startsAt = new Date(Date.now() + 60_000).toISOString();
    const endsAt = new Date(Date.now() + 3_600_000).toISOString();
    const offer = { teamId: team.id, grid: FIRST, startsAt, endsAt, risk: 'ORDINARY' };
    const shiftId = (await office.done('publishShift', offer)).record.id;
    await office.done('claimShift', { shiftId, volunteerId });
    await office.done('checkIn', { shiftId, volunteerId });
    const sight = { shiftId, volunteerId, place: '楼道', fact: '堆放杂物。' };
    const { position, record } = await office.done('noteObservation', sight);
    const query = `query ($code: ID!, $min: [Position!]) { area(code: $code, minPosition: $min) {
      hazards { nodes { id observation { id } } }
    } }`;
    const { area } = await supervisor.data<{ area: Hazards }>(query, {
      code: FIRST,
      min: position,
    });
    expect(area.hazards.nodes).toMatchObject([{ observation: { id: record.id } }]);
    const hazardId = area.hazards.nodes[0]!.id;
    const grading = { hazardId, grade: 'ORDINARY', dueInDays: 7 };
    await office.done('gradeHazard', grading);
    await office.done('rectifyHazard', { hazardId, evidence: '已清理。' });
    const inspector = new Office(await platform.as('inspector', '4305'));
    const closed = await inspector.done('recheckHazard', { hazardId, passed: true });
    expect(closed.position).toMatch(/^inspections@\d+$/);
    expect(await after(closed.position, 'observation', record.id, 'outcome')).toEqual({
      outcome: 'CLOSED',
    });
  });
});

interface Hazards {
  readonly hazards: { readonly nodes: readonly { readonly id: string }[] };
}

describe('one operation has one moment', () => {
  it('for several root fields, behind aliases, variables and fragments', async () => {
    const { id } = await office.report(FIRST);
    const before = await heads();
    await office.done('renameGrid', { code: FIRST, name: '新名' });
    const query = `query Then($id: ID!, $asOf: [AsOf!]) {
      here: area(code: "${FIRST}", asOf: $asOf) { ...Named }
      ...One
    }
    fragment Named on Area { name }
    fragment One on Query { dispute(id: $id, asOf: $asOf) { grid { ...Named } } }`;
    const then = { here: { name: '网格1' }, dispute: { grid: { name: '网格1' } } };
    expect(await supervisor.data(query, { id, asOf: before })).toEqual(then);
    const now = { here: { name: '新名' }, dispute: { grid: { name: '新名' } } };
    expect(await supervisor.data(query, { id })).toEqual(now);
  });

  it('as in the examples of docs/architecture.md', async () => {
    const page = readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8');
    const examples = [...page.matchAll(/```graphql\n(.*?)```/gs)].map(([, example]) => example!);
    expect(examples).toHaveLength(2);
    const { id } = await office.report(FIRST);
    const then = await heads();
    const released = then.filter((position) => position.startsWith('grid-registry'));
    for (const example of examples) {
      const { data, codes } = await supervisor.ask(example, { id, then, released });
      expect(codes).toEqual([]);
      expect(data).toMatchObject({ dispute: { status: 'CONSENT_PENDING', mediator: null } });
    }
  });

  it('for a mutation it is what comes of it', async () => {
    const mutation = `mutation ($input: RenameGridInput!) {
      renameGrid(input: $input) { grid { name path { code } disputes { totalCount } } }
    }`;
    const input = { code: FIRST, name: '又一名' };
    const { renameGrid } = await supervisor.data<{ renameGrid: object }>(mutation, { input });
    expect(renameGrid).toMatchObject({ grid: { name: '又一名' } });
  });
});

/** The position of the last event in every log. */
async function heads(): Promise<readonly string[]> {
  const { logs } = platform.platform;
  return Promise.all(logs.map(async (log) => `${log.origin}@${(await log.head()) - 1}`));
}

describe('what says no moment is refused, and nothing is shown', () => {
  const FAR = '2999-01-01T00:00:00Z';
  const area = (args: string): string => `area(code: "${FIRST}", ${args}) { name }`;
  const wrong: readonly (readonly [string, string, string])[] = [
    ['a time that is none', 'asOf: "yesterday"', 'AS_OF_MALFORMED'],
    ['no time at all', 'asOf: []', 'AS_OF_MALFORMED'],
    ['a time to come', `asOf: "${FAR}"`, 'AS_OF_IN_FUTURE'],
    ['a position beyond the log', 'asOf: "grid-registry@999999999"', 'POSITION_UNKNOWN'],
    ['a service that there is not', 'asOf: "police@3"', 'POSITION_UNKNOWN'],
    ['positions without one of the service', 'asOf: "mediation@0"', 'AS_OF_INCOMPLETE'],
    ['a minimum that is none', 'minPosition: "soon"', 'MIN_POSITION_MALFORMED'],
    ['a minimum beyond the log', 'minPosition: "grid-registry@999999999"', 'POSITION_UNKNOWN'],
    ['a minimum beyond another log', 'minPosition: "mediation@999999999"', 'POSITION_UNKNOWN'],
    ['a minimum of nobody', 'minPosition: "police@3"', 'POSITION_UNKNOWN'],
  ];

  it.each(wrong)('%s', async (_, args, code) => {
    const { data, codes, errors } = await supervisor.ask(`{ ${area(args)} }`);
    expect(codes).toEqual([code]);
    expect(data['area'] ?? null).toBeNull();
    const { zh, en } = errors[0]!.extensions.messages;
    expect(zh).toMatch(/[\u4e00-\u9fff]/);
    expect(en).not.toMatch(/[\u4e00-\u9fff{}]|undefined/);
  });

  it('a value that is no text', async () => {
    const { codes, data } = await supervisor.ask(`{ ${area('asOf: 3')} }`);
    expect([codes, data]).toEqual([['AS_OF_MALFORMED'], {}]);
  });

  it('moments that differ', async () => {
    const two = `{ a: ${area('asOf: "2026-01-01T00:00:00Z"')} b: area(code: "43") { name } }`;
    const { codes, data, status } = await supervisor.ask(two);
    expect([codes, data, status]).toEqual([['ARGUMENTS_DIFFER'], {}, 400]);
  });

  it('a service behind the root field that was left out', async () => {
    const [registry] = (await heads()).filter((position) => position.startsWith('grid-registry'));
    const query = `{ area(code: "${FIRST}", asOf: "${registry}") { name disputes { totalCount } } }`;
    const { data, codes } = await supervisor.ask(query);
    expect(data).toEqual({ area: { name: expect.any(String), disputes: null } });
    expect(codes).toEqual(['AS_OF_INCOMPLETE']);
  });

  it('a record that was not there yet', async () => {
    const before = await heads();
    const { id } = await office.report(FIRST);
    const query = 'query ($id: ID!, $asOf: [AsOf!]) { dispute(id: $id, asOf: $asOf) { status } }';
    const { data, codes } = await supervisor.ask(query, { id, asOf: before });
    expect([data, codes]).toEqual([{ dispute: null }, ['DISPUTE_NOT_FOUND']]);
  });
});

describe('what was is shown to whom today’s rights show what is', () => {
  const BY_ID =
    'query ($id: ID!, $asOf: [AsOf!]) { dispute(id: $id, asOf: $asOf) { facts grid { code } } }';
  const LIST = `query ($code: ID!, $asOf: [AsOf!]) { area(code: $code, asOf: $asOf) {
    disputes { nodes { id } }
  } }`;
  let id: string;
  let then: readonly string[];

  beforeAll(async () => {
    ({ id } = await office.report(FIRST));
    await platform.platform.settled();
    then = await heads();
    await office.done('retireGrid', { code: FIRST, successors: [SECOND], reason: '合并' });
    await platform.platform.settled();
  }, LIMIT_MS);

  const asWorker = async (grid: string, query: string, variables: object): Promise<Answer> =>
    (await platform.as('grid-worker', grid)).ask(query, { asOf: then, ...variables });

  it('where the record is today, though it was elsewhere then', async () => {
    const { data } = await asWorker(SECOND, BY_ID, { id });
    expect(data).toMatchObject({ dispute: { grid: { code: FIRST } } });
    const { data: all, codes } = await supervisor.ask(BY_ID, { id, asOf: then });
    expect(codes).toEqual([]);
    expect(all).toMatchObject({ dispute: { facts: expect.any(String), grid: { code: FIRST } } });
  });

  it('but not where it was', async () => {
    const { data, codes } = await asWorker(FIRST, BY_ID, { id });
    expect([data, codes]).toEqual([{ dispute: null }, ['OUT_OF_SCOPE']]);
  });

  it('nor in a list of where it was', async () => {
    const { data, codes } = await asWorker(FIRST, LIST, { code: FIRST });
    expect([data, codes]).toEqual([{ area: { disputes: null } }, ['OUT_OF_SCOPE']]);
    const { data: all } = await supervisor.ask(LIST, { code: FIRST, asOf: then });
    expect(JSON.stringify(all)).toContain(id);
  });
});
