import { given, refuse } from '#libs/event';
import {
  followed,
  GRID,
  HAZARD,
  id,
  LIN,
  MEI,
  moved,
  noted,
  lives,
  OBSERVATION,
  shiftAt,
  SUCCESSOR,
} from '../test/patrols.js';
import { followObservation, noteObservation, observations } from './observation.js';
import { shifts } from './shift.js';

const { type: _noted, grid: _, ...facts } = noted;
const note = { ...facts, volunteer: LIN };

describe('noting an observation', () => {
  const on = (status: keyof typeof lives, volunteer = LIN) =>
    given(observations, []).when(noteObservation, { ...note, volunteer }, shiftAt(status)).then;

  it('records a place and a fact, while checked in, and not by whom', () => {
    expect(on('checkedIn')).toEqual([noted]);
    expect(noted.grid).toBe(GRID);
  });

  it('names the grid in which the shift is by now', () => {
    const shift = given(shifts, [...lives.checkedIn, moved]).state;
    const observation = given(observations, []).when(noteObservation, note, shift);
    expect(observation.then).toEqual([{ ...noted, grid: SUCCESSOR }]);
  });

  it('is refused before the check-in and after the check-out', () => {
    for (const status of ['claimed', 'checkedOut', 'confirmed'] as const) {
      expect(on(status)).toEqual(refuse('ShiftNotCheckedIn'));
    }
  });

  it('is refused on the shift of another, of nobody, on one that is cancelled or not there', () => {
    expect(on('checkedIn', MEI)).toEqual(refuse('NotYourShift'));
    expect(on('published')).toEqual(refuse('ShiftNotClaimed'));
    expect(on('cancelled')).toEqual(refuse('ShiftCancelled'));
    expect(on('none')).toEqual(refuse('ShiftNotFound', { shift: note.shift }));
  });

  it('happens once', () => {
    const observation = given(observations, [noted]);
    expect(observation.when(noteObservation, note, shiftAt('checkedIn')).then).toEqual([]);
  });
});

describe('what becomes of an observation', () => {
  const { type: _, ...found } = followed;
  const closed = { ...found, status: 'CLOSED' } as const;

  it('is the hazard that was found from it, and that it was closed', () => {
    const observation = given(observations, [noted]).when(followObservation, found);
    expect(observation.then).toEqual([followed]);
    expect(observation.state).toEqual({ status: 'found', hazard: HAZARD });
    const after = observation.when(followObservation, closed);
    expect(after.then).toEqual([{ ...followed, status: 'CLOSED' }]);
    expect(after.state).toEqual({ status: 'closed', hazard: HAZARD });
  });

  it('is recorded once', () => {
    const observation = given(observations, [noted, followed]);
    expect(observation.when(followObservation, found).then).toEqual([]);
    const ended = observation.when(followObservation, closed);
    expect(ended.when(followObservation, closed).then).toEqual([]);
    expect(ended.when(followObservation, found).then).toEqual([]);
  });

  it('is what became of the first hazard: another one changes nothing', () => {
    const observation = given(observations, [noted, followed]);
    for (const command of [found, closed]) {
      const another = observation.when(followObservation, { ...command, hazard: id('b9') });
      expect(another.then).toEqual([]);
    }
  });

  it('is recorded of our own observations only', () => {
    expect(given(observations, []).when(followObservation, found).then).toEqual([]);
    expect(found.observation).toBe(OBSERVATION);
  });
});
