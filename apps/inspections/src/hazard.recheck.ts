import { type Calendar, dueAgain } from '#libs/calendar';
import type { HazardEvent } from './hazard.events.js';
import type { Hazard, RecheckTerm } from './hazard.js';

/** 标记复查逾期: the time to recheck it in has passed. */
export interface MarkRecheckLate {
  readonly hazard: string;
  readonly dueAt: string;
  readonly at: string;
}

/** 更正复查期限: a newer calendar says when a provisional time ends. */
export interface CorrectRecheck {
  readonly hazard: string;
  readonly at: string;
}

/** A reminder that comes too early, too late or once more finds nothing to record. */
export function markRecheckLate(command: MarkRecheckLate, hazard: Hazard): readonly HazardEvent[] {
  const dueAt = running(hazard)?.due.dueAt;
  const passed = dueAt === command.dueAt && dueAt <= command.at;
  return passed ? [{ type: 'RecheckTermPassed', ...command }] : [];
}

/** What was said for certain stays; only a provisional end follows the newer calendar. */
export function correctRecheck(
  { hazard: id, at }: CorrectRecheck,
  hazard: Hazard,
  calendar: Calendar,
): readonly HazardEvent[] {
  const term = running(hazard);
  if (term === undefined || !term.due.isProvisional) return [];
  const { dueAt: was, calendarVersion } = term.due;
  if (was === null || calendarVersion === null || calendarVersion >= calendar.version) return [];
  const due = dueAgain(term.due, calendar);
  return [{ type: 'RecheckTermCorrected', hazard: id, reason: 'CALENDAR_ADOPTED', was, due, at }];
}

function running(hazard: Hazard): RecheckTerm | undefined {
  if (hazard.status !== 'rectified' || hazard.recheck === null) return undefined;
  return hazard.recheck.passed ? undefined : hazard.recheck;
}
