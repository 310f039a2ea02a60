import { localDay, localTime, minuteOfDay } from './local-time.js';

describe('what clock and calendar show in Shanghai', () => {
  it.each([
    ['an afternoon', '2026-03-09T08:00:00.000Z', '2026-03-09 16:00', 960],
    ['the last moment of a day', '2026-03-09T15:59:59.999Z', '2026-03-09 23:59', 1439.99998],
    ['midnight begins the next day', '2026-03-09T16:00:00.000Z', '2026-03-10 00:00', 0],
    ['a year begins earlier than in Greenwich', '2025-12-31T16:30:00Z', '2026-01-01 00:30', 30],
    ['a minute that has begun', '2026-03-09T08:00:30.000Z', '2026-03-09 16:00', 960.5],
  ])('%s', (_, at, time, minute) => {
    expect(localTime(at)).toBe(time);
    expect(localDay(at)).toBe(time.slice(0, 10));
    expect(minuteOfDay(at)).toBeCloseTo(minute, 4);
  });
});
