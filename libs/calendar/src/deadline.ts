import { SHANGHAI_MS } from './local-time.js';

const DAY_MS = 86_400_000;

/**
 * The end (24:00, Asia/Shanghai) of the `days`-th calendar day after the day of `at`.
 * The first day is not counted (Civil Code art. 201; Civil Procedure Law art. 85).
 *
 * @param at RFC 3339 time
 * @param days calendar days, 0 or more
 * @returns RFC 3339, UTC: the instant at which the next day begins
 */
export function endOfDayAfter(at: string, days: number): string {
  const local = Date.parse(at) + SHANGHAI_MS;
  const startOfDay = Math.floor(local / DAY_MS) * DAY_MS;
  return new Date(startOfDay + (days + 1) * DAY_MS - SHANGHAI_MS).toISOString();
}
