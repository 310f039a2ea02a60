import { chinaCalendar } from '#libs/calendar';
import { given, refuse } from '#libs/event';
import {
  closed,
  COLLEAGUE,
  DUE,
  failed,
  graded,
  GRID,
  HAZARD,
  INSPECTOR,
  RECTIFIER,
  lives,
  moved,
  NOW,
  OBSERVATION,
  observed,
  overdue,
  passed,
  recheckTerm,
  rectified,
  SUCCESSOR,
  VOLUNTEER,
} from '../test/hazards.js';
import { hazards } from './hazard.js';
import { markOverdue, moveHazard, recheckHazard, rectifyHazard } from './hazard.rectification.js';

const { type: _, ...put } = rectified;
const rectify = { ...put, recheckDays: 3 };
const recheck = {
  hazard: HAZARD,
  rechecker: COLLEAGUE,
  passed: true,
  dueInDays: null as number | null,
  at: NOW,
};
const again = { ...recheck, passed: false, dueInDays: 3 };

describe('rectifying a hazard', () => {
  it('keeps what shows it, and waits for the recheck', () => {
    const hazard = given(hazards, lives.noticed).when(rectifyHazard, rectify, chinaCalendar);
    expect(hazard.then).toEqual([rectified, recheckTerm]);
    expect(hazard.state).toMatchObject({ status: 'rectified', grade: 'ORDINARY', dueAt: DUE });
  });

  it('is never too late', () => {
    const hazard = given(hazards, [...lives.noticed, overdue]).when(
      rectifyHazard,
      rectify,
      chinaCalendar,
    );
    expect(hazard.state).toMatchObject({ status: 'rectified', overdue: true });
  });

  it('is refused once more, with whatever evidence: a repeat has the same command id', () => {
    const again = given(hazards, lives.rectified).when(rectifyHazard, rectify, chinaCalendar);
    expect(again.then).toEqual(refuse('HazardAlreadyRectified'));
  });

  it.each([
    ['nobody has found', lives.none, refuse('HazardNotFound', { hazard: HAZARD })],
    ['is not graded', lives.found, refuse('HazardNotGraded')],
    ['is closed', lives.closed, refuse('HazardAlreadyClosed')],
  ])('is refused for a hazard that %s', (_, events, refusal) => {
    expect(given(hazards, events).when(rectifyHazard, rectify, chinaCalendar).then).toEqual(
      refusal,
    );
  });
});

describe('rechecking a hazard', () => {
  it('closes what is right', () => {
    const hazard = given(hazards, lives.rectified).when(recheckHazard, recheck);
    expect(hazard.then).toEqual([passed, closed]);
    expect(hazard.state).toMatchObject({ status: 'closed' });
  });

  it('tells of which observation it came, so that the volunteer hears of it', () => {
    const events = [observed, graded, rectified];
    const hazard = given(hazards, events).when(recheckHazard, recheck);
    expect(hazard.then).toEqual([passed, { ...closed, observation: OBSERVATION }]);
  });

  it('gives what is not right a new time limit, and it may be rectified again', () => {
    const hazard = given(hazards, [...lives.noticed, overdue, rectified]);
    const { then, state, when } = hazard.when(recheckHazard, again);
    expect(then).toEqual([failed]);
    expect(state).toMatchObject({ status: 'noticed', dueAt: failed.dueAt, overdue: false });
    expect(when(rectifyHazard, rectify, chinaCalendar).then).toEqual([rectified, recheckTerm]);
  });

  it.each([
    ['an inspection', lives.rectified, INSPECTOR],
    ['a patrol', [observed, graded, rectified], VOLUNTEER],
  ])('is refused to its finder: %s', (_, events, rechecker) => {
    for (const command of [recheck, again]) {
      const hazard = given(hazards, events).when(recheckHazard, { ...command, rechecker });
      expect(hazard.then).toEqual(refuse('RecheckByFinder'));
    }
  });

  it('is refused to who recorded the rectification', () => {
    const hazard = given(hazards, lives.rectified);
    for (const command of [recheck, again]) {
      const { then } = hazard.when(recheckHazard, { ...command, rechecker: RECTIFIER });
      expect(then).toEqual(refuse('RecheckByRectifier'));
    }
  });

  it('needs a time limit for what is not right, and none for what is', () => {
    const hazard = given(hazards, lives.rectified);
    const without = hazard.when(recheckHazard, { ...again, dueInDays: null });
    expect(without.then).toEqual(refuse('TimeLimitMissing'));
    const needless = hazard.when(recheckHazard, { ...recheck, dueInDays: 3 });
    expect(needless.then).toEqual(refuse('TimeLimitNotNeeded'));
  });

  it.each([
    ['nobody has found', lives.none, refuse('HazardNotFound', { hazard: HAZARD })],
    ['is not graded', lives.found, refuse('HazardNotGraded')],
    ['is not rectified', lives.noticed, refuse('HazardNotRectified')],
    ['is closed, for one by the recheck before', lives.closed, refuse('HazardAlreadyClosed')],
  ])('is refused for a hazard that %s', (_, events, refusal) => {
    expect(given(hazards, events).when(recheckHazard, recheck).then).toEqual(refusal);
  });
});

describe('marking a hazard as overdue', () => {
  const mark = { hazard: HAZARD, dueAt: DUE, at: DUE };
  const marked = (events: readonly Parameters<typeof hazards.evolve>[1][], command = mark) =>
    given(hazards, events).when(markOverdue, command).then;

  it('is done from the first moment after its time', () => {
    expect(marked(lives.noticed)).toEqual([overdue]);
    expect(marked(lives.noticed, { ...mark, at: '2026-03-09T15:59:59.999Z' })).toEqual([]);
  });

  it('is done once', () => {
    expect(marked([...lives.noticed, overdue])).toEqual([]);
  });

  it('is not done of an earlier time limit once there is a new one', () => {
    expect(marked([...lives.rectified, failed])).toEqual([]);
    const late = { ...mark, dueAt: failed.dueAt, at: failed.dueAt };
    expect(marked([...lives.rectified, failed], late)).toEqual([
      { ...overdue, dueAt: failed.dueAt, at: failed.dueAt },
    ]);
  });

  it.each(['none', 'found', 'rectified', 'closed'] as const)(
    'is not done of a hazard without a running time limit: %s',
    (status) => expect(marked(lives[status])).toEqual([]),
  );
});

describe('moving a hazard to another grid', () => {
  const move = { hazard: HAZARD, to: SUCCESSOR, at: moved.at };

  it.each(['found', 'noticed', 'rectified'] as const)(
    'names the grid that it left, and changes nothing else: %s',
    (status) => {
      const hazard = given(hazards, lives[status]).when(moveHazard, move);
      expect(hazard.then).toEqual([{ ...moved, from: GRID }]);
      expect(hazard.state).toEqual({ ...given(hazards, lives[status]).state, grid: SUCCESSOR });
      expect(hazard.when(moveHazard, move).then).toEqual([]);
    },
  );

  it('leaves alone what is closed, or was never there', () => {
    for (const events of [lives.none, lives.closed]) {
      expect(given(hazards, events).when(moveHazard, move).then).toEqual([]);
    }
  });
});

it('no hazard is told of before it is found', () => {
  expect(() => given(hazards, [graded])).toThrow('before the finding');
});
