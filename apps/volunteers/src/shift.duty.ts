import { localTime } from '#libs/calendar';
import { type Decision, isRefusal, refuse, type Refusal } from '#libs/event';
import type { ShiftEvent } from './shift.events.js';
import type { ServedShift, Shift, ShiftRefusal } from './shift.js';

type ShiftDecision = Decision<ShiftEvent, ShiftRefusal>;

/** 签到: the volunteer begins the shift. */
export interface CheckIn {
  readonly shift: string;
  readonly volunteer: string;
  readonly at: string;
}

/** 签退: the volunteer ends the shift. */
export type CheckOut = CheckIn;

/** 确认时长: somebody else confirms how long the volunteer has served. */
export interface ConfirmHours {
  readonly shift: string;
  /** The subject who confirms. */
  readonly by: string;
  readonly at: string;
}

const MINUTE_MS = 60_000;
const EARLY_MS = 30 * MINUTE_MS;
const LATE_MS = 120 * MINUTE_MS;

export function checkIn(command: CheckIn, shift: Shift): ShiftDecision {
  const served = theirs(command, shift);
  if (isRefusal(served)) return served;
  if (served.status !== 'claimed') return [];
  const opensAt = after(served.startsAt, -EARLY_MS);
  if (command.at < opensAt) return refuse('CheckInTooEarly', { opensAt: localTime(opensAt) });
  if (command.at >= served.endsAt) return refuse('CheckInTooLate');
  return [{ type: 'ShiftCheckedIn', ...command }];
}

export function checkOut(command: CheckOut, shift: Shift): ShiftDecision {
  const served = theirs(command, shift);
  if (isRefusal(served)) return served;
  switch (served.status) {
    case 'claimed':
      return refuse('ShiftNotCheckedIn');
    case 'checkedOut':
    case 'confirmed':
      return [];
    case 'checkedIn':
      if (command.at > after(served.endsAt, LATE_MS)) return refuse('CheckOutTooLate');
      return [{ type: 'ShiftCheckedOut', ...command }];
  }
}

/** @param account under which the volunteer signs in */
export function confirmHours(
  { by, ...command }: ConfirmHours,
  shift: Shift,
  account?: string,
): ShiftDecision {
  const served = claimed(command.shift, shift);
  if (isRefusal(served)) return served;
  const { volunteer } = served;
  if (by === volunteer || by === account) return refuse('HoursOwn');
  switch (served.status) {
    case 'claimed':
      return refuse('ShiftNotCheckedIn');
    case 'checkedIn':
      return refuse('ShiftNotCheckedOut');
    case 'confirmed':
      return [];
    case 'checkedOut':
      return [{ type: 'HoursConfirmed', ...command, volunteer, minutes: minutesOf(served) }];
  }
}

/** The time truly spent, as far as it lies within the shift. */
function minutesOf(shift: Extract<ServedShift, { status: 'checkedOut' }>): number {
  const from = Math.max(Date.parse(shift.checkedInAt), Date.parse(shift.startsAt));
  const to = Math.min(Date.parse(shift.checkedOutAt), Date.parse(shift.endsAt));
  return Math.max(0, Math.floor((to - from) / MINUTE_MS));
}

/** The shift, if it is the volunteer's who names it, or why it is not. */
export function theirs(
  { shift: id, volunteer }: { readonly shift: string; readonly volunteer: string },
  shift: Shift,
): ServedShift | Refusal<ShiftRefusal> {
  const served = claimed(id, shift);
  if (isRefusal(served) || served.volunteer === volunteer) return served;
  return refuse('NotYourShift');
}

function claimed(id: string, shift: Shift): ServedShift | Refusal<ShiftRefusal> {
  switch (shift.status) {
    case 'none':
      return refuse('ShiftNotFound', { shift: id });
    case 'published':
      return refuse('ShiftNotClaimed');
    case 'cancelled':
      return refuse('ShiftCancelled');
    case 'claimed':
    case 'checkedIn':
    case 'checkedOut':
    case 'confirmed':
      return shift;
  }
}

function after(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}
