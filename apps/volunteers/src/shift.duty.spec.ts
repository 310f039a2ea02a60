import { given, refuse } from '#libs/event';
import {
  cancelled,
  checkedIn,
  checkedOut,
  claimed,
  confirmed,
  LIN,
  lives,
  local,
  MEI,
  published,
  SHIFT,
} from '../test/patrols.js';
import { checkIn, checkOut, confirmHours } from './shift.duty.js';
import { shifts } from './shift.js';

const by = (at: string, volunteer = LIN) => ({ shift: SHIFT, volunteer, at });
const notFound = refuse('ShiftNotFound', { shift: SHIFT });

describe('checking in', () => {
  const at = (time: string, volunteer = LIN) =>
    given(shifts, lives.claimed).when(checkIn, by(time, volunteer)).then;

  it('begins the shift, from 30 minutes before its start until its end', () => {
    expect(at(local(17, 45))).toEqual([checkedIn]);
    expect(at(local(17, 30))).toHaveLength(1);
    expect(at(local(19, 59))).toHaveLength(1);
  });

  it('is refused before and after that', () => {
    expect(at(local(17, 29))).toEqual(refuse('CheckInTooEarly', { opensAt: '2026-03-09 17:30' }));
    expect(at(local(20))).toEqual(refuse('CheckInTooLate'));
  });

  it('is refused to anybody but the volunteer who claimed', () => {
    expect(at(local(18), MEI)).toEqual(refuse('NotYourShift'));
    expect(given(shifts, lives.checkedIn).when(checkIn, by(local(18), MEI)).then).toEqual(
      refuse('NotYourShift'),
    );
  });

  it('is refused on a shift that nobody has claimed, that is cancelled or not there', () => {
    const on = (status: keyof typeof lives) =>
      given(shifts, lives[status]).when(checkIn, by(local(18))).then;
    expect(on('published')).toEqual(refuse('ShiftNotClaimed'));
    expect(on('cancelled')).toEqual(refuse('ShiftCancelled'));
    expect(on('none')).toEqual(notFound);
  });

  it.each(['checkedIn', 'checkedOut', 'confirmed'] as const)('happens once: %s', (status) => {
    expect(given(shifts, lives[status]).when(checkIn, by(local(30))).then).toEqual([]);
  });
});

describe('checking out', () => {
  const at = (time: string, volunteer = LIN) =>
    given(shifts, lives.checkedIn).when(checkOut, by(time, volunteer)).then;

  it('ends the shift, until two hours after its end', () => {
    expect(at(local(19, 40))).toEqual([checkedOut]);
    expect(at(local(22))).toHaveLength(1);
    expect(at('2026-03-09T14:00:00.001Z')).toEqual(refuse('CheckOutTooLate'));
  });

  it('is refused to anybody but the volunteer who claimed', () => {
    expect(at(local(19), MEI)).toEqual(refuse('NotYourShift'));
  });

  it('is refused before the check-in', () => {
    const on = (status: keyof typeof lives) =>
      given(shifts, lives[status]).when(checkOut, by(local(19))).then;
    expect(on('claimed')).toEqual(refuse('ShiftNotCheckedIn'));
    expect(on('published')).toEqual(refuse('ShiftNotClaimed'));
    expect(on('cancelled')).toEqual(refuse('ShiftCancelled'));
    expect(on('none')).toEqual(notFound);
  });

  it.each(['checkedOut', 'confirmed'] as const)('happens once: %s', (status) => {
    expect(given(shifts, lives[status]).when(checkOut, by(local(30))).then).toEqual([]);
  });
});

describe('confirming hours', () => {
  const confirm = { shift: SHIFT, by: 'supervisor', at: local(21) };
  const minutes = (from: string, to: string) =>
    given(shifts, [published, claimed, { ...checkedIn, at: from }, { ...checkedOut, at: to }]).when(
      confirmHours,
      confirm,
    ).then;

  it('records the minutes truly spent within the shift', () => {
    expect(given(shifts, lives.checkedOut).when(confirmHours, confirm).then).toEqual([confirmed]);
  });

  it.each([
    ['the whole shift and no minute around it', local(17, 30), local(22), 120],
    ['from a late check-in on', local(18, 20), local(20), 100],
    ['until an early check-out', local(18), local(18, 45), 45],
    ['whole minutes', local(18), '2026-03-09T10:01:59.999Z', 1],
    ['nothing for who left before it began', local(17, 40), local(17, 50), 0],
  ])('counts %s', (_, from, to, counted) => {
    expect(minutes(from, to)).toEqual([{ ...confirmed, minutes: counted }]);
  });

  it('is refused to the volunteer', () => {
    const own = given(shifts, lives.checkedOut).when(confirmHours, { ...confirm, by: LIN });
    expect(own.then).toEqual(refuse('HoursOwn'));
  });

  it('is refused before the check-out', () => {
    const on = (status: keyof typeof lives) =>
      given(shifts, lives[status]).when(confirmHours, confirm).then;
    expect(on('none')).toEqual(notFound);
    expect(on('published')).toEqual(refuse('ShiftNotClaimed'));
    expect(on('claimed')).toEqual(refuse('ShiftNotCheckedIn'));
    expect(on('checkedIn')).toEqual(refuse('ShiftNotCheckedOut'));
    expect(on('cancelled')).toEqual(refuse('ShiftCancelled'));
  });

  it('happens once', () => {
    expect(given(shifts, lives.confirmed).when(confirmHours, confirm).then).toEqual([]);
  });
});

describe('what is recorded of a shift', () => {
  it('begins with its publication: a stream that does not is damaged', () => {
    expect(() => given(shifts, [cancelled])).toThrow('ShiftCancelled came before the shift');
  });
});
