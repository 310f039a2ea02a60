import { given, refuse } from '#libs/event';
import {
  engaged,
  enrolled,
  id,
  LIN,
  linding,
  local,
  meiwu,
  NOW,
  SHIFT,
  team,
  TEAM,
} from '../test/patrols.js';
import {
  adultFrom,
  engageVolunteer,
  enrolVolunteer,
  freeVolunteer,
  isMinor,
  volunteers,
} from './volunteer.js';

/** It is 2026-03-09 in Shanghai. */
const enrol = (bornOn: string, guardianConsent = false, at = NOW) =>
  given(volunteers, []).when(
    enrolVolunteer,
    { volunteer: LIN, team: TEAM, sealed: enrolled.sealed, bornOn, guardianConsent, at },
    team,
  ).then;
const recorded = [{ ...enrolled, at: NOW }];

describe('enrolling a volunteer', () => {
  it('records an adult, and a minor with consent, as they were sealed and without any date', () => {
    expect(enrol('1980-05-01')).toEqual(recorded);
    expect(enrol('2008-03-09')).toEqual(recorded);
    expect(enrol('2008-03-10', true)).toEqual(recorded);
    expect(enrol('2012-03-09', true)).toEqual(recorded);
  });

  it('is refused to a minor without the consent of the legal representative', () => {
    expect(enrol('2008-03-10')).toEqual(refuse('GuardianConsentMissing'));
  });

  it('is refused under 14, with consent or without', () => {
    expect(enrol('2012-03-10', true)).toEqual(refuse('VolunteerTooYoung'));
    expect(enrol('2012-03-10')).toEqual(refuse('VolunteerTooYoung'));
    expect(enrol('2027-01-01', true)).toEqual(refuse('VolunteerTooYoung'));
    expect(enrol('9999-12-31', true)).toEqual(refuse('VolunteerTooYoung'));
  });

  it('counts years in Shanghai, where the day begins earlier', () => {
    expect(enrol('2008-03-10', false, local(23, 59))).toEqual(refuse('GuardianConsentMissing'));
    expect(enrol('2008-03-10', false, local(24))).toEqual([{ ...enrolled, at: local(24) }]);
  });

  it('is refused for a team that nobody has founded', () => {
    const ask = { ...enrolled, bornOn: '1980-05-01', guardianConsent: false };
    const volunteer = given(volunteers, []).when(enrolVolunteer, ask, { status: 'none' });
    expect(volunteer.then).toEqual(refuse('TeamNotFound', { team: TEAM }));
  });

  it('happens once', () => {
    const ask = { ...enrolled, bornOn: '2020-01-01', guardianConsent: false };
    expect(given(volunteers, [enrolled]).when(enrolVolunteer, ask, team).then).toEqual([]);
  });
});

describe('what is kept of a date of birth', () => {
  it('is nothing of an adult, and of a minor the day of coming of age', () => {
    expect(adultFrom('1980-05-01', NOW)).toBeNull();
    expect(adultFrom('2008-03-09', NOW)).toBeNull();
    expect(adultFrom('2008-03-10', NOW)).toBe('2026-03-10');
    expect(adultFrom('2012-03-09', NOW)).toBe('2030-03-09');
  });

  it('is 1 March of who was born on 29 February', () => {
    expect(adultFrom('2008-02-29', '2026-02-28T08:00:00.000Z')).toBe('2026-03-01');
  });
});

describe('a minor', () => {
  it('is one until the day of coming of age begins in Shanghai', () => {
    expect(isMinor(meiwu, local(23, 59))).toBe(true);
    expect(isMinor(meiwu, local(24))).toBe(false);
    expect(isMinor(linding, NOW)).toBe(false);
  });

  it('is anybody of whom that was erased', () => {
    expect(isMinor({ adultFrom: undefined }, local(9999))).toBe(true);
  });
});

describe('the time of a volunteer', () => {
  const busy = given(volunteers, [enrolled, engaged]);
  const other = (startsAt: string, endsAt: string) =>
    busy.when(engageVolunteer, { volunteer: LIN, shift: id('d2'), startsAt, endsAt, at: NOW }).then;

  it('is given to one shift at a time', () => {
    const { type: _, ...engage } = engaged;
    const volunteer = given(volunteers, [enrolled]).when(engageVolunteer, engage);
    expect(volunteer.then).toEqual([engaged]);
    expect(volunteer.state).toMatchObject({ engagements: [{ shift: SHIFT }] });
    expect(volunteer.when(engageVolunteer, engage).then).toEqual([]);
  });

  it.each([
    ['begins in it', local(19, 59), local(22)],
    ['ends in it', local(16), local(18, 1)],
    ['lies in it', local(18, 30), local(19)],
    ['holds it', local(17), local(21)],
    ['is at the same time', local(18), local(20)],
  ])('is refused to another shift that %s', (_, startsAt, endsAt) => {
    const facts = { from: '2026-03-09 18:00', to: '2026-03-09 20:00' };
    expect(other(startsAt, endsAt)).toEqual(refuse('ShiftOverlaps', facts));
  });

  it('is free up to the first minute and from the last one on', () => {
    expect(other(local(16), local(18))).toHaveLength(1);
    expect(other(local(20), local(22))).toHaveLength(1);
  });

  it('is free again when a shift does not take place', () => {
    const free = { volunteer: LIN, shift: SHIFT, at: NOW };
    const volunteer = busy.when(freeVolunteer, free);
    expect(volunteer.then).toEqual([{ type: 'VolunteerFreed', ...free }]);
    expect(volunteer.state).toMatchObject({ engagements: [] });
    expect(volunteer.when(freeVolunteer, free).then).toEqual([]);
    expect(given(volunteers, []).when(freeVolunteer, free).then).toEqual([]);
  });

  it('is that of a volunteer who is enrolled', () => {
    expect(given(volunteers, []).when(engageVolunteer, engaged).then).toEqual(
      refuse('VolunteerNotFound', { volunteer: LIN }),
    );
    expect(() => given(volunteers, [engaged])).toThrow('came before the enrolment');
  });
});
