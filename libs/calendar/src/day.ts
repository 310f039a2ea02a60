import { SHANGHAI_MS } from './local-time.js';

const DAY_MS = 86_400_000;

/** The day `days` days after a day, both YYYY-MM-DD. */
export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** 24:00 of a day in Shanghai: the instant at which the next day begins. RFC 3339, UTC. */
export function endOfDay(day: string): string {
  return new Date(Date.parse(day) + DAY_MS - SHANGHAI_MS).toISOString();
}

/** Whether a day, YYYY-MM-DD, is a Saturday or a Sunday. */
export function isWeekend(day: string): boolean {
  return [0, 6].includes(new Date(day).getUTCDay());
}
