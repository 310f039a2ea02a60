import { given, refuse } from '#libs/event';
import {
  closed,
  DUE,
  fixed,
  found,
  graded,
  GRID,
  HAZARD,
  INSPECTION,
  inspected,
  lives,
  OBSERVATION,
  observed,
  openGrid,
  PLACE,
  placeClosed,
  placeMoved,
  registered,
  shutGrid,
  SUCCESSOR,
  THIRD,
  VOLUNTEER,
} from '../test/hazards.js';
import { findHazard, gradeHazard, reportHazard } from './hazard.finding.js';
import { hazards } from './hazard.js';
import { inspections } from './inspection.js';
import { places } from './place.js';

const visit = {
  inspection: given(inspections, [inspected]).state,
  place: given(places, [registered]).state,
  grid: openGrid,
};
const report = {
  hazard: HAZARD,
  inspection: INSPECTION,
  item: 'E1',
  sealed: found.sealed,
  grade: 'ORDINARY' as const,
  fixedOnSpot: false,
  dueInDays: 7 as number | null,
  at: found.at,
};
const onSpot = { ...report, fixedOnSpot: true, dueInDays: null };
const reported = (command: Parameters<typeof reportHazard>[0], seen = visit) =>
  given(hazards, []).when(reportHazard, command, seen);

describe('reporting a hazard that an inspection found', () => {
  it('sets a time limit that ends with its last day in Shanghai', () => {
    const { then, state } = reported(report);
    expect(then).toEqual([found, graded]);
    expect(state).toMatchObject({ status: 'noticed', dueAt: DUE, overdue: false, grid: GRID });
  });

  it('closes it at once when it was put right on the spot', () => {
    const { then, state } = reported(onSpot);
    expect(then).toEqual([found, fixed, { ...closed, at: found.at, fixedOnSpot: true }]);
    expect(state).toMatchObject({ status: 'closed' });
  });

  it('names who inspected as its finder, and the grid in which the place is by then', () => {
    const place = given(places, [registered, placeMoved]).state;
    expect(reported(report, { ...visit, place }).then).toMatchObject([
      { finder: inspected.inspector, grid: SUCCESSOR },
      {},
    ]);
  });

  it('is refused for an item that passed, and for one that was not on the checklist', () => {
    for (const item of ['M1', 'Q5']) {
      expect(reported({ ...report, item }).then).toEqual(refuse('ItemNotFailed', { item }));
    }
  });

  it('does not let a major hazard be put right on the spot', () => {
    expect(reported({ ...onSpot, grade: 'MAJOR' }).then).toEqual(refuse('MajorNotOnSpot'));
    const limited = reported({ ...report, grade: 'MAJOR' });
    expect(limited.then).toEqual([found, { ...graded, grade: 'MAJOR' }]);
  });

  it('takes either of the two: put right, or a time limit', () => {
    expect(reported({ ...report, dueInDays: null }).then).toEqual(refuse('TimeLimitMissing'));
    expect(reported({ ...onSpot, dueInDays: 7 }).then).toEqual(refuse('TimeLimitNotNeeded'));
  });

  it('is refused without its inspection, and for a place that is closed', () => {
    expect(reported(report, { ...visit, inspection: { status: 'none' } as never }).then).toEqual(
      refuse('InspectionNotFound', { inspection: INSPECTION }),
    );
    const place = given(places, [registered, placeClosed]).state;
    expect(reported(report, { ...visit, place }).then).toEqual(
      refuse('PlaceAlreadyClosed', { place: PLACE }),
    );
  });

  it('is refused in a grid that is being closed', () => {
    expect(reported(report, { ...visit, grid: shutGrid as never }).then).toEqual(
      refuse('GridClosed', { grid: GRID, successor: SUCCESSOR }),
    );
  });

  it('records nothing when it is repeated, whatever has become of the hazard', () => {
    for (const events of Object.values(lives).slice(1)) {
      expect(given(hazards, events).when(reportHazard, report, visit).then).toEqual([]);
    }
  });
});

describe('finding a hazard in an observation', () => {
  const find = {
    hazard: HAZARD,
    observation: OBSERVATION,
    grid: GRID,
    finder: VOLUNTEER,
    successors: [],
    at: observed.at,
  };

  it('waits for its grade', () => {
    const hazard = given(hazards, []).when(findHazard, find);
    expect(hazard.then).toEqual([observed]);
    expect(hazard.state).toMatchObject({ status: 'found', observation: OBSERVATION });
  });

  it('goes along with the work of a grid that was closed, step by step', () => {
    const ask = { ...find, successors: [SUCCESSOR, THIRD] };
    const hazard = given(hazards, []).when(findHazard, ask);
    const move = { type: 'HazardMoved', hazard: HAZARD, at: observed.at };
    expect(hazard.then).toEqual([
      observed,
      { ...move, from: GRID, to: SUCCESSOR },
      { ...move, from: SUCCESSOR, to: THIRD },
    ]);
    expect(hazard.state).toMatchObject({ status: 'found', grid: THIRD });
  });

  it('happens once', () => {
    expect(given(hazards, [observed]).when(findHazard, find).then).toEqual([]);
  });
});

describe('grading a hazard', () => {
  const grade = { hazard: HAZARD, grade: 'ORDINARY' as const, dueInDays: 7, at: graded.at };

  it('sets its time limit', () => {
    const hazard = given(hazards, [observed]).when(gradeHazard, grade);
    expect(hazard.then).toEqual([graded]);
    expect(hazard.state).toMatchObject({ status: 'noticed', grade: 'ORDINARY', dueAt: DUE });
  });

  it('counts whole days after the day on which it was graded', () => {
    const days = (dueInDays: number, at: string) =>
      given(hazards, [observed]).when(gradeHazard, { ...grade, dueInDays, at }).then;
    const lastMoment = '2026-03-02T15:59:59.999Z';
    const midnight = '2026-03-02T16:00:00.000Z';
    expect(days(7, lastMoment)).toMatchObject([{ dueAt: DUE }]);
    expect(days(7, midnight)).toMatchObject([{ dueAt: '2026-03-10T16:00:00.000Z' }]);
    expect(days(1, midnight)).toMatchObject([{ dueAt: '2026-03-04T16:00:00.000Z' }]);
  });

  it('records nothing when it is repeated, and is refused with another grade or limit', () => {
    const hazard = given(hazards, lives.noticed);
    expect(hazard.when(gradeHazard, grade).then).toEqual([]);
    for (const other of [{ grade: 'MAJOR' as const }, { dueInDays: 8 }]) {
      const again = hazard.when(gradeHazard, { ...grade, ...other });
      expect(again.then).toEqual(refuse('HazardAlreadyGraded'));
    }
  });

  it.each([
    ['nobody has found', lives.none, refuse('HazardNotFound', { hazard: HAZARD })],
    ['was rectified', lives.rectified, refuse('HazardAlreadyGraded')],
    ['is closed', lives.closed, refuse('HazardAlreadyClosed')],
  ])('is refused for a hazard that %s', (_, events, refusal) => {
    expect(given(hazards, events).when(gradeHazard, grade).then).toEqual(refusal);
  });
});
