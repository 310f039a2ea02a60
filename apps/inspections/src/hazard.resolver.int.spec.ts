import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphql } from 'graphql';
import { openTokenKey, type Role } from '#libs/access';
import { EventBus } from '#libs/event-bus';
import { closeRooms, openRoom, type OpenRoom, type SteppedClock } from '#libs/service';
import { areaCode, COLLEAGUE, GRID, INSPECTOR, items, NOW } from '../test/hazards.js';
import { clockAt, eventsOf, tell } from '../test/room.js';
import { inspections } from './inspections.module.js';
import { MarkOverdueTimer } from './mark-overdue.timer.js';

/** Seven days after the day of the report. */
const DUE = '2026-03-16T16:00:00.000Z';

let dataDir: string;
let clock: SteppedClock;
let service: OpenRoom;
let room: ReturnType<typeof inspections>;

async function start(): Promise<void> {
  const host = { dataDir, clock, bus: new EventBus(), tokenKey: openTokenKey(dataDir) };
  room = inspections(host);
  service = await openRoom(room);
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'fengqiao-inspections-'));
  clock = clockAt();
  await start();
  const admitted = { type: 'GridAdmitted', grid: GRID, name: '第一网格', at: NOW };
  await tell(room.stores.log, { [`grid-${GRID}`]: [admitted] });
});

afterAll(async () => {
  await closeRooms([service]);
  rmSync(dataDir, { recursive: true });
});

interface Asking {
  readonly role?: Role;
  readonly area?: string;
  readonly subject?: string;
}

/** What somebody is answered by this service itself, without a gateway. */
async function asked(source: string, variableValues: object, as: Asking = {}) {
  const { role = 'inspector', area = '430502', subject = INSPECTOR } = as;
  const actor = { subject, role, area: areaCode(area) };
  const { data, errors } = await graphql({
    schema: service.schema,
    source,
    contextValue: { actor, language: 'en', headers: {} },
    variableValues: { ...variableValues },
  });
  // Plain objects, of whatever shape the query has.
  const plain = JSON.parse(JSON.stringify(data));
  return { data: plain, codes: errors?.map(({ extensions }) => extensions['code']) };
}

/** Sends a command and answers what it is about. */
async function send(command: string, input: object, as: Asking = {}) {
  const type = `${command[0]!.toUpperCase()}${command.slice(1)}Input`;
  const kind = /Place|Inspection|Hazard/.exec(command)![0].toLowerCase();
  const source = `mutation ($input: ${type}!) {
    ${command}(input: $input) { position ${kind} { id ${kind === 'hazard' ? 'status' : ''} } }
  }`;
  const { data, codes } = await asked(source, { input }, as);
  return { codes, ...data[command]?.[kind], position: data[command]?.position };
}

const shop = { grid: GRID, kind: 'SHOP', name: '东风路便民超市' };
const description = '后门安全出口被货架堵住。';
const VIEW = `query ($id: ID!) { hazard(id: $id) {
  grid { code } place { name } inspection { items { code result } hazards { id } } item
  grade status dueAt overdue source foundAt evidence moves { from to at }
} }`;
const LISTS = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Area {
  hazards(status: OPEN, first: 20) { totalCount nodes { id grade status dueAt overdue } }
  places(first: 20) { totalCount nodes { name kind } }
} } }`;
const areas = (...codes: readonly string[]) => ({
  of: codes.map((code) => ({ __typename: 'Area', code })),
});

describe('a hazard, from the inspection to its end', () => {
  let hazardId: string;
  let inspectionId: string;

  it('is found, and seen by everybody who reads in its area', async () => {
    const { id: placeId } = await send('registerPlace', shop);
    ({ id: inspectionId } = await send('recordInspection', { placeId, items }));
    const report = { inspectionId, item: 'E1', description, grade: 'ORDINARY', fixedOnSpot: false };
    const sent = await send('reportHazard', { ...report, dueInDays: 7 });
    expect(sent).toMatchObject({ status: 'NOTICED', position: 'inspections@5' });
    hazardId = sent.id;
    const { data } = await asked(VIEW, { id: hazardId }, { role: 'reader' });
    expect(data.hazard).toMatchObject({
      grid: { code: GRID },
      place: { name: shop.name },
      inspection: { items, hazards: [{ id: hazardId }] },
      item: 'E1',
      grade: 'ORDINARY',
      dueAt: DUE,
      overdue: false,
      source: 'INSPECTION',
      foundAt: NOW,
      moves: [],
    });
    const listed = await asked(LISTS, areas('430502', GRID), { role: 'reader' });
    const lists = {
      hazards: { totalCount: 1, nodes: [{ id: hazardId, grade: 'ORDINARY', overdue: false }] },
      places: { totalCount: 1, nodes: [{ name: shop.name, kind: 'SHOP' }] },
    };
    expect(listed.data._entities).toMatchObject([lists, lists]);
  });

  it('is not seen, and not changed, from another area or without the role', async () => {
    const elsewhere = { area: '430503', role: 'supervisor' } as const;
    expect(await asked(VIEW, { id: hazardId }, elsewhere)).toEqual({
      data: { hazard: null },
      codes: ['OUT_OF_SCOPE'],
    });
    const of = [{ __typename: 'Hazard', id: hazardId }];
    const source = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Hazard { id } } }`;
    expect((await asked(source, { of }, elsewhere)).codes).toEqual(['OUT_OF_SCOPE']);
    const lists = await asked(LISTS, areas(GRID), elsewhere);
    expect(lists.data._entities).toEqual([{ hazards: null, places: null }]);
    const rectify = { hazardId, evidence: '已移走。' };
    expect(await send('rectifyHazard', rectify, elsewhere)).toMatchObject({
      codes: ['OUT_OF_SCOPE'],
    });
    expect(await send('rectifyHazard', rectify, { role: 'grid-worker' })).toMatchObject({
      codes: ['ROLE_MAY_NOT'],
    });
  });

  it('is overdue when its time passes, also when that happens while nothing runs', async () => {
    await closeRooms([service]);
    clock.moveTo(Date.parse(DUE));
    await start();
    await service.get(MarkOverdueTimer).tick();
    const { data } = await asked(VIEW, { id: hazardId });
    expect(data.hazard).toMatchObject({ status: 'NOTICED', overdue: true });
    const marks = (await eventsOf(room.stores.log)).filter(({ type }) => type === 'HazardOverdue');
    expect(marks).toEqual([{ type: 'HazardOverdue', hazard: hazardId, at: DUE, dueAt: DUE }]);
  });

  it('is closed when somebody else than its finder finds it right', async () => {
    await send('rectifyHazard', { hazardId, evidence: '货架已移走。' });
    const recheck = { hazardId, passed: true };
    const own = await send('recheckHazard', recheck);
    expect(own).toMatchObject({ codes: ['RECHECK_BY_FINDER'] });
    const other = await send('recheckHazard', recheck, { subject: COLLEAGUE });
    expect(other).toMatchObject({ status: 'CLOSED' });
    const { data } = await asked(LISTS, areas(GRID));
    expect(data._entities).toMatchObject([{ hazards: { totalCount: 0 } }]);
  });

  it('is one hazard when the report is sent again under its command id', async () => {
    const commandId = '0192f0c1-2b3c-7def-8abc-1234567890ab';
    const report = { inspectionId, item: 'E1', description, grade: 'ORDINARY', fixedOnSpot: true };
    const once = await send('reportHazard', { ...report, commandId });
    expect(once).toMatchObject({ status: 'CLOSED' });
    expect(await send('reportHazard', { ...report, commandId })).toEqual(once);
  });
});

describe('what a client sends', () => {
  it.each([
    ['no days', 0],
    ['more days than a year', 366],
  ])('is refused with %s', async (_, dueInDays) => {
    const input = { hazardId: '0192f0c1-2b3c-7def-8abc-1234567890ab', grade: 'MAJOR', dueInDays };
    expect(await send('gradeHazard', input)).toMatchObject({ codes: ['INPUT_INVALID'] });
  });

  it.each([
    ['gradeHazard', { grade: 'MAJOR', dueInDays: 1, hazardId: '' }, 'HAZARD_NOT_FOUND'],
    ['closePlace', { placeId: '' }, 'PLACE_NOT_FOUND'],
    ['recordInspection', { placeId: '', items }, 'PLACE_NOT_FOUND'],
    [
      'reportHazard',
      { inspectionId: '', item: 'E1', description, grade: 'MAJOR', fixedOnSpot: false },
      'INSPECTION_NOT_FOUND',
    ],
    ['registerPlace', { ...shop, grid: '430502' }, 'GRID_CODE_MALFORMED'],
    ['registerPlace', { ...shop, grid: '430502001001009' }, 'GRID_NOT_FOUND'],
  ])('is refused when it names nothing that is there: %s', async (command, input, code) => {
    const unknown = '0192f0c1-2b3c-7def-8abc-1234567890ab';
    const named = Object.entries(input).map(([key, value]) => [
      key,
      value === '' ? unknown : value,
    ]);
    expect(await send(command, Object.fromEntries(named))).toMatchObject({ codes: [code] });
  });

  it('the checklist for a kind of place tells what to look at', async () => {
    const query = '{ checklist(kind: SHOP) { code zh en } }';
    const { data } = await asked(query, {});
    expect(data.checklist).toHaveLength(items.length);
    expect(data.checklist[4]).toEqual({
      code: 'E1',
      zh: '安全出口畅通、未上锁',
      en: 'Exits are open and unlocked',
    });
  });
});
