const DAY_MS = 86_400_000;
const SHANGHAI_MS = 8 * 3_600_000;

/** 24:00 in Shanghai, so many days after the day on which something happened. */
export function endOfDay(at: string, days: number): string {
  const day = Math.floor((Date.parse(at) + SHANGHAI_MS) / DAY_MS) + days;
  return new Date((day + 1) * DAY_MS - SHANGHAI_MS).toISOString();
}
