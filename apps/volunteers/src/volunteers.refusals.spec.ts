import { claimedActor } from '#libs/access';
import { given, isRefusal, type Refusal, refuse } from '#libs/event';
import { Reading, refusalError, type RefusalText } from '#libs/service';
import {
  areaCode,
  engaged,
  enrolled,
  id,
  lin,
  LIN,
  lives,
  local,
  mei,
  MEI,
  NOW,
  openGrid,
  published,
  SHIFT,
  shiftAt,
  shutGrid,
  team,
} from '../test/patrols.js';
import { openVolunteers, tell } from '../test/room.js';
import { ObservationResolver } from './observation.resolver.js';
import { checkIn, checkOut, confirmHours } from './shift.duty.js';
import { ShiftCommandsResolver } from './shift-commands.resolver.js';
import { type ShiftRefusal, shifts } from './shift.js';
import { shiftRefusals } from './shift.refusals.js';
import { cancelShift, claimShift, publishShift } from './shift.roster.js';
import { type TeamRefusal } from './team.js';
import { teamRefusals } from './team.refusals.js';
import { engageVolunteer, enrolVolunteer, type VolunteerRefusal, volunteers } from './volunteer.js';
import { volunteerRefusals } from './volunteer.refusals.js';

const none = { status: 'none' } as const;
const publish = (more: object = {}, around: object = {}) =>
  publishShift({ ...published, at: NOW, ...more }, none, { team, grid: openGrid, ...around });
const claim = (status: keyof typeof lives, volunteer = lin, at = NOW) =>
  claimShift({ shift: SHIFT, volunteer: MEI, at }, shiftAt(status), volunteer);
const enrol = (bornOn: string, of: typeof team = team) =>
  enrolVolunteer({ ...enrolled, bornOn, guardianConsent: false, at: NOW }, none, of);
const inAt = (at: string, status: keyof typeof lives = 'claimed') =>
  checkIn({ shift: SHIFT, volunteer: LIN, at }, shiftAt(status));
const confirm = (by: string, status: keyof typeof lives) =>
  confirmHours({ shift: SHIFT, by, at: NOW }, shiftAt(status));
const risky = given(shifts, [{ ...published, risk: 'RISKY' }]).state;
const nobody = { volunteer: none, adultFrom: undefined };
const ofOther = given(volunteers, [{ ...enrolled, team: id('c2') }]).state;
const other = { ...lin, volunteer: ofOther };

/** Each refusal from a rule that gives it. */
const byTeam: Readonly<Record<TeamRefusal, object>> = {
  GridNotFound: publish({}, { grid: none }),
  GridClosed: publish({}, { grid: shutGrid() }),
  TeamNotFound: enrol('1980-01-01', none),
};
const byVolunteer: Readonly<Record<VolunteerRefusal, object>> = {
  VolunteerNotFound: claim('published', nobody),
  VolunteerTooYoung: enrol('2020-01-01'),
  GuardianConsentMissing: enrol('2010-01-01'),
  ShiftOverlaps: given(volunteers, [enrolled, engaged]).when(engageVolunteer, {
    ...engaged,
    shift: id('d2'),
  }).then,
};
/** These are seen at the edge, before any rule: a code, another's id, an unknown id. */
type AtTheEdge = 'GridCodeMalformed' | 'ClaimForAnother' | 'ObservationNotFound';
const byShift: Readonly<Record<Exclude<ShiftRefusal, AtTheEdge>, object>> = {
  TeamOfAnotherArea: publish({}, { team: { ...team, area: areaCode('430503') } }),
  ShiftNotFound: claim('none'),
  ShiftEndsBeforeStart: publish({ endsAt: local(17) }),
  ShiftTooLong: publish({ endsAt: local(40) }),
  ShiftInPast: publish({ startsAt: local(15) }),
  ShiftAlreadyStarted: claim('published', lin, local(19)),
  ShiftAlreadyClaimed: claim('claimed'),
  ShiftNotClaimed: inAt(local(18), 'published'),
  ShiftCancelled: inAt(local(18), 'cancelled'),
  ShiftAlreadyServed: cancelShift({ shift: SHIFT, at: NOW }, shiftAt('checkedOut')),
  ShiftNotCheckedIn: confirm('spec', 'claimed'),
  ShiftNotCheckedOut: confirm('spec', 'checkedIn'),
  VolunteerOfAnotherTeam: claim('published', other),
  MinorNotAllowed: claimShift({ shift: SHIFT, volunteer: MEI, at: NOW }, risky, mei),
  NotYourShift: checkIn({ shift: SHIFT, volunteer: MEI, at: local(18) }, shiftAt('claimed')),
  CheckInTooEarly: inAt(NOW),
  CheckInTooLate: inAt(local(20)),
  CheckOutTooLate: checkOut({ shift: SHIFT, volunteer: LIN, at: local(23) }, shiftAt('checkedIn')),
  HoursOwn: confirm(LIN, 'checkedOut'),
};

const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).toSorted();

const cases = [
  ...Object.entries(byTeam).map((each) => [...each, teamRefusals] as const),
  ...Object.entries(byVolunteer).map((each) => [...each, volunteerRefusals] as const),
  ...Object.entries(byShift).map((each) => [...each, shiftRefusals] as const),
];

describe('what people are told when a rule says no', () => {
  it.each(cases)(
    '%s: in Chinese and in English with the same facts, which the rule gives',
    (code, decision, refusals) => {
      const texts = refusals as Readonly<Record<string, RefusalText>>;
      const refusal = decision as Refusal;
      expect(isRefusal(refusal) && refusal.refused).toBe(code);
      const { zh, en } = texts[code]!;
      expect(placeholders(zh)).toEqual(placeholders(en));
      expect(placeholders(zh)).toEqual(Object.keys(refusal.facts ?? {}).toSorted());
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).not.toMatch(/\p{Script=Han}/u);
      expect(refusalError(refusal, texts).message).not.toMatch(/[{}]|undefined/);
    },
  );

  it('is there for each refusal and for no other', () => {
    const sorted = (...objects: readonly object[]) => objects.flatMap(Object.keys).toSorted();
    const edge = { GridCodeMalformed: 0, ClaimForAnother: 0, ObservationNotFound: 0 };
    expect(sorted(teamRefusals)).toEqual(sorted(byTeam));
    expect(sorted(volunteerRefusals)).toEqual(sorted(byVolunteer));
    expect(sorted(shiftRefusals)).toEqual(sorted(byShift, edge));
  });
});

describe('what is refused before any rule is asked', () => {
  const actor = claimedActor({ subject: MEI, role: 'volunteer', area: areaCode('4305') });
  const supervisor = claimedActor({
    subject: 'spec',
    role: 'supervisor',
    area: areaCode('4305'),
  });
  const told = (code: keyof typeof shiftRefusals, facts = {}) => {
    const { message, extensions } = refusalError(refuse(code, facts), shiftRefusals);
    return { message, extensions };
  };

  async function resolvers() {
    const room = openVolunteers();
    await tell(room.log, { [`shift-${SHIFT}`]: lives.published });
    const commands = new ShiftCommandsResolver(room.shifts, room.observations, room.views);
    const views = new Reading(room.views, published.startsAt);
    return { commands, views, queries: new ObservationResolver(room.observations) };
  }

  it('is a shift outside of any grid, an observation that is unknown', async () => {
    const { commands, queries, views } = await resolvers();
    const publish = { ...published, teamId: published.team, grid: '4305' };
    const malformed = commands.publishShift(publish, supervisor);
    await expect(malformed).rejects.toMatchObject(told('GridCodeMalformed', { code: '4305' }));
    const facts = { observation: id('b9') };
    const unknown = queries.observation({ id: id('b9') }, actor, views);
    await expect(unknown).rejects.toMatchObject(told('ObservationNotFound', facts));
  });

  it('is what a volunteer does in the name of another', async () => {
    const { commands } = await resolvers();
    const input = { shiftId: SHIFT, volunteerId: LIN };
    const claim = commands.claimShift(input, actor);
    await expect(claim).rejects.toMatchObject(told('ClaimForAnother'));
    const note = { ...input, place: '路口', fact: '路灯不亮。' };
    const others = [
      commands.checkIn(input, actor),
      commands.checkOut(input, actor),
      commands.noteObservation(note, actor),
    ];
    for (const other of others) {
      await expect(other).rejects.toMatchObject(told('NotYourShift'));
    }
  });
});
