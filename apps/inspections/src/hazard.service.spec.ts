import { isRefusal, refuse } from '#libs/event';
import type { CommandMeta, EventLog } from '#libs/event-log';
import {
  COLLEAGUE,
  DESCRIPTION,
  EVIDENCE,
  failed,
  type found,
  graded,
  GRID,
  HAZARD,
  id,
  INSPECTION,
  inspected,
  lives,
  NOW,
  PLACE,
  RECTIFIER,
  recheckTerm,
  rectified,
  registered,
  SUCCESSOR,
} from '../test/hazards.js';
import { closing, told } from '../test/neighbours.js';
import { emptyLog, eventsOf, openInspections, tell } from '../test/room.js';
import { unsealed } from '../test/sealed.js';

const meta = (request: string, commandId = id('e1')): CommandMeta => ({
  commandId,
  actor: 'spec',
  request,
});
const admitted = { type: 'GridAdmitted', grid: GRID, name: '第一网格', at: NOW };
const report = {
  inspection: INSPECTION,
  item: 'E1',
  description: DESCRIPTION,
  grade: 'ORDINARY',
  fixedOnSpot: false,
  dueInDays: 7,
} as const;

/** A grid with a shop that was inspected. */
async function inspectedShop(): Promise<EventLog> {
  const log = emptyLog();
  await tell(log, {
    [`grid-${GRID}`]: [admitted],
    [`place-${PLACE}`]: [registered],
    [`inspection-${INSPECTION}`]: [inspected],
  });
  return log;
}

/** A log in which something else happens right before the first append. */
function interrupted(log: EventLog, by: () => Promise<unknown>): EventLog {
  let pending = true;
  return {
    ...log,
    append: async (commit) => {
      if (pending) {
        pending = false;
        await by();
      }
      return log.append(commit);
    },
  };
}

describe('a report of a hazard', () => {
  it('stands in the hazard’s stream and is named in the inspection, in one commit', async () => {
    const log = await inspectedShop();
    const { hazards } = openInspections(log);
    const outcome = await hazards.report(meta('report'), report);
    expect(outcome).toMatchObject({ status: 'done', position: 5 });
    const [first, second, third] = await log.read(3, 10);
    const { hazard, sealed } = first!.event as typeof found;
    expect([sealed.subject, unsealed(sealed)]).toEqual([hazard, { description: DESCRIPTION }]);
    expect([first, second, third].map((each) => each!.stream)).toEqual([
      `hazard-${hazard}`,
      `hazard-${hazard}`,
      `inspection-${INSPECTION}`,
    ]);
    expect(third!.event).toEqual({
      type: 'HazardNoted',
      inspection: INSPECTION,
      item: 'E1',
      hazard,
      at: NOW,
    });
    expect(await hazards.report(meta('report'), report)).toEqual(outcome);
    expect(await log.head()).toBe(6);
  });

  it('leaves nothing behind when it is refused', async () => {
    const log = await inspectedShop();
    const { hazards } = openInspections(log);
    const passing = await hazards.report(meta('report'), { ...report, item: 'M1' });
    expect(passing).toEqual(refuse('ItemNotFailed', { item: 'M1' }));
    const nowhere = await hazards.report(meta('report'), { ...report, inspection: id('b9') });
    expect(nowhere).toEqual(refuse('InspectionNotFound', { inspection: id('b9') }));
    expect(await log.head()).toBe(3);
  });

  it('that has read its grid before it was shut cannot commit there after that', async () => {
    const log = await inspectedShop();
    const shut = told('grid-registry', { ...closing, successors: [] });
    const slow = interrupted(log, () => openInspections(log).grids.closing(shut));
    const outcome = await openInspections(slow).hazards.report(meta('report'), report);
    expect(outcome).toEqual(refuse('GridClosed', { grid: GRID, successor: '—' }));
  });

  it('follows its place when that was moved meanwhile', async () => {
    const log = await inspectedShop();
    const shut = told('grid-registry', closing);
    const slow = interrupted(log, () => openInspections(log).grids.closing(shut));
    await openInspections(slow).hazards.report(meta('report'), report);
    const events = await eventsOf(log);
    expect(events.find(({ type }) => type === 'HazardFound')).toMatchObject({ grid: SUCCESSOR });
  });
});

describe('the commands of a hazard', () => {
  it('record what was decided, in its stream, at the time of the service', async () => {
    const log = emptyLog();
    await tell(log, { [`hazard-${HAZARD}`]: lives.found });
    const { hazards } = openInspections(log);
    const ids = { hazard: HAZARD };
    await hazards.grade(meta('1', id('e1')), { ...ids, grade: 'MAJOR', dueInDays: 3 });
    await hazards.rectify(meta('2', id('e2')), {
      ...ids,
      evidence: EVIDENCE,
      rectifier: RECTIFIER,
    });
    const ask = { ...ids, rechecker: COLLEAGUE };
    await hazards.recheck(meta('3', id('e3')), { ...ask, passed: false, dueInDays: 3 });
    await hazards.move(meta('4', id('e4')), { ...ids, to: SUCCESSOR });
    await hazards.rectify(meta('5', id('e5')), {
      ...ids,
      evidence: EVIDENCE,
      rectifier: RECTIFIER,
    });
    await hazards.recheck(meta('6', id('e6')), { ...ask, passed: true, dueInDays: null });
    const evidence = { evidence: EVIDENCE };
    const recheckDue = { ...recheckTerm.due, from: NOW, dueAt: '2026-03-12T16:00:00.000Z' };
    const rechecked = { type: 'RecheckTermSet', ...ids, due: recheckDue, at: NOW };
    const events = await eventsOf(log, 1);
    expect(events.filter(({ type }) => type === 'CalendarAdopted')).toHaveLength(1);
    expect(unsealed(events.filter(({ type }) => type !== 'CalendarAdopted'))).toEqual([
      { ...graded, grade: 'MAJOR', dueAt: failed.dueAt, at: NOW },
      { ...rectified, sealed: evidence, at: NOW },
      rechecked,
      failed,
      { type: 'HazardMoved', ...ids, from: GRID, to: SUCCESSOR, at: NOW },
      { ...rectified, sealed: evidence, at: NOW },
      rechecked,
      { type: 'HazardRecheckPassed', ...ids, at: NOW },
      { type: 'HazardClosed', ...ids, observation: null, fixedOnSpot: false, at: NOW },
    ]);
  });

  it('end it once, when two people recheck it at the same time', async () => {
    const log = emptyLog();
    await tell(log, { [`hazard-${HAZARD}`]: lives.rectified });
    const { hazards } = openInspections(log);
    const ask = { hazard: HAZARD, rechecker: COLLEAGUE, passed: true, dueInDays: null };
    const outcomes = await Promise.all(
      ['e1', 'e2'].map((last) => hazards.recheck(meta(last, id(last)), ask)),
    );
    expect(outcomes.filter((outcome) => isRefusal(outcome))).toEqual([
      refuse('HazardAlreadyClosed'),
    ]);
  });
});
