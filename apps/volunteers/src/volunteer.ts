import { localDay, localTime } from '#libs/calendar';
import type { Sealed } from '#libs/contracts';
import { type Aggregate, type Decision, refuse } from '#libs/event';
import type { Team, TeamRefusal } from './team.js';
import type { VolunteerDetails, VolunteerEvent } from './volunteer.events.js';

/** 已占用时段: the time that a volunteer has given to one shift. */
export interface Engagement {
  readonly shift: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** 志愿者: somebody who helps, unpaid and of their own will, in one team. */
export type Volunteer =
  | { readonly status: 'none' }
  | {
      readonly status: 'enrolled';
      readonly team: string;
      readonly sealed: Sealed<VolunteerDetails>;
      readonly engagements: readonly Engagement[];
      /** Under which account they sign in. */
      readonly account?: string;
    };

/** 登记志愿者: take somebody into a team. */
export interface EnrolVolunteer {
  readonly volunteer: string;
  readonly team: string;
  readonly sealed: Sealed<VolunteerDetails>;
  /** YYYY-MM-DD; it is looked at and not recorded. */
  readonly bornOn: string;
  /** Whether the legal representative of a minor has agreed. */
  readonly guardianConsent: boolean;
  /** Under which account they sign in, never a name. */
  readonly account?: string;
  readonly at: string;
}

/** 占用时段: give a volunteer's time to a shift. */
export interface EngageVolunteer extends Engagement {
  readonly volunteer: string;
  readonly at: string;
}

/** 释放时段: a shift does not take place after all. */
export interface FreeVolunteer {
  readonly volunteer: string;
  readonly shift: string;
  readonly at: string;
}

export type VolunteerRefusal =
  'VolunteerNotFound' | 'VolunteerTooYoung' | 'GuardianConsentMissing' | 'ShiftOverlaps';

const ADULT_YEARS = 18;
/** From this age a minor may volunteer with the legal representative's consent. */
const CONSENT_YEARS = 14;

export const volunteers: Aggregate<Volunteer, VolunteerEvent> = {
  category: 'volunteer',
  initial: { status: 'none' },
  evolve,
};

function evolve(volunteer: Volunteer, event: VolunteerEvent): Volunteer {
  if (event.type === 'VolunteerEnrolled') {
    const { team, sealed, account } = event;
    const enrolled = { status: 'enrolled', team, sealed, engagements: [] } as const;
    return account === undefined ? enrolled : { ...enrolled, account };
  }
  if (volunteer.status === 'none') throw new Error(`${event.type} came before the enrolment`);
  const others = volunteer.engagements.filter(({ shift }) => shift !== event.shift);
  switch (event.type) {
    case 'VolunteerEngaged': {
      const { shift, startsAt, endsAt } = event;
      return { ...volunteer, engagements: [...others, { shift, startsAt, endsAt }] };
    }
    case 'VolunteerFreed':
      return { ...volunteer, engagements: others };
  }
}

export function enrolVolunteer(
  command: EnrolVolunteer,
  volunteer: Volunteer,
  team: Team,
): Decision<VolunteerEvent, VolunteerRefusal | TeamRefusal> {
  if (volunteer.status !== 'none') return [];
  const { bornOn, guardianConsent, ...facts } = command;
  if (team.status === 'none') return refuse('TeamNotFound', { team: command.team });
  const today = localDay(command.at);
  if (today < bornOn || today < yearsAfter(bornOn, CONSENT_YEARS)) {
    return refuse('VolunteerTooYoung');
  }
  const consentNeeded = adultFrom(bornOn, command.at) !== null;
  if (consentNeeded && !guardianConsent) return refuse('GuardianConsentMissing');
  return [{ type: 'VolunteerEnrolled', ...facts }];
}

/** The day on which who is a minor at that time comes of age; null for an adult. */
export function adultFrom(bornOn: string, at: string): string | null {
  const comesOfAge = yearsAfter(bornOn, ADULT_YEARS);
  return localDay(at) < comesOfAge ? comesOfAge : null;
}

/** Who was born on 29 February comes of age on 1 March where there is no such day. */
function yearsAfter(day: string, years: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year + years, month - 1, date)).toISOString().slice(0, 10);
}

/**
 * Whether the volunteer is a minor on the day in Shanghai to which `at` belongs. Of who was erased
 * nobody can tell any more: like a minor, they are kept from what is for adults.
 */
export function isMinor(
  { adultFrom }: { readonly adultFrom: string | null | undefined },
  at: string,
): boolean {
  return adultFrom !== null && (adultFrom === undefined || localDay(at) < adultFrom);
}

/** One shift may begin at the very moment at which another ends. */
export function engageVolunteer(
  command: EngageVolunteer,
  volunteer: Volunteer,
): Decision<VolunteerEvent, VolunteerRefusal> {
  if (volunteer.status === 'none') {
    return refuse('VolunteerNotFound', { volunteer: command.volunteer });
  }
  const { shift, startsAt, endsAt } = command;
  if (volunteer.engagements.some((each) => each.shift === shift)) return [];
  const other = volunteer.engagements.find(
    (each) => startsAt < each.endsAt && each.startsAt < endsAt,
  );
  if (other === undefined) return [{ type: 'VolunteerEngaged', ...command }];
  return refuse('ShiftOverlaps', { from: localTime(other.startsAt), to: localTime(other.endsAt) });
}

export function freeVolunteer(
  command: FreeVolunteer,
  volunteer: Volunteer,
): readonly VolunteerEvent[] {
  const engaged =
    volunteer.status === 'enrolled' &&
    volunteer.engagements.some(({ shift }) => shift === command.shift);
  return engaged ? [{ type: 'VolunteerFreed', ...command }] : [];
}
