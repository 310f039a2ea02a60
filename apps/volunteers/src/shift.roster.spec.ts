import { given, refuse } from '#libs/event';
import {
  areaCode,
  cancelled,
  claimed,
  GRID,
  lin,
  LIN,
  lives,
  local,
  mei,
  MEI,
  moved,
  NOW,
  openGrid,
  OTHER_TEAM,
  published,
  SHIFT,
  shutGrid,
  SUCCESSOR,
  team,
  TEAM,
} from '../test/patrols.js';
import { shifts } from './shift.js';
import { cancelShift, claimShift, moveShift, publishShift } from './shift.roster.js';

const { type: _, ...facts } = published;
const publish = { ...facts, at: NOW };
const context = { team, grid: openGrid };
const publishing = (more: object, around: object = {}) =>
  given(shifts, []).when(publishShift, { ...publish, ...more }, { ...context, ...around }).then;

describe('publishing a shift', () => {
  it('offers it to the volunteers of a team whose area covers the grid', () => {
    expect(publishing({})).toEqual([{ ...published, at: NOW }]);
    const forGrid = { status: 'founded', area: GRID } as const;
    expect(publishing({}, { team: forGrid })).toHaveLength(1);
  });

  it('is refused for a grid that is unknown or closing', () => {
    expect(publishing({}, { grid: { status: 'none' } })).toEqual(
      refuse('GridNotFound', { grid: GRID }),
    );
    expect(publishing({}, { grid: shutGrid() })).toEqual(
      refuse('GridClosed', { grid: GRID, successor: '—' }),
    );
    expect(publishing({}, { grid: shutGrid(SUCCESSOR) })).toEqual(
      refuse('GridClosed', { grid: GRID, successor: SUCCESSOR }),
    );
  });

  it('is refused to a team that nobody has founded, or that is for another area', () => {
    const area = areaCode('430502001002');
    expect(publishing({}, { team: { status: 'none' } })).toEqual(
      refuse('TeamNotFound', { team: TEAM }),
    );
    expect(publishing({}, { team: { status: 'founded', area } })).toEqual(
      refuse('TeamOfAnotherArea', { area, grid: GRID }),
    );
  });

  it('is refused when it does not end after its start', () => {
    expect(publishing({ endsAt: local(18) })).toEqual(refuse('ShiftEndsBeforeStart'));
    expect(publishing({ endsAt: local(17) })).toEqual(refuse('ShiftEndsBeforeStart'));
  });

  it('is refused when it lasts longer than 12 hours', () => {
    expect(publishing({ endsAt: local(30) })).toHaveLength(1);
    expect(publishing({ endsAt: local(30, 1) })).toEqual(refuse('ShiftTooLong'));
  });

  it('is refused when it starts in the past', () => {
    expect(publishing({ startsAt: local(16) })).toHaveLength(1);
    expect(publishing({ startsAt: local(15, 59) })).toEqual(refuse('ShiftInPast'));
  });

  it('happens once', () => {
    for (const events of Object.values(lives).slice(1)) {
      expect(given(shifts, events).when(publishShift, publish, context).then).toEqual([]);
    }
  });
});

const claim = { shift: SHIFT, volunteer: LIN, at: NOW };
const nobody = { volunteer: { status: 'none' }, adultFrom: undefined } as const;

describe('claiming a shift', () => {
  it('gives it to one volunteer of its team', () => {
    const shift = given(shifts, lives.published).when(claimShift, claim, lin);
    expect(shift.then).toEqual([claimed]);
    expect(shift.state).toMatchObject({ status: 'claimed', volunteer: LIN });
  });

  it.each(['claimed', 'checkedIn', 'checkedOut', 'confirmed'] as const)(
    'is refused to another and nothing new to the same, when it is %s',
    (status) => {
      const shift = given(shifts, lives[status]);
      expect(shift.when(claimShift, { ...claim, volunteer: MEI }, mei).then).toEqual(
        refuse('ShiftAlreadyClaimed'),
      );
      expect(shift.when(claimShift, claim, lin).then).toEqual([]);
    },
  );

  it('is refused for a shift that is not there or cancelled', () => {
    expect(given(shifts, []).when(claimShift, claim, lin).then).toEqual(
      refuse('ShiftNotFound', { shift: SHIFT }),
    );
    expect(given(shifts, lives.cancelled).when(claimShift, claim, lin).then).toEqual(
      refuse('ShiftCancelled'),
    );
  });

  it('is refused from its start on', () => {
    const at = (time: string) =>
      given(shifts, lives.published).when(claimShift, { ...claim, at: time }, lin).then;
    expect(at(local(17, 59))).toHaveLength(1);
    expect(at(local(18))).toEqual(refuse('ShiftAlreadyStarted'));
    expect(at(local(40))).toEqual(refuse('ShiftAlreadyStarted'));
  });

  it('is refused to a volunteer of another team, and to who is none', () => {
    const shift = given(shifts, [{ ...published, team: OTHER_TEAM }]);
    expect(shift.when(claimShift, claim, lin).then).toEqual(refuse('VolunteerOfAnotherTeam'));
    expect(shift.when(claimShift, claim, nobody).then).toEqual(
      refuse('VolunteerNotFound', { volunteer: LIN }),
    );
  });
});

describe('what a minor may claim', () => {
  const byMei = (more: object) =>
    given(shifts, [{ ...published, ...more }]).when(claimShift, { ...claim, volunteer: MEI }, mei)
      .then;
  const no = refuse('MinorNotAllowed');

  it.each([
    ['begins at 6:00', local(6), local(8)],
    ['ends at 22:00', local(20), local(22)],
    ['lies between, for 12 hours', local(8), local(20)],
  ])('is a shift by day that %s', (_, startsAt, endsAt) => {
    const shift = given(shifts, [{ ...published, startsAt, endsAt }]);
    const command = { ...claim, volunteer: MEI, at: local(1) };
    expect(shift.when(claimShift, command, mei).then).toHaveLength(1);
  });

  it.each([
    ['ends a moment after 22:00', local(20), '2026-03-09T14:00:00.001Z'],
    ['begins at 22:00', local(22), local(23)],
    ['goes over midnight', local(21), local(27)],
    ['lies after midnight on the last day', local(2), local(4)],
    ['ends a moment after 6:00', local(5, 59), local(9)],
    ['begins in the evening and ends in the morning', local(19), local(31)],
  ])('is no shift that %s', (_, startsAt, endsAt) => {
    const shift = given(shifts, [{ ...published, startsAt, endsAt }]);
    const command = { ...claim, volunteer: MEI, at: local(1) };
    expect(shift.when(claimShift, command, mei).then).toEqual(no);
    expect(shift.when(claimShift, { ...command, volunteer: LIN }, lin).then).toHaveLength(1);
  });

  it('is no risky shift, at any time of the day', () => {
    expect(byMei({})).toHaveLength(1);
    expect(byMei({ risk: 'RISKY' })).toEqual(no);
  });

  it('is all that somebody may claim whose age was erased', () => {
    const erased = { ...lin, adultFrom: undefined };
    const by = (more: object) =>
      given(shifts, [{ ...published, ...more }]).when(claimShift, claim, erased).then;
    expect(by({})).toEqual([claimed]);
    expect(by({ risk: 'RISKY' })).toEqual(no);
  });

  it('is every shift that starts on the day of coming of age or later', () => {
    expect(byMei({ startsAt: local(24), endsAt: local(28), risk: 'RISKY' })).toHaveLength(1);
    expect(byMei({ startsAt: local(23), endsAt: local(28) })).toEqual(no);
  });
});

describe('cancelling a shift', () => {
  const cancel = { shift: SHIFT, at: NOW };

  it('is possible until it was served, and names whose time is free again', () => {
    const at = (status: keyof typeof lives) =>
      given(shifts, lives[status]).when(cancelShift, cancel).then;
    expect(at('published')).toEqual([cancelled]);
    expect(at('claimed')).toEqual([{ ...cancelled, volunteer: LIN }]);
    expect(at('checkedIn')).toEqual([{ ...cancelled, volunteer: LIN }]);
    expect(at('checkedOut')).toEqual(refuse('ShiftAlreadyServed'));
    expect(at('confirmed')).toEqual(refuse('ShiftAlreadyServed'));
    expect(at('none')).toEqual(refuse('ShiftNotFound', { shift: SHIFT }));
  });

  it('happens once', () => {
    expect(given(shifts, lives.cancelled).when(cancelShift, cancel).then).toEqual([]);
  });
});

describe('a shift in a closing grid', () => {
  const move = { shift: SHIFT, grid: SUCCESSOR, at: NOW };

  it.each(['published', 'claimed', 'checkedIn', 'checkedOut'] as const)(
    'goes along to the successor as it is: %s',
    (status) => {
      const shift = given(shifts, lives[status]);
      const after = shift.when(moveShift, move);
      expect(after.then).toEqual([moved]);
      expect(after.state).toEqual({ ...shift.state, grid: SUCCESSOR });
      expect(after.when(moveShift, move).then).toEqual([]);
    },
  );

  it('stays where it was when it has come to its end', () => {
    for (const status of ['none', 'confirmed', 'cancelled'] as const) {
      expect(given(shifts, lives[status]).when(moveShift, move).then).toEqual([]);
    }
  });

  it('may go along more than once', () => {
    const third = areaCode('430502001001003');
    const shift = given(shifts, [published, moved]).when(moveShift, { ...move, grid: third });
    expect(shift.then).toEqual([{ ...moved, from: SUCCESSOR, grid: third }]);
  });
});
