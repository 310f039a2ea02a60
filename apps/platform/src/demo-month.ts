import { type Agenda } from './demo-agenda.js';
import type { Chance } from './demo-chance.js';
import type { Desk } from './demo-office.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const VILLAGES = 4;
const GRIDS = 3;

/** Plainly invented names: heavenly stems behind common surnames. */
const SURNAMES = ['赵', '钱', '孙', '李', '周', '吴', '郑', '王', '冯', '陈'];
const STEMS = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
const QUARRELS = [
  ['NEIGHBOURS', '楼上漏水，两家就维修费用意见不一。'],
  ['NEIGHBOURS', '宅旁排水沟堵塞，双方互相推诿。'],
  ['HOUSING_HOMESTEAD', '两户对共用院墙的位置说法不同。'],
  ['UNPAID_RURAL_WORKERS_WAGES', '装修完工后尾款未付。'],
  ['PROPERTY_MANAGEMENT', '对停车收费标准有异议。'],
  ['OTHER_CONSUMER', '购买的电器保修期内无人维修。'],
] as const;
const SIGHTS = [
  ['三单元楼道', '堆放杂物，堵住安全出口。'],
  ['菜市场东门', '配电箱箱门脱落。'],
  ['河堤步道', '护栏松动约两米。'],
] as const;
const PLACES = [
  ['SHOP', '便民小卖部'],
  ['RESTAURANT', '早点铺'],
  ['WORKSHOP', '木材加工坊'],
  ['SCHOOL', '幼儿园'],
] as const;

/** Who works in the demonstration, and where. */
export interface Township {
  readonly code: string;
  readonly supervisor: Desk;
  /** Two, since nobody rechecks what they found themselves. */
  readonly inspectors: readonly [Desk, Desk];
  readonly agenda: Agenda;
  readonly chance: Chance;
  /** The first midnight (Shanghai) of the month, milliseconds since 1970. */
  readonly start: number;
  readonly days: number;
}

/** Plans a month of plausible work in a township; it happens when the agenda runs. */
export function planMonth(township: Township): void {
  const { agenda, start } = township;
  agenda.at(start + 8 * HOUR, async () => {
    const query = `query ($code: ID!) {
      area(code: $code) { children(first: ${VILLAGES}) { nodes { code } } }
    }`;
    const { area } = await township.supervisor.asks<Villages>(query, { code: township.code });
    for (const { code } of area.children.nodes) await setUpVillage(township, code);
  });
}

interface Villages {
  readonly area: { readonly children: { readonly nodes: readonly { readonly code: string }[] } };
}

async function setUpVillage(township: Township, village: string): Promise<void> {
  const { supervisor, chance } = township;
  const grids = Array.from({ length: GRIDS }, (_, index) => `${village}00${index + 1}`);
  for (const [index, code] of grids.entries()) {
    await supervisor.does('openGrid', { code, name: `第${'一二三'[index]}网格` });
    await appoint(township, 'GRID_WORKER', code);
  }
  await appoint(township, 'GRID_LEADER', village);
  await appoint(township, 'COMMUNITY_POLICE_OFFICER', village);
  const mediator = await appoint(township, 'MEDIATOR', village);
  const desk = { village, grids, mediator };
  for (let day = 0; day < township.days; day += 1) {
    if (chance.happens(0.4)) planDispute(township, desk, day);
  }
  await setUpTeam(township, desk);
  for (const grid of grids) await setUpPlace(township, grid);
  planChanges(township, desk);
}

interface VillageDesk {
  readonly village: string;
  readonly grids: readonly string[];
  /** Changes when the post is given to somebody else. */
  mediator: { readonly post: string; readonly holder: string };
}

async function appoint(
  { supervisor, chance }: Township,
  kind: string,
  area: string,
): Promise<{ post: string; holder: string }> {
  const { id: post } = await supervisor.does('createPost', { kind, area });
  const { holder } = await supervisor.does('appointHolder', { postId: post, name: nameBy(chance) });
  return { post, holder: holder?.id ?? '' };
}

/** In the middle of the month a mediator leaves; later one grid is closed into its neighbour. */
function planChanges(township: Township, desk: VillageDesk): void {
  const { agenda, supervisor, chance, start, days } = township;
  agenda.at(start + (days / 2) * DAY + 9 * HOUR, async () => {
    const { post } = desk.mediator;
    await supervisor.does('releaseHolder', { postId: post, reason: '调到其他岗位' });
    const name = nameBy(chance);
    const { holder } = await supervisor.does('appointHolder', { postId: post, name });
    desk.mediator = { post, holder: holder?.id ?? '' };
  });
  const [first, , third] = desk.grids;
  agenda.at(start + (days - 3) * DAY + 17 * HOUR, async () => {
    const input = { code: third, successors: [first], reason: '户数减少，并入相邻网格' };
    await supervisor.does('retireGrid', input);
  });
}

function planDispute(township: Township, desk: VillageDesk, day: number): void {
  const { agenda, supervisor, chance, start } = township;
  const reported = start + day * DAY + chance.between(8 * 60, 18 * 60) * MINUTE;
  agenda.at(reported, async () => {
    const [type, facts] = chance.of(QUARRELS);
    // The third grid closes towards the end: new disputes are reported in the others.
    const grid = day < township.days - 4 ? chance.of(desk.grids) : desk.grids[0];
    const names = [{ name: nameBy(chance) }, { name: nameBy(chance) }];
    const dispute = await supervisor.does('reportDispute', { grid, type, facts, parties: names });
    const parties = dispute.parties?.map(({ id }) => id) ?? [];
    planMediation(township, desk, { id: dispute.id, parties, from: reported });
  });
}

interface Reported {
  readonly id: string;
  readonly parties: readonly string[];
  readonly from: number;
}

function planMediation(township: Township, desk: VillageDesk, dispute: Reported): void {
  const { agenda, supervisor, chance } = township;
  const { id: disputeId, parties, from } = dispute;
  const routesTold = ['COURT', 'ADMINISTRATIVE'];
  agenda.at(from + chance.between(2, 30) * HOUR, async () => {
    if (chance.happens(0.1)) {
      await supervisor.does('refuseMediation', { disputeId, partyId: parties[0], routesTold });
      return;
    }
    for (const partyId of parties) await supervisor.does('giveConsent', { disputeId, partyId });
    agenda.at(from + chance.between(32, 50) * HOUR, () => mediate(township, desk, dispute));
  });
}

/** The mediator may have left since: then the dispute is given to the one who holds the post now. */
async function mediate(township: Township, desk: VillageDesk, dispute: Reported): Promise<void> {
  const { agenda, supervisor, chance } = township;
  const { id: disputeId, parties, from } = dispute;
  const { holder: mediatorId } = desk.mediator;
  await supervisor.does('assignMediator', { disputeId, mediatorId });
  agenda.at(from + chance.between(60, 200) * HOUR, async () => {
    if (desk.mediator.holder !== mediatorId) {
      const { holder } = desk.mediator;
      await supervisor.does('assignMediator', { disputeId, mediatorId: holder });
    }
    const heldAt = new Date(from + 58 * HOUR).toISOString();
    const summary = '双方到场，分别陈述了经过和要求。';
    await supervisor.does('recordSession', { disputeId, heldAt, summary });
    if (chance.happens(0.85)) {
      const performBy = new Date(from + 40 * DAY).toISOString().slice(0, 10);
      const terms = '费用双方各半，一个月内付清。';
      await supervisor.does('settleDispute', { disputeId, terms, performBy, signedBy: parties });
    } else {
      const reason = '双方对金额始终未能一致。';
      await supervisor.does('endMediation', { disputeId, reason, routesTold: ['COURT'] });
    }
  });
}

async function setUpTeam(township: Township, { village, grids }: VillageDesk): Promise<void> {
  const { supervisor, chance, start, days } = township;
  const { id: teamId } = await supervisor.does('foundTeam', { area: village, name: '平安志愿队' });
  const volunteers: string[] = [];
  for (let count = 0; count < 4; count += 1) {
    const bornOn = `${chance.between(1958, 1999)}-0${chance.between(1, 9)}-15`;
    const person = { teamId, name: nameBy(chance), bornOn };
    volunteers.push((await supervisor.does('enrolVolunteer', person)).id);
  }
  for (let day = 1; day < days; day += 1) {
    const grid = day < days - 5 ? chance.of(grids) : grids[0];
    const volunteerId = chance.of(volunteers);
    const startsAt = start + day * DAY + 19 * HOUR;
    planPatrol(township, { teamId, grid: grid ?? village, volunteerId, startsAt });
  }
}

interface Patrol {
  readonly teamId: string;
  readonly grid: string;
  readonly volunteerId: string;
  readonly startsAt: number;
}

function planPatrol(township: Township, { volunteerId, startsAt, ...patrol }: Patrol): void {
  const { agenda, supervisor, chance } = township;
  const times = { startsAt: timeOf(startsAt), endsAt: timeOf(startsAt + 2 * HOUR) };
  agenda.at(startsAt - 10 * HOUR, async () => {
    const shift = { ...patrol, ...times, risk: 'ORDINARY' };
    const { id: shiftId } = await supervisor.does('publishShift', shift);
    await supervisor.does('claimShift', { shiftId, volunteerId });
    const serving = { shiftId, volunteerId };
    agenda.at(startsAt - 5 * MINUTE, async () => {
      await supervisor.does('checkIn', serving);
    });
    if (chance.happens(0.15)) {
      const [place, fact] = chance.of(SIGHTS);
      agenda.at(startsAt + HOUR, async () => {
        await supervisor.does('noteObservation', { ...serving, place, fact });
      });
    }
    agenda.at(startsAt + 2 * HOUR, async () => {
      await supervisor.does('checkOut', serving);
    });
    agenda.at(startsAt + 14 * HOUR, async () => {
      await supervisor.does('confirmHours', { shiftId });
    });
  });
}

async function setUpPlace(township: Township, grid: string): Promise<void> {
  const { supervisor, chance, start, days, agenda } = township;
  const [kind, name] = chance.of(PLACES);
  const { id: placeId } = await supervisor.does('registerPlace', { grid, kind, name });
  for (let day = chance.between(1, 6); day < days - 4; day += 10) {
    agenda.at(start + day * DAY + 10 * HOUR, () => inspect(township, { placeId, kind }));
  }
}

async function inspect(
  { agenda, chance, inspectors, start, days }: Township,
  { placeId, kind }: { readonly placeId: string; readonly kind: string },
): Promise<void> {
  const [finder, rechecker] = inspectors;
  const query = 'query ($kind: PlaceKind!) { checklist(kind: $kind) { code text: zh } }';
  const { checklist } = await finder.asks<{ checklist: Item[] }>(query, { kind });
  const results = checklist.map(({ code, text }) => ({
    code,
    text,
    passes: !chance.happens(0.08),
  }));
  const items = results.map(({ code, passes }) => ({ code, result: passes ? 'PASS' : 'FAIL' }));
  const { id: inspectionId } = await finder.does('recordInspection', { placeId, items });
  for (const { code: item, text } of results.filter(({ passes }) => !passes)) {
    const hazard = { inspectionId, item, description: `不合格：${text}`, grade: 'ORDINARY' };
    if (chance.happens(0.4)) {
      await finder.does('reportHazard', { ...hazard, fixedOnSpot: true });
      continue;
    }
    const limit = { fixedOnSpot: false, dueInDays: chance.of([3, 7, 15]) };
    const { id: hazardId } = await finder.does('reportHazard', { ...hazard, ...limit });
    if (chance.happens(0.2)) continue; // Somebody forgets: it becomes overdue.
    const fixed = start + chance.between(days - 12, days - 2) * DAY + 15 * HOUR;
    agenda.at(fixed, async () => {
      await finder.does('rectifyHazard', { hazardId, evidence: '已整改，现场复核可查。' });
      await rechecker.does('recheckHazard', { hazardId, passed: true });
    });
  }
}

interface Item {
  readonly code: string;
  readonly text: string;
}

function nameBy(chance: Chance): string {
  return `${chance.of(SURNAMES)}${chance.of(STEMS)}`;
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
