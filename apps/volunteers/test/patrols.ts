import { areaCodeField } from '#libs/contracts';
import { given } from '#libs/event';
import type { KnownGrid } from '#libs/grid-work';
import type { ObservationEvent } from '../src/observation.events.js';
import type { ShiftEvent } from '../src/shift.events.js';
import { type Shift, shifts } from '../src/shift.js';
import type { Claimant } from '../src/shift.roster.js';
import type { TeamEvent } from '../src/team.events.js';
import { teams } from '../src/team.js';
import type { VolunteerEvent } from '../src/volunteer.events.js';
import { volunteers } from '../src/volunteer.js';
import { sealedDetails, sealedText } from './sealed.js';

/** An id whose last two digits tell who or what it is. */
export const id = (last: string): string => `019a0000-0000-7000-8000-0000000000${last}`;
export const areaCode = (text: string) => areaCodeField.parse(text);

export const TEAM = id('c1');
export const OTHER_TEAM = id('c2');
export const SHIFT = id('d1');
/** An adult and a minor of the team. */
export const LIN = id('a1');
export const MEI = id('a2');
export const OBSERVATION = id('b1');
export const HAZARD = id('b8');

export const VILLAGE = areaCode('430502001001');
export const GRID = areaCode('430502001001001');
export const SUCCESSOR = areaCode('430502001001002');
/** When a command is given, unless a spec says otherwise: 16:00 in Shanghai. */
export const NOW = '2026-03-09T08:00:00.000Z';

const told = '2026-03-02T01:00:00.000Z';

/** A time in Shanghai, on the day of NOW or, with more than 24 hours, on one after it. */
export const local = (hours: number, minutes = 0): string =>
  new Date(Date.UTC(2026, 2, 9, hours - 8, minutes)).toISOString();

export const openGrid: KnownGrid = { status: 'open', name: '第一网格' };
export const shutGrid = (...successors: string[]): KnownGrid => ({
  status: 'shut',
  name: '第一网格',
  closing: id('e9'),
  successors: successors.map(areaCode),
  answered: false,
});

export const founded = {
  type: 'TeamFounded',
  team: TEAM,
  at: told,
  area: VILLAGE,
  name: '红袖章巡防队',
} satisfies TeamEvent;
export const team = given(teams, [founded]).state;

/** Who they are, as it is sealed: the second comes of age on the day after NOW. */
export const linding = { name: '林丁', adultFrom: null };
export const meiwu = { name: '梅戊', adultFrom: '2026-03-10' };

export const enrolled = {
  type: 'VolunteerEnrolled',
  volunteer: LIN,
  at: told,
  team: TEAM,
  sealed: sealedDetails(LIN, linding),
} satisfies VolunteerEvent;
export const minorEnrolled = {
  ...enrolled,
  volunteer: MEI,
  sealed: sealedDetails(MEI, meiwu),
} satisfies VolunteerEvent;

/** As they come to a shift, with what was opened of their details. */
export const lin: Claimant = {
  volunteer: given(volunteers, [enrolled]).state,
  adultFrom: linding.adultFrom,
};
export const mei: Claimant = {
  volunteer: given(volunteers, [minorEnrolled]).state,
  adultFrom: meiwu.adultFrom,
};

/** What may have been recorded of the shift from 18:00 to 20:00, in the order of its life. */
export const published = {
  type: 'ShiftPublished',
  shift: SHIFT,
  at: told,
  team: TEAM,
  grid: GRID,
  startsAt: local(18),
  endsAt: local(20),
  risk: 'ORDINARY',
} satisfies ShiftEvent;

const served = { shift: SHIFT, volunteer: LIN };

export const claimed = { type: 'ShiftClaimed', ...served, at: NOW } satisfies ShiftEvent;
export const checkedIn = {
  type: 'ShiftCheckedIn',
  ...served,
  at: local(17, 45),
} satisfies ShiftEvent;
export const checkedOut = {
  type: 'ShiftCheckedOut',
  ...served,
  at: local(19, 40),
} satisfies ShiftEvent;
export const confirmed = {
  type: 'HoursConfirmed',
  ...served,
  minutes: 100,
  at: local(21),
} satisfies ShiftEvent;
export const cancelled = {
  type: 'ShiftCancelled',
  shift: SHIFT,
  volunteer: null,
  at: NOW,
} satisfies ShiftEvent;
export const moved = {
  type: 'ShiftMoved',
  shift: SHIFT,
  from: GRID,
  grid: SUCCESSOR,
  at: NOW,
} satisfies ShiftEvent;

export const engaged = {
  type: 'VolunteerEngaged',
  ...served,
  startsAt: published.startsAt,
  endsAt: published.endsAt,
  at: NOW,
} satisfies VolunteerEvent;

/** What is sealed of the observation. */
export const SIGHT = { place: '河边路 3 号仓库门口', fact: '消防通道被木料堵住。' };

export const noted = {
  type: 'ObservationNoted',
  observation: OBSERVATION,
  shift: SHIFT,
  grid: GRID,
  sealed: sealedText(OBSERVATION, SIGHT),
  at: local(19),
} satisfies ObservationEvent;
export const followed = {
  type: 'ObservationFollowed',
  observation: OBSERVATION,
  hazard: HAZARD,
  status: 'FOUND',
  at: local(19, 1),
} satisfies ObservationEvent;

/** The shift at each status of its life. */
export const lives: Readonly<Record<Shift['status'], readonly ShiftEvent[]>> = {
  none: [],
  published: [published],
  claimed: [published, claimed],
  checkedIn: [published, claimed, checkedIn],
  checkedOut: [published, claimed, checkedIn, checkedOut],
  confirmed: [published, claimed, checkedIn, checkedOut, confirmed],
  cancelled: [published, cancelled],
};

export const shiftAt = (status: Shift['status']): Shift => given(shifts, lives[status]).state;
