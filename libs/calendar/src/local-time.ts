/** Asia/Shanghai has been UTC+8 without summer time since 1991. */
export const SHANGHAI_MS = 8 * 3_600_000;

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

/** What a clock in Shanghai shows at an RFC 3339 time: `2026-03-09 16:00`. */
export function localTime(at: string): string {
  return new Date(Date.parse(at) + SHANGHAI_MS).toISOString().slice(0, 16).replace('T', ' ');
}

/** The day in Shanghai at an RFC 3339 time: `2026-03-09`. */
export function localDay(at: string): string {
  return localTime(at).slice(0, 10);
}

/** Minutes since midnight in Shanghai, with fractions, at an RFC 3339 time. */
export function minuteOfDay(at: string): number {
  return ((Date.parse(at) + SHANGHAI_MS) / MINUTE_MS) % DAY_MINUTES;
}
