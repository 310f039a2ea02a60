import { type Calendar, chinaCalendar, dueAgain, type Due, dueOf } from '#libs/calendar';
import type { EventLog } from '#libs/event-log';
import { SteppedClock } from '#libs/scheduler';
import { consentTerm, DISPUTE, reported } from '../test/disputes.js';
import { emptyLog, eventsOf, openMediation, tell } from '../test/room.js';
import { disputesView } from './disputes.view.js';

const from = '2026-12-30T01:00:00.000Z';
const due = dueOf(
  { kind: 'WORKING_DAYS', days: 3, from, pauses: [], holidayShift: false },
  chinaCalendar,
);
const clock = new SteppedClock(Date.parse(from));

/** As the notice for 2027 might be; it comes with the next version of the program. */
const next: Calendar = {
  ...chinaCalendar,
  version: 2,
  source: 'chinese-days, a later one',
  publishedUntil: '2027-12-24',
  holidays: [
    ...chinaCalendar.holidays,
    { from: '2027-01-01', to: '2027-01-03', zh: '元旦', en: 'New Year’s Day' },
  ],
};

const openWith = (log: EventLog, calendar: Calendar) => openMediation(log, { clock, calendar });

async function logWith(): Promise<EventLog> {
  const log = emptyLog();
  const term = { ...consentTerm, due };
  await tell(log, { [`dispute-${DISPUTE}`]: [reported, term] });
  return log;
}
const adopted = async (log: EventLog) =>
  (await eventsOf(log)).filter(({ type }) => type === 'CalendarAdopted');
const corrected = async (log: EventLog) =>
  (await eventsOf(log)).filter(({ type }) => type === 'DisputeTermCorrected');

describe('the calendar of the program', () => {
  it('is adopted once, however often the service starts', async () => {
    const log = emptyLog();
    for (const { calendars } of [openWith(log, chinaCalendar), openWith(log, chinaCalendar)]) {
      await Promise.all([calendars.onApplicationBootstrap(), calendars.onApplicationBootstrap()]);
    }
    expect(await adopted(log)).toEqual([
      { type: 'CalendarAdopted', ...chinaCalendar, at: clock.now() },
    ]);
  });

  it('is adopted with the first decision by it, where nobody has done so', async () => {
    const log = await logWith();
    const { disputes } = openWith(log, next);
    const meta = { commandId: consentTerm.dispute, actor: 'spec', request: '' };
    await disputes.correctTerm(meta, { dispute: DISPUTE });
    const events = await eventsOf(log);
    expect(events.map(({ type }) => type).slice(2)).toEqual([
      'DisputeTermCorrected',
      'CalendarAdopted',
    ]);
  });

  it('that is older than the one adopted is not decided by, as while processes are updated', async () => {
    const log = await logWith();
    await openWith(log, next).calendars.adopt();
    const old = openWith(log, chinaCalendar);
    expect(await old.calendars.adopt()).toEqual(next);
    await old.correctTerms.tick();
    expect(await adopted(log)).toHaveLength(1);
    expect(await corrected(log)).toMatchObject([{ due: { calendarVersion: 2 } }]);
  });
});

describe('a time that is provisional', () => {
  it('stays so while no newer calendar is adopted', async () => {
    const log = await logWith();
    expect(await openWith(log, chinaCalendar).correctTerms.tick()).toBeUndefined();
    expect(await corrected(log)).toEqual([]);
  });

  it('is corrected once by the calendar that publishes it, with what it was and why', async () => {
    const log = await logWith();
    await openWith(log, chinaCalendar).correctTerms.tick();
    const { correctTerms, views } = openWith(log, next);
    await Promise.all([correctTerms.tick(), openWith(log, next).correctTerms.tick()]);
    await correctTerms.tick();
    expect(await corrected(log)).toEqual([
      {
        type: 'DisputeTermCorrected',
        dispute: DISPUTE,
        at: clock.now(),
        term: 'CONSENT',
        reason: 'CALENDAR_ADOPTED',
        was: '2027-01-04T16:00:00.000Z',
        due: dueAgain(due, next),
      },
    ]);
    const row = await views.get(disputesView, DISPUTE);
    expect(row).toMatchObject({ provisional: false, waitsUntil: '2027-01-05T16:00:00.000Z' });
  });

  it('is recomputed by an auditor from the log alone, to the same end', async () => {
    const log = await logWith();
    await openWith(log, chinaCalendar).calendars.adopt();
    await openWith(log, next).correctTerms.tick();
    const events = await eventsOf(log);
    const calendars = new Map(
      events.flatMap((event) => {
        if (event.type !== 'CalendarAdopted') return [];
        const calendar = event as unknown as Calendar;
        return [[calendar.version, calendar] as const];
      }),
    );
    const dues = events.flatMap((event) => ('due' in event ? [event.due as Due] : []));
    expect(dues).toHaveLength(2);
    for (const each of dues) {
      const calendar = calendars.get(each.calendarVersion ?? 0);
      expect(calendar && dueAgain(each, calendar)).toEqual(each);
    }
  });
});
