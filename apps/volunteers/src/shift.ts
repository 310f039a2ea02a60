import type { AreaCode } from '#libs/contracts';
import type { Aggregate } from '#libs/event';
import type { ShiftEvent, ShiftRisk } from './shift.events.js';

interface ShiftFacts {
  readonly team: string;
  readonly grid: AreaCode;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly risk: ShiftRisk;
}

/** 在岗班次: a shift that a volunteer has claimed, and how far it has come. */
export type ServedShift = { readonly volunteer: string } & ShiftFacts &
  (
    | { readonly status: 'claimed' | 'confirmed' }
    | { readonly status: 'checkedIn'; readonly checkedInAt: string }
    | {
        readonly status: 'checkedOut';
        readonly checkedInAt: string;
        readonly checkedOutAt: string;
      }
  );

/** 班次: a patrol in one grid from one time to another, for one volunteer. */
export type Shift =
  | { readonly status: 'none' }
  | ({ readonly status: 'published' | 'cancelled' } & ShiftFacts)
  | ServedShift;

export type ShiftRefusal =
  | 'GridCodeMalformed'
  | 'TeamOfAnotherArea'
  | 'ShiftNotFound'
  | 'ShiftEndsBeforeStart'
  | 'ShiftTooLong'
  | 'ShiftInPast'
  | 'ShiftAlreadyStarted'
  | 'ShiftAlreadyClaimed'
  | 'ShiftNotClaimed'
  | 'ShiftCancelled'
  | 'ShiftAlreadyServed'
  | 'ShiftNotCheckedIn'
  | 'ShiftNotCheckedOut'
  | 'ClaimForAnother'
  | 'VolunteerOfAnotherTeam'
  | 'MinorNotAllowed'
  | 'NotYourShift'
  | 'CheckInTooEarly'
  | 'CheckInTooLate'
  | 'CheckOutTooLate'
  | 'HoursOwn'
  | 'ObservationNotFound';

export const shifts: Aggregate<Shift, ShiftEvent> = {
  category: 'shift',
  initial: { status: 'none' },
  evolve,
};

function evolve(shift: Shift, event: ShiftEvent): Shift {
  if (event.type === 'ShiftPublished') {
    const { team, grid, startsAt, endsAt, risk } = event;
    return { status: 'published', team, grid, startsAt, endsAt, risk };
  }
  if (shift.status === 'none') throw new Error(`${event.type} came before the shift`);
  const { team, grid, startsAt, endsAt, risk } = shift;
  const facts = { team, grid, startsAt, endsAt, risk };
  switch (event.type) {
    case 'ShiftClaimed':
      return { status: 'claimed', volunteer: event.volunteer, ...facts };
    case 'ShiftCheckedIn': {
      const { volunteer, at: checkedInAt } = event;
      return { status: 'checkedIn', volunteer, checkedInAt, ...facts };
    }
    case 'ShiftCheckedOut':
      return shift.status === 'checkedIn'
        ? { ...shift, status: 'checkedOut', checkedOutAt: event.at }
        : shift;
    case 'HoursConfirmed':
      return { status: 'confirmed', volunteer: event.volunteer, ...facts };
    case 'ShiftCancelled':
      return { status: 'cancelled', ...facts };
    case 'ShiftMoved':
      return { ...shift, grid: event.grid };
  }
}
