import { type Calendar, chinaCalendar, dueOf } from '#libs/calendar';
import { given, refuse } from '#libs/event';
import {
  CHEN,
  closedLives,
  CONSENT_DUE,
  consentTerm,
  DISPUTE,
  lives,
  MEDIATION_DUE,
  mediationDue,
  STRANGER,
  ZHANG,
} from '../test/disputes.js';
import type { DisputeEvent } from './dispute.events.js';
import { disputes } from './dispute.js';
import { correctTerm, extendTerm, markTermPassed, pauseTerm, resumeTerm } from './dispute.term.js';

const at = '2026-03-10T02:00:00.000Z';
const both = { dispute: DISPUTE, agreedBy: [ZHANG, CHEN], at };
const extend = { ...both, days: 45 };
const resume = { dispute: DISPUTE, at: '2026-03-13T02:00:00.000Z' };
const passed = {
  dispute: DISPUTE,
  term: 'MEDIATION',
  dueAt: MEDIATION_DUE,
  at: MEDIATION_DUE,
} as const;
const termPassed = { type: 'DisputeTermPassed', ...passed } satisfies DisputeEvent;
const openLives = [lives.accepted, lives.assigned, lives.mediating];

const running = () => given(disputes, lives.mediating);
const paused = () => running().when(pauseTerm, both, chinaCalendar);

describe('extending the time to mediate in', () => {
  it('counts the days in all from the same day as before, and keeps who agreed', () => {
    for (const events of openLives) {
      const { then } = given(disputes, events).when(extendTerm, extend, chinaCalendar);
      const { dispute, agreedBy } = extend;
      const due = { ...mediationDue, days: 45, dueAt: '2026-04-17T16:00:00.000Z' };
      expect(then).toEqual([{ type: 'DisputeTermExtended', dispute, agreedBy, at, due }]);
    }
  });

  it('happens once', () => {
    const dispute = running().when(extendTerm, extend, chinaCalendar);
    expect(dispute.when(extendTerm, extend, chinaCalendar).then).toEqual([]);
  });

  it('needs every party, and parties only', () => {
    const one = running().when(extendTerm, { ...extend, agreedBy: [ZHANG] }, chinaCalendar);
    expect(one.then).toEqual(refuse('TermNotAgreed'));
    const agreedBy = [ZHANG, CHEN, STRANGER];
    const more = running().when(extendTerm, { ...extend, agreedBy }, chinaCalendar);
    expect(more.then).toEqual(refuse('PartyNotFound', { party: STRANGER }));
  });

  it('makes it no shorter', () => {
    const shorter = running().when(extendTerm, { ...extend, days: 20 }, chinaCalendar);
    expect(shorter.then).toEqual(refuse('TermNotLonger', { days: 30 }));
  });

  it('is open to the parties also after it has passed, to a day that is still to come', () => {
    const late = { ...extend, at: '2026-04-10T02:00:00.000Z' };
    const dispute = given(disputes, [...lives.mediating, termPassed]);
    const longer = dispute.when(extendTerm, late, chinaCalendar);
    expect(longer.state).toMatchObject({ term: { passed: false } });
    const tooShort = dispute.when(extendTerm, { ...late, days: 35 }, chinaCalendar);
    expect(tooShort.then).toEqual(refuse('TermPassed'));
  });
});

describe('pausing the time to mediate in', () => {
  it('lets it stand until it is resumed', () => {
    const dispute = paused();
    expect(dispute.then).toMatchObject([{ type: 'DisputeTermPaused', due: { dueAt: null } }]);
    expect(dispute.when(markTermPassed, passed).then).toEqual([]);
  });

  it('happens once', () => {
    expect(paused().when(pauseTerm, both, chinaCalendar).then).toEqual([]);
  });

  it('needs every party', () => {
    const one = running().when(pauseTerm, { ...both, agreedBy: [CHEN] }, chinaCalendar);
    expect(one.then).toEqual(refuse('TermNotAgreed'));
  });

  it('is too late once it has passed, whether that is recorded or not', () => {
    const late = { ...both, at: MEDIATION_DUE };
    expect(running().when(pauseTerm, late, chinaCalendar).then).toEqual(refuse('TermPassed'));
    const marked = given(disputes, [...lives.mediating, termPassed]);
    expect(marked.when(pauseTerm, late, chinaCalendar).then).toEqual(refuse('TermPassed'));
  });
});

describe('resuming it', () => {
  it('gives back each day in which it stood', () => {
    const dispute = paused().when(resumeTerm, resume, chinaCalendar);
    const pauses = [{ from: both.at, to: resume.at }];
    // 10 to 13 March are four days: the last is 6 April, a holiday, so Tuesday the 7th.
    const due = {
      ...mediationDue,
      pauses,
      dueAt: '2026-04-07T16:00:00.000Z',
      shiftedFrom: '2026-04-06',
    };
    expect(dispute.then).toEqual([{ type: 'DisputeTermResumed', ...resume, due }]);
  });

  it('does nothing to a time that runs', () => {
    expect(running().when(resumeTerm, resume, chinaCalendar).then).toEqual([]);
  });
});

describe('extending, pausing and resuming', () => {
  const commands = [
    (events: readonly DisputeEvent[]) =>
      given(disputes, events).when(extendTerm, extend, chinaCalendar).then,
    (events: readonly DisputeEvent[]) =>
      given(disputes, events).when(pauseTerm, both, chinaCalendar).then,
    (events: readonly DisputeEvent[]) =>
      given(disputes, events).when(resumeTerm, resume, chinaCalendar).then,
  ];

  it('need a dispute that was reported, and that every party has agreed to mediate', () => {
    for (const decided of commands) {
      expect(decided([])).toEqual(refuse('DisputeNotFound', { dispute: DISPUTE }));
      expect(decided(lives.consentPending)).toEqual(refuse('DisputeNotAccepted'));
    }
  });

  it.each(closedLives)('are refused when the dispute %s', (_, events, code) => {
    for (const decided of commands) expect(decided(events)).toEqual(refuse(code));
  });
});

describe('a time that passes', () => {
  it('is recorded, and ends nothing', () => {
    const dispute = running().when(markTermPassed, passed);
    expect(dispute.then).toEqual([termPassed]);
    expect(dispute.state).toMatchObject({ status: 'mediating', term: { passed: true } });
  });

  it('is recorded once', () => {
    const dispute = running().when(markTermPassed, passed);
    expect(dispute.when(markTermPassed, passed).then).toEqual([]);
  });

  it('is no fact before it has passed, or of another time than the one that runs', () => {
    const early = { ...passed, at: '2026-04-02T15:59:59.999Z' };
    const other = { ...passed, dueAt: CONSENT_DUE };
    const answer = { ...passed, term: 'CONSENT' } as const;
    for (const command of [early, other, answer]) {
      expect(running().when(markTermPassed, command).then).toEqual([]);
    }
  });

  it.each(['none', 'notAccepted', 'settled', 'terminated'] as const)(
    'is nothing to a dispute that is %s',
    (status) => {
      expect(given(disputes, lives[status]).when(markTermPassed, passed).then).toEqual([]);
    },
  );

  it('may be the time to answer in, and consent counts after it as before', () => {
    const answer = { ...passed, term: 'CONSENT', dueAt: CONSENT_DUE, at: CONSENT_DUE } as const;
    const dispute = given(disputes, lives.consentPending).when(markTermPassed, answer);
    expect(dispute.state).toMatchObject({ status: 'consentPending', term: { passed: true } });
  });
});

describe('a newer calendar', () => {
  const from = '2026-12-30T01:00:00.000Z';
  const term = { kind: 'WORKING_DAYS', days: 3, from, pauses: [], holidayShift: false } as const;
  const provisional = { ...consentTerm, due: dueOf(term, chinaCalendar) };
  const next: Calendar = {
    ...chinaCalendar,
    version: 2,
    publishedUntil: '2027-12-24',
    holidays: [{ from: '2027-01-01', to: '2027-01-03', zh: '元旦', en: 'New Year’s Day' }],
  };
  const correct = { dispute: DISPUTE, at };
  const atRisk = () => given(disputes, [...lives.consentPending, provisional]);

  it('corrects what was provisional, and says what it was and why', () => {
    expect(atRisk().when(correctTerm, correct, next).then).toEqual([
      {
        type: 'DisputeTermCorrected',
        ...correct,
        term: 'CONSENT',
        reason: 'CALENDAR_ADOPTED',
        was: '2027-01-04T16:00:00.000Z',
        due: dueOf(term, next),
      },
    ]);
    expect(dueOf(term, next).dueAt).toBe('2027-01-05T16:00:00.000Z');
  });

  it('corrects it once', () => {
    const dispute = atRisk().when(correctTerm, correct, next);
    expect(dispute.when(correctTerm, correct, next).then).toEqual([]);
    expect(atRisk().when(correctTerm, correct, chinaCalendar).then).toEqual([]);
  });

  it('changes nothing that was certain, that has passed or that is closed', () => {
    expect(running().when(correctTerm, correct, next).then).toEqual([]);
    const { dueAt } = provisional.due;
    const late = { type: 'DisputeTermPassed', dispute: DISPUTE, term: 'CONSENT', at } as const;
    const marked = [...lives.consentPending, provisional, { ...late, dueAt: dueAt! }];
    expect(given(disputes, marked).when(correctTerm, correct, next).then).toEqual([]);
    expect(given(disputes, lives.settled).when(correctTerm, correct, next).then).toEqual([]);
  });
});

it('a dispute of before times were recorded has the time that was told then', () => {
  const old = lives.mediating.filter(({ type }) => type !== 'DisputeTermSet');
  expect(given(disputes, old).state).toMatchObject({
    term: {
      name: 'MEDIATION',
      passed: false,
      due: { dueAt: MEDIATION_DUE, calendarVersion: null },
    },
  });
});
