import { type Calendar, dueOf, endOfDayAfter } from '#libs/calendar';
import type { AreaCode, Sealed } from '#libs/contracts';
import { refuse, type Refusal } from '#libs/event';
import type { HazardEvent, RectificationText } from './hazard.events.js';
import type { Hazard, HazardDecision, HazardRefusal } from './hazard.js';

/** 整改隐患: record that a hazard was put right, and what shows it. */
export interface RectifyHazard {
  readonly hazard: string;
  readonly sealed: Sealed<RectificationText>;
  /** The subject who records it. */
  readonly rectifier: string;
  /** Working days to recheck it in: a setting with its source. */
  readonly recheckDays: number;
  readonly at: string;
}

/** 复查隐患: look again whether it is right. */
export interface RecheckHazard {
  readonly hazard: string;
  readonly rechecker: string;
  readonly passed: boolean;
  /** The new time limit in calendar days, when it is not right; else null. */
  readonly dueInDays: number | null;
  readonly at: string;
}

/** 标记逾期: the time to put it right has passed. */
export interface MarkOverdue {
  readonly hazard: string;
  readonly dueAt: string;
  readonly at: string;
}

/** 划转隐患: its grid was closed, and another goes on with the hazard. */
export interface MoveHazard {
  readonly hazard: string;
  readonly to: AreaCode;
  readonly at: string;
}

/** Whoever answers for the place finds, removes and records hazards (Work Safety Law art. 41). */
export function rectifyHazard(
  { recheckDays: days, ...command }: RectifyHazard,
  hazard: Hazard,
  calendar: Calendar,
): HazardDecision {
  const { hazard: id, at } = command;
  switch (hazard.status) {
    case 'none':
    case 'found':
    case 'closed':
      return withoutLimit(id, hazard.status);
    case 'noticed': {
      const term = {
        kind: 'WORKING_DAYS',
        days,
        from: at,
        pauses: [],
        holidayShift: false,
      } as const;
      return [
        { type: 'HazardRectified', ...command },
        { type: 'RecheckTermSet', hazard: id, due: dueOf(term, calendar), at },
      ];
    }
    case 'rectified': // What was sealed cannot be compared: a repeat is told by its command id.
      return refuse('HazardAlreadyRectified');
  }
}

/** Removal is ordered and checked (Work Safety Law art. 65); nobody confirms their own finding. */
export function recheckHazard(command: RecheckHazard, hazard: Hazard): HazardDecision {
  switch (hazard.status) {
    case 'none':
    case 'found':
    case 'closed':
      return withoutLimit(command.hazard, hazard.status);
    case 'noticed':
      return refuse('HazardNotRectified');
    case 'rectified':
      if (hazard.finder === command.rechecker) return refuse('RecheckByFinder');
      // Four eyes: who says that it was put right is not who confirms it.
      if (hazard.rectifier === command.rechecker) return refuse('RecheckByRectifier');
      return rechecked(command, hazard.observation);
  }
}

function rechecked(command: RecheckHazard, observation: string | null): HazardDecision {
  const { hazard, passed, dueInDays, at } = command;
  if (!passed) {
    return dueInDays === null
      ? refuse('TimeLimitMissing')
      : [{ type: 'HazardRecheckFailed', hazard, dueAt: endOfDayAfter(at, dueInDays), at }];
  }
  if (dueInDays !== null) return refuse('TimeLimitNotNeeded');
  return [
    { type: 'HazardRecheckPassed', hazard, at },
    { type: 'HazardClosed', hazard, observation, fixedOnSpot: false, at },
  ];
}

/** A reminder that comes too early, too late or once more finds nothing to record. */
export function markOverdue(command: MarkOverdue, hazard: Hazard): readonly HazardEvent[] {
  if (hazard.status !== 'noticed' || hazard.overdue) return [];
  const passed = hazard.dueAt === command.dueAt && hazard.dueAt <= command.at;
  return passed ? [{ type: 'HazardOverdue', ...command }] : [];
}

export function moveHazard(command: MoveHazard, hazard: Hazard): readonly HazardEvent[] {
  const { hazard: id, to, at } = command;
  if (hazard.status === 'none' || hazard.status === 'closed' || hazard.grid === to) return [];
  return [{ type: 'HazardMoved', hazard: id, from: hazard.grid, to, at }];
}

function withoutLimit(id: string, status: 'none' | 'found' | 'closed'): Refusal<HazardRefusal> {
  switch (status) {
    case 'none':
      return refuse('HazardNotFound', { hazard: id });
    case 'found':
      return refuse('HazardNotGraded');
    case 'closed':
      return refuse('HazardAlreadyClosed');
  }
}
