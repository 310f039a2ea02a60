import type { z } from 'zod';
import { type Calendar, isWorkingDay } from './calendar.js';
import { dayAfter, endOfDay } from './day.js';
import type { termKindField } from './due-field.js';
import { localDay } from './local-time.js';

/** A term may stand for years; past this something is wrong. */
const STEPS_MAX = 40_000;

export type TermKind = z.infer<typeof termKindField>;

/** 中止: from when until when the clock of a term stands, RFC 3339; null: nobody knows yet. */
export interface Pause {
  readonly from: string;
  readonly to: string | null;
}

/** 期限: how long something may take, and from when. */
export interface Term {
  readonly kind: TermKind;
  /** 1 or more. */
  readonly days: number;
  /** RFC 3339. */
  readonly from: string;
  readonly pauses: readonly Pause[];
  /** Whether a last day that is not worked moves on to the next one that is. */
  readonly holidayShift: boolean;
}

/** The last day of a term, and the one that it was before a holiday moved it on. */
export interface LastDay {
  readonly lastDay: string;
  readonly nominal: string;
}

/** Counts a term out; undefined when its clock stands before its end. */
export function countOut(term: Term, calendar: Calendar): LastDay | undefined {
  const isCounted = (day: string): boolean =>
    !stands(term, day) && (term.kind === 'CALENDAR_DAYS' || isWorkingDay(calendar, day));
  const mayBeLast = (day: string): boolean =>
    !term.holidayShift || (!stands(term, day) && isWorkingDay(calendar, day));
  const nominal = nth(term, term.days, localDay(term.from), isCounted);
  if (nominal === undefined) return undefined;
  const lastDay = mayBeLast(nominal) ? nominal : nth(term, 1, nominal, mayBeLast);
  return lastDay === undefined ? undefined : { lastDay, nominal };
}

/** The n-th day after `day` that fits; undefined when the clock stops before and stands. */
function nth(
  term: Term,
  n: number,
  day: string,
  fits: (day: string) => boolean,
): string | undefined {
  let next = day;
  let left = n;
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    next = dayAfter(next);
    if (standsForGood(term, next)) return undefined;
    if (fits(next)) left -= 1;
    if (left === 0) return next;
  }
  throw new Error(`a term of ${term.days} days from ${term.from} does not end`);
}

/** Whether the clock stands at any moment of the day; a pause that ends as it begins is none. */
export function stands({ pauses }: Pick<Term, 'pauses'>, day: string): boolean {
  const begin = Date.parse(endOfDay(dayAfter(day, -1)));
  const end = Date.parse(endOfDay(day));
  return pauses.some(({ from, to }) => {
    const since = Date.parse(from);
    const until = to === null ? Infinity : Date.parse(to);
    return since < end && until > begin && until > since;
  });
}

function standsForGood({ pauses }: Term, day: string): boolean {
  return pauses.some(({ from, to }) => to === null && localDay(from) <= day);
}
