import { type Calendar, chinaCalendar, dueAgain, dueOf } from '#libs/calendar';
import type { DomainEvent } from '#libs/event';
import type { EventLog } from '#libs/event-log';
import { SimulatedScheduler } from '#libs/scheduler';
import { HAZARD, lives, RECHECK_DUE, recheckTerm } from '../test/hazards.js';
import { clockAt, emptyLog, eventsOf, openInspections, tell } from '../test/room.js';
import type { HazardEvent } from './hazard.events.js';
import { hazardsView } from './hazards.view.js';

const SECOND = 1000;
const DAY = 86_400 * SECOND;

async function logWith(events: readonly DomainEvent[] = lives.rectified): Promise<EventLog> {
  const log = emptyLog();
  await tell(log, { [`hazard-${HAZARD}`]: events });
  return log;
}
const timeAt = (ms: number) => new SimulatedScheduler(Date.parse(RECHECK_DUE) + ms, () => 0.5);
const marksIn = async (log: EventLog) =>
  (await eventsOf(log)).filter(({ type }) => type === 'RecheckTermPassed');

describe('when nobody rechecks in three working days', () => {
  it('that is recorded once, at that very moment and not before', async () => {
    const log = await logWith();
    const clock = timeAt(-5 * SECOND);
    openInspections(log, clock).markLate.onApplicationBootstrap();
    await clock.pass(5 * SECOND - 1);
    expect(await marksIn(log)).toEqual([]);
    await clock.pass(20 * SECOND);
    const late = { type: 'RecheckTermPassed', hazard: HAZARD, dueAt: RECHECK_DUE, at: RECHECK_DUE };
    expect(await marksIn(log)).toEqual([late]);
  });

  it('it can be listed, and rechecked as before', async () => {
    const log = await logWith();
    const { markLate, views } = openInspections(log, timeAt(0));
    await markLate.tick();
    const list = { equals: { recheckLate: true }, orderBy: ['foundAt', 'id'], limit: 10 } as const;
    const [row] = await views.find(hazardsView, list);
    expect(row).toMatchObject({ id: HAZARD, status: 'RECTIFIED', rechecking: false });
    await tell(log, { [`hazard-${HAZARD}`]: lives.closed.slice(-2) });
    expect(await views.find(hazardsView, list)).toEqual([]);
  });

  it('nothing is recorded of a hazard that was rechecked in time', async () => {
    const log = await logWith(lives.closed);
    expect(await openInspections(log, timeAt(DAY)).markLate.tick()).toBeUndefined();
    expect(await marksIn(log)).toEqual([]);
  });

  it('that is recorded once after a month without a process, by two of them', async () => {
    const log = await logWith();
    const clock = timeAt(30 * DAY);
    for (const { markLate } of [openInspections(log, clock), openInspections(log, clock)]) {
      markLate.onApplicationBootstrap();
    }
    await clock.pass(10 * SECOND);
    expect(await marksIn(log)).toHaveLength(1);
  });
});

it('a time that is provisional is corrected once by the calendar that publishes it', async () => {
  const from = '2026-12-30T01:00:00.000Z';
  const term = { kind: 'WORKING_DAYS', days: 3, from, pauses: [], holidayShift: false } as const;
  const next: Calendar = {
    ...chinaCalendar,
    version: 2,
    publishedUntil: '2027-12-24',
    holidays: [{ from: '2027-01-01', to: '2027-01-03', zh: '元旦', en: 'New Year’s Day' }],
  };
  const due = dueOf(term, chinaCalendar);
  const provisional: HazardEvent = { ...recheckTerm, due };
  const log = await logWith([...lives.rectified.slice(0, -1), provisional]);
  const corrections = async () =>
    (await eventsOf(log)).filter(({ type }) => type === 'RecheckTermCorrected');
  await openInspections(log, clockAt(from)).correct.tick();
  expect(await corrections()).toEqual([]);
  const { correct, views } = openInspections(log, clockAt(from), next);
  await Promise.all([correct.tick(), correct.tick()]);
  expect(await corrections()).toMatchObject([{ was: due.dueAt, due: dueAgain(due, next) }]);
  const row = await views.get(hazardsView, HAZARD);
  expect(row).toMatchObject({ provisional: false, recheckBy: '2027-01-05T16:00:00.000Z' });
});
