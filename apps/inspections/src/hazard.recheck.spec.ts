import { type Calendar, chinaCalendar, dueOf } from '#libs/calendar';
import { given } from '#libs/event';
import { HAZARD, lives, RECHECK_DUE, recheckTerm } from '../test/hazards.js';
import type { HazardEvent } from './hazard.events.js';
import { hazards } from './hazard.js';
import { correctRecheck, markRecheckLate } from './hazard.recheck.js';

const mark = { hazard: HAZARD, dueAt: RECHECK_DUE, at: RECHECK_DUE };
const late = { type: 'RecheckTermPassed', ...mark } satisfies HazardEvent;
const others = ['none', 'found', 'noticed', 'closed'] as const;

describe('a recheck that is late', () => {
  it('is recorded, and can still be done', () => {
    const hazard = given(hazards, lives.rectified).when(markRecheckLate, mark);
    expect(hazard.then).toEqual([late]);
    expect(hazard.state).toMatchObject({ status: 'rectified', recheck: { passed: true } });
  });

  it('is recorded once', () => {
    const hazard = given(hazards, [...lives.rectified, late]);
    expect(hazard.when(markRecheckLate, mark).then).toEqual([]);
  });

  it('is no fact before its time has passed, or of another time than the one that runs', () => {
    const early = { ...mark, at: '2026-03-11T15:59:59.999Z' };
    const other = { ...mark, dueAt: '2026-03-10T16:00:00.000Z' };
    for (const command of [early, other]) {
      expect(given(hazards, lives.rectified).when(markRecheckLate, command).then).toEqual([]);
    }
  });

  it.each(others)('is nothing to a hazard that is %s', (status) => {
    expect(given(hazards, lives[status]).when(markRecheckLate, mark).then).toEqual([]);
  });
});

describe('a newer calendar', () => {
  const from = '2026-12-30T01:00:00.000Z';
  const term = { kind: 'WORKING_DAYS', days: 3, from, pauses: [], holidayShift: false } as const;
  const provisional = { ...recheckTerm, due: dueOf(term, chinaCalendar) };
  const next: Calendar = {
    ...chinaCalendar,
    version: 2,
    publishedUntil: '2027-12-24',
    holidays: [{ from: '2027-01-01', to: '2027-01-03', zh: '元旦', en: 'New Year’s Day' }],
  };
  const correct = { hazard: HAZARD, at: from };
  const atRisk = () => given(hazards, [...lives.rectified, provisional]);

  it('corrects what was provisional, once, and says what it was and why', () => {
    const hazard = atRisk().when(correctRecheck, correct, next);
    const was = '2027-01-04T16:00:00.000Z';
    const due = dueOf(term, next);
    expect(hazard.then).toEqual([
      { type: 'RecheckTermCorrected', ...correct, reason: 'CALENDAR_ADOPTED', was, due },
    ]);
    expect(hazard.when(correctRecheck, correct, next).then).toEqual([]);
    expect(atRisk().when(correctRecheck, correct, chinaCalendar).then).toEqual([]);
  });

  it('changes nothing that was certain, has passed or does not run', () => {
    expect(given(hazards, lives.rectified).when(correctRecheck, correct, next).then).toEqual([]);
    const marked = given(hazards, [...lives.rectified, provisional, late]);
    expect(marked.when(correctRecheck, correct, next).then).toEqual([]);
    for (const status of others) {
      expect(given(hazards, lives[status]).when(correctRecheck, correct, next).then).toEqual([]);
    }
  });
});
