import { setTimeout as delay } from 'node:timers/promises';
import type { Desk } from './desk.ts';

const VILLAGES = ['430502001001', '430502001002', '430502001003', '430502001004'];
const GRIDS_A_VILLAGE = 999;
/** Work has pauses: a drill is long, and a village has so many grids only. */
const PAUSE_MS = 50;

/** How many grids there are to work in. */
export const GRIDS = VILLAGES.length * GRIDS_A_VILLAGE;
const MINUTE_MS = 60_000;
/** What one service brings about in another is awaited for so long. */
const HEARD_MS = 60_000;
const LOOK_MS = 100;

type Named = { readonly id: string };

/** What a case left behind, to be looked at in the end. */
export interface CaseDone {
  readonly dispute: string;
  readonly hazardOf: string;
  readonly grid: string;
}

/** The n-th grid of the drill, from 1. */
export function gridOf(n: number): string {
  const village = VILLAGES[Math.floor((n - 1) / GRIDS_A_VILLAGE)] ?? '';
  return village + String(((n - 1) % GRIDS_A_VILLAGE) + 1).padStart(3, '0');
}

/**
 * One round of everyday work that takes all four services: a grid is opened, a dispute reported
 * there and given to a mediator who then leaves; a volunteer notes something on patrol.
 *
 * @param herself makes the desk of a volunteer
 */
export async function workCase(
  desk: Desk,
  n: number,
  herself: (volunteer: string) => Promise<Desk>,
): Promise<CaseDone> {
  const grid = gridOf(n);
  await desk.done('openGrid', { code: grid, name: `第${n}网格` }, 'grid { code }');
  const dispute = await disputeIn(desk, grid);
  const hazardOf = await observationIn(desk, grid, herself);
  await delay(PAUSE_MS);
  return { dispute, hazardOf, grid };
}

async function disputeIn(desk: Desk, grid: string): Promise<string> {
  const parties = [{ name: '张甲' }, { name: '陈乙' }];
  const facts = '楼上漏水，两家就维修费用意见不一。';
  const report = { grid, type: 'NEIGHBOURS', facts, parties };
  const reported = await desk.done('reportDispute', report, 'dispute { id parties { id } }');
  const { id, parties: known } = reported['dispute'] as unknown as Named & { parties: Named[] };
  for (const party of known) {
    await desk.done('giveConsent', { disputeId: id, partyId: party.id }, 'dispute { id }');
  }
  const made = await desk.done('createPost', { kind: 'MEDIATOR', area: grid }, 'post { id }');
  const postId = (made['post'] as unknown as Named).id;
  const appointed = await desk.done(
    'appointHolder',
    { postId, name: '李调解' },
    'post { holder { id } }',
  );
  const { holder } = appointed['post'] as unknown as { readonly holder: Named };
  await desk.done('assignMediator', { disputeId: id, mediatorId: holder.id }, 'dispute { id }');
  await desk.done('releaseHolder', { postId, reason: '调离岗位' }, 'post { id }');
  return id;
}

async function observationIn(
  desk: Desk,
  grid: string,
  herself: (volunteer: string) => Promise<Desk>,
): Promise<string> {
  const team = await desk.done('foundTeam', { area: grid, name: '平安志愿队' }, 'team { id }');
  const teamId = (team['team'] as unknown as Named).id;
  const person = { teamId, name: '孙甲', bornOn: '1980-05-05' };
  const enrolled = await desk.done('enrolVolunteer', person, 'volunteer { id }');
  const volunteerId = (enrolled['volunteer'] as unknown as Named).id;
  const startsAt = new Date(Date.now() + 20 * MINUTE_MS).toISOString();
  const endsAt = new Date(Date.now() + 80 * MINUTE_MS).toISOString();
  const planned = { teamId, grid, startsAt, endsAt, risk: 'ORDINARY' };
  const shift = await desk.done('publishShift', planned, 'shift { id }');
  const shiftId = (shift['shift'] as unknown as Named).id;
  await desk.done('claimShift', { shiftId, volunteerId }, 'shift { id }');
  const own = await herself(volunteerId);
  await own.done('checkIn', { shiftId }, 'shift { id }');
  const sight = { shiftId, place: '三单元楼道', fact: '堆放杂物，堵住安全出口。' };
  const noted = await own.done('noteObservation', sight, 'observation { id }');
  return (noted['observation'] as unknown as Named).id;
}

/** Closes a grid into another, and waits until all four services have had their say. */
export async function closeGrid(desk: Desk, n: number, into: number): Promise<void> {
  const code = gridOf(n);
  const retired = { code, successors: [gridOf(into)], reason: '合并' };
  await desk.done('retireGrid', retired, 'grid { code }');
  await until(desk, 'query ($code: ID!) { area(code: $code) { grid { status } } }', {
    variables: { code },
    holds: (data) => JSON.stringify(data).includes('RETIRED'),
    what: `the closing of ${code}`,
  });
}

export interface Awaited {
  readonly variables: object;
  readonly holds: (data: unknown) => boolean;
  readonly what: string;
}

export async function until(desk: Desk, query: string, awaited: Awaited): Promise<void> {
  const end = performance.now() + HEARD_MS;
  let last: unknown;
  while (performance.now() < end) {
    last = await desk.asked(query, awaited.variables);
    if (awaited.holds(last)) return;
    await delay(LOOK_MS);
  }
  throw new Error(`${awaited.what} did not come about: ${JSON.stringify(last)}`);
}
