import type { z } from 'zod';
import { type Calendar, type Holiday, isPublished, isWorkingDay } from './calendar.js';
import { dayAfter, endOfDay, isWeekend } from './day.js';
import type { dueField } from './due-field.js';
import { localDay } from './local-time.js';
import { countOut, stands, type Term } from './term.js';

/** 到期: when a term ends, with all that this was computed from. */
export type Due = Readonly<z.infer<typeof dueField>>;

/**
 * When a term ends. Which days it counts:
 *
 * - The day of `from` is not counted (Civil Code art. 201; Civil Procedure Law art. 85).
 * - Calendar days: every other. With `holidayShift` a last day that is not worked moves on to the
 *   next one that is (Civil Code art. 203).
 * - Working days: those that are worked; weekends and holidays are not counted (Administrative
 *   Licensing Law art. 82).
 * - A day in which the clock stands, be it for a minute, is not counted, nor is it the last: the
 *   time that something else takes is no part of a term (as in art. 45 of that law). The instant
 *   `to` is no part of the pause.
 *
 * The last day ends at 24:00 in Shanghai (Civil Code art. 203).
 *
 * @returns `dueAt` null while the clock stands before the end and nobody knows until when
 */
export function dueOf(term: Term, calendar: Calendar): Due {
  const { kind, days, from, holidayShift } = term;
  const asksCalendar = kind === 'WORKING_DAYS' || holidayShift;
  const asked = {
    kind,
    days,
    from,
    pauses: term.pauses.map((pause) => ({ ...pause })),
    holidayShift,
    calendarVersion: asksCalendar ? calendar.version : null,
  };
  const counted = countOut(term, calendar);
  if (counted === undefined) {
    return { ...asked, dueAt: null, isProvisional: false, ...nothingSkipped };
  }
  const { lastDay, nominal } = counted;
  const first = dayAfter(localDay(from));
  const asksFor = kind === 'WORKING_DAYS' ? [first, lastDay] : [nominal, lastDay];
  const isCertain = !asksCalendar || asksFor.every((day) => isPublished(calendar, day));
  return {
    ...asked,
    dueAt: endOfDay(lastDay),
    isProvisional: !isCertain,
    ...(kind === 'WORKING_DAYS' ? passedOver(term, calendar, first, lastDay) : nothingSkipped),
    shiftedFrom: nominal === lastDay ? null : nominal,
  };
}

/** The same term by another calendar: what was asked for is in a due date. */
export function dueAgain(due: Due, calendar: Calendar): Due {
  const { kind, days, from, pauses, holidayShift } = due;
  return dueOf({ kind, days, from, pauses, holidayShift }, calendar);
}

/** Calendar days without a holiday shift: they need no calendar. */
export function plainDue(from: string, days: number): Due {
  return dueOf({ kind: 'CALENDAR_DAYS', days, from, pauses: [], holidayShift: false }, noCalendar);
}

const noCalendar: Calendar = {
  version: 1,
  source: 'none',
  publishedFrom: '0000-01-01',
  publishedUntil: '0000-01-01',
  holidays: [],
  workdays: [],
};

const nothingSkipped: Pick<Due, 'holidays' | 'workdays' | 'shiftedFrom'> = {
  holidays: [],
  workdays: [],
  shiftedFrom: null,
};

/** Between two days: the holidays that took working time, and the weekend days that gave it. */
function passedOver(
  term: Term,
  calendar: Calendar,
  first: string,
  last: string,
): Pick<Due, 'holidays' | 'workdays'> {
  const lies = ({ from, to }: Holiday): boolean => from <= last && to >= first;
  const isGiven = (day: string): boolean =>
    first <= day && day <= last && isWeekend(day) && !stands(term, day);
  return {
    holidays: calendar.holidays.filter(lies).map((holiday) => ({ ...holiday })),
    workdays: calendar.workdays.filter((day) => isGiven(day) && isWorkingDay(calendar, day)),
  };
}

/**
 * The end (24:00, Asia/Shanghai) of the `days`-th calendar day after the day of `at`.
 * The first day is not counted (Civil Code art. 201; Civil Procedure Law art. 85).
 *
 * @param at RFC 3339 time
 * @param days calendar days, 0 or more
 * @returns RFC 3339, UTC: the instant at which the next day begins
 */
export function endOfDayAfter(at: string, days: number): string {
  return endOfDay(dayAfter(localDay(at), days));
}
