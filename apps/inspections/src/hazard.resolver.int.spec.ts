import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphql } from 'graphql';
import { claimedIdentity, openTokenKey, type Role } from '#libs/access';
import { closeRooms, openRoom, type OpenRoom, type SteppedClock } from '#libs/service';
import {
  areaCode,
  COLLEAGUE,
  DESCRIPTION as description,
  GRID,
  INSPECTOR,
  items,
  NOW,
  OBSERVATION,
} from '../test/hazards.js';
import { busOfQuietRegistry } from '../test/quiet-registry.js';
import { observation, told } from '../test/neighbours.js';
import { clockAt, eventsOf, tell } from '../test/room.js';
import { inspections } from './inspections.module.js';
import { hazardsView } from './hazards.view.js';
import { MarkOverdueTimer } from './mark-overdue.timer.js';
import { OpenHazardReaction } from './open-hazard.reaction.js';

/** Seven days after the day of the report. */
const DUE = '2026-03-16T16:00:00.000Z';

let dataDir: string;
let clock: SteppedClock;
let service: OpenRoom;
let room: ReturnType<typeof inspections>;

async function start(): Promise<void> {
  const host = {
    dataDir,
    clock,
    installation: 'sample',
    bus: busOfQuietRegistry(),
    tokenKey: openTokenKey(dataDir),
  };
  room = inspections(host, { recheckDays: 3 });
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
  const identity = claimedIdentity({ subject, role, area: areaCode(area) });
  const { data, errors } = await graphql({
    schema: service.schema,
    source,
    contextValue: { identity, language: 'en', headers: {} },
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
    expect(sent).toMatchObject({ status: 'NOTICED', position: 'inspections@6' });
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
    const RECHECK =
      'query ($id: ID!) { hazard(id: $id) { recheckTerm { dueAt isProvisional passed explanation } } }';
    const { data: waiting } = await asked(RECHECK, { id: hazardId });
    expect(waiting.hazard.recheckTerm).toEqual({
      dueAt: '2026-03-20T16:00:00.000Z',
      isProvisional: false,
      passed: false,
      explanation:
        '3 working days from 2026-03-17, the first day not counted, ends on 2026-03-20 at 24:00.',
    });
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

describe('what is written of a hazard', () => {
  const evidence = '已通知钱甲移走。';
  const commandId = '0192f0c1-2b3c-7def-8abc-1234567890ac';
  const TEXTS = `query ($id: ID!) { hazard(id: $id) {
    status description evidence observation { id }
  } }`;
  const textsOf = async (id: string) => (await asked(TEXTS, { id })).data.hazard;
  let hazardId: string;
  let report: object;
  let rectify: { readonly hazardId: string; readonly evidence: string; readonly commandId: string };

  beforeAll(async () => {
    const { id: placeId } = await send('registerPlace', shop);
    const { id: inspectionId } = await send('recordInspection', { placeId, items });
    const found = { inspectionId, item: 'E1', grade: 'ORDINARY', fixedOnSpot: false, dueInDays: 7 };
    report = { ...found, description, commandId };
    hazardId = (await send('reportHazard', report)).id;
    rectify = { hazardId, evidence, commandId: '0192f0c1-2b3c-7def-8abc-1234567890ad' };
    await send('rectifyHazard', rectify);
  });

  /** Everything that the service has written, whatever file it is in. */
  function written(): Buffer {
    const entries = readdirSync(dataDir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return Buffer.concat(files.map(({ parentPath, name }) => readFileSync(join(parentPath, name))));
  }

  it('is in no entry of the log, in no view and in no other file', async () => {
    const { log } = room.stores;
    const entries = Buffer.concat(await log.entries(0, await log.head()));
    for (const bytes of [entries, written()]) {
      expect(bytes.includes(shop.name)).toBe(true);
      expect([bytes.includes(description), bytes.includes(evidence)]).toEqual([false, false]);
    }
  });

  it('is read by who works on hazards there, and by nobody else', async () => {
    const read = { status: 'RECTIFIED', description, evidence, observation: null };
    expect(await textsOf(hazardId)).toEqual(read);
    const reader = await asked(TEXTS, { id: hazardId }, { role: 'reader' });
    expect(reader.data.hazard).toMatchObject({ description: null, evidence: null });
    expect(reader.codes).toEqual(['ROLE_MAY_NOT', 'ROLE_MAY_NOT']);
  });

  it('is of one command each: the same answer to the same, and none to another text', async () => {
    const head = await room.stores.log.head();
    expect(await send('reportHazard', report)).toMatchObject({ id: hazardId });
    expect(await send('rectifyHazard', rectify)).toMatchObject({ id: hazardId });
    const other = { description: '已上锁。', evidence: '已上锁。' };
    const { description: text, evidence: shown } = other;
    for (const again of [
      await send('reportHazard', { ...report, description: text }),
      await send('rectifyHazard', { ...rectify, evidence: shown }),
    ]) {
      expect(again).toMatchObject({ codes: ['COMMAND_ID_REUSED'] });
    }
    expect(await room.stores.log.head()).toBe(head);
  });

  it('is gone once it was erased, and the hazard is put right nevertheless', async () => {
    const row = await room.stores.views.get(hazardsView, hazardId);
    for (const section of [row?.description, row?.evidence]) {
      await room.stores.sealing.erase(section?.subject ?? '');
    }
    const gone = { status: 'RECTIFIED', description: null, evidence: null };
    expect(await textsOf(hazardId)).toMatchObject(gone);
    const failed = { hazardId, passed: false, dueInDays: 3 };
    await send('recheckHazard', failed, { subject: 'grid-worker-1', role: 'grid-worker' });
    const anew = { hazardId, evidence: '出口畅通。' };
    expect(await send('rectifyHazard', anew)).toMatchObject({ status: 'RECTIFIED' });
    expect(await textsOf(hazardId)).toMatchObject({ description: null, evidence: '出口畅通。' });
    await send('recheckHazard', { hazardId, passed: true }, { subject: COLLEAGUE });
    expect(await textsOf(hazardId)).toMatchObject({ status: 'CLOSED' });
  });

  it('is what the observation says when a patrol found it', async () => {
    await service.get(OpenHazardReaction).on(told('volunteers', observation));
    const found = (await eventsOf(room.stores.log)).at(-1) as unknown as {
      readonly hazard: string;
    };
    expect(await textsOf(found.hazard)).toEqual({
      status: 'FOUND',
      description: null,
      evidence: null,
      observation: { id: OBSERVATION },
    });
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
