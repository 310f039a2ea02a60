import { minuteOfDay } from '#libs/calendar';
import { type AreaCode, covers } from '#libs/contracts';
import { type Decision, refuse, type Refusal } from '#libs/event';
import { type KnownGrid, notTaking } from '#libs/grid-work';
import type { ShiftEvent, ShiftRisk } from './shift.events.js';
import type { Shift, ShiftRefusal } from './shift.js';
import type { Team, TeamRefusal } from './team.js';
import { isMinor, type Volunteer, type VolunteerRefusal } from './volunteer.js';

/** 发布班次: offer a patrol to the volunteers of a team. */
export interface PublishShift {
  readonly shift: string;
  readonly team: string;
  readonly grid: AreaCode;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly risk: ShiftRisk;
  readonly at: string;
}

/** 认领班次: a volunteer takes a shift. */
export interface ClaimShift {
  readonly shift: string;
  readonly volunteer: string;
  readonly at: string;
}

/** 认领人: who wants a shift, with what the rules need to know of them. */
export interface Claimant {
  readonly volunteer: Volunteer;
  /** As their sealed details say; undefined when they were erased, or never enrolled. */
  readonly adultFrom: string | null | undefined;
}

/** 取消班次: a shift does not take place. */
export interface CancelShift {
  readonly shift: string;
  readonly at: string;
}

/** 随网格移交班次: a shift in a closing grid goes along to the successor. */
export interface MoveShift {
  readonly shift: string;
  readonly grid: AreaCode;
  readonly at: string;
}

const LONGEST_MS = 12 * 3_600_000;
const DAY_MINUTES = 1440;
/** The night is from 22:00 to 06:00. */
const NIGHT_MINUTES = 480;
const EVENING_MINUTES = 120;

export function publishShift(
  command: PublishShift,
  shift: Shift,
  { team, grid }: { readonly team: Team; readonly grid: KnownGrid },
): Decision<ShiftEvent, ShiftRefusal | TeamRefusal> {
  if (shift.status !== 'none') return [];
  const { startsAt, endsAt, at } = command;
  if (team.status === 'none') return refuse('TeamNotFound', { team: command.team });
  const wrong = notTaking(grid, command.grid);
  if (wrong !== undefined) return wrong;
  if (!covers(team.area, command.grid)) {
    return refuse('TeamOfAnotherArea', { area: team.area, grid: command.grid });
  }
  if (endsAt <= startsAt) return refuse('ShiftEndsBeforeStart');
  if (Date.parse(endsAt) - Date.parse(startsAt) > LONGEST_MS) return refuse('ShiftTooLong');
  if (startsAt < at) return refuse('ShiftInPast');
  return [{ type: 'ShiftPublished', ...command }];
}

/** Whether the volunteer has the time is decided on the volunteer's own stream. */
export function claimShift(
  command: ClaimShift,
  shift: Shift,
  claimant: Claimant,
): Decision<ShiftEvent, ShiftRefusal | VolunteerRefusal> {
  switch (shift.status) {
    case 'none':
      return refuse('ShiftNotFound', { shift: command.shift });
    case 'cancelled':
      return refuse('ShiftCancelled');
    case 'claimed':
    case 'checkedIn':
    case 'checkedOut':
    case 'confirmed': // A repeated claim must not record a second one.
      return shift.volunteer === command.volunteer ? [] : refuse('ShiftAlreadyClaimed');
    case 'published':
      return unfit(command, shift, claimant) ?? [{ type: 'ShiftClaimed', ...command }];
  }
}

function unfit(
  { volunteer: id, at }: ClaimShift,
  shift: Extract<Shift, { status: 'published' | 'cancelled' }>,
  { volunteer, adultFrom }: Claimant,
): Refusal<ShiftRefusal | VolunteerRefusal> | undefined {
  if (volunteer.status === 'none') return refuse('VolunteerNotFound', { volunteer: id });
  if (volunteer.team !== shift.team) return refuse('VolunteerOfAnotherTeam');
  if (at >= shift.startsAt) return refuse('ShiftAlreadyStarted');
  const forAdults = shift.risk === 'RISKY' || isNight(shift);
  return forAdults && isMinor({ adultFrom }, shift.startsAt)
    ? refuse('MinorNotAllowed')
    : undefined;
}

/** Whether any moment of the shift lies between 22:00 and 06:00 in Shanghai. */
function isNight({ startsAt, endsAt }: { startsAt: string; endsAt: string }): boolean {
  const sinceNightfall = (minuteOfDay(startsAt) + EVENING_MINUTES) % DAY_MINUTES;
  const minutes = (Date.parse(endsAt) - Date.parse(startsAt)) / 60_000;
  return sinceNightfall < NIGHT_MINUTES || sinceNightfall + minutes > DAY_MINUTES;
}

/**
 * What was served keeps its hours. A check-in without a check-out is none of that: once it is too
 * late for one, cancelling is the way to end the shift.
 */
export function cancelShift(
  command: CancelShift,
  shift: Shift,
): Decision<ShiftEvent, ShiftRefusal> {
  switch (shift.status) {
    case 'none':
      return refuse('ShiftNotFound', { shift: command.shift });
    case 'cancelled':
      return [];
    case 'checkedOut':
    case 'confirmed':
      return refuse('ShiftAlreadyServed');
    case 'published':
      return [{ type: 'ShiftCancelled', ...command, volunteer: null }];
    case 'claimed':
    case 'checkedIn':
      return [{ type: 'ShiftCancelled', ...command, volunteer: shift.volunteer }];
  }
}

/** A shift that has come to its end meanwhile stays where it was. */
export function moveShift(command: MoveShift, shift: Shift): readonly ShiftEvent[] {
  if (shift.status === 'none' || shift.status === 'confirmed' || shift.status === 'cancelled') {
    return [];
  }
  if (shift.grid === command.grid) return [];
  return [{ type: 'ShiftMoved', ...command, from: shift.grid }];
}
