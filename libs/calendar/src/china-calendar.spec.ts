import { createHash } from 'node:crypto';
import { isPublished, isWorkingDay } from './calendar.js';
import { chinaCalendar } from './china-calendar.js';
import { dayAfter } from './day.js';

const { version, publishedFrom, publishedUntil } = chinaCalendar;

describe('the working calendar', () => {
  it.each([
    ['an ordinary Thursday', '2026-10-08', true],
    ['an ordinary Saturday', '2026-10-17', false],
    ['the National Day', '2026-10-01', false],
    ['a Wednesday off in exchange', '2026-10-07', false],
    ['a Saturday worked in exchange', '2026-10-10', true],
    ['a Sunday worked before a holiday', '2026-09-20', true],
    ['New Year’s Eve of 2024, which was worked', '2024-02-09', true],
    ['the Spring Festival of 2024', '2024-02-10', false],
    ['New Year’s Eve of 2025, a day off since then', '2025-01-28', false],
    ['the Mid-autumn Festival within the week of 2025', '2025-10-06', false],
  ])('%s: %s', (_, day, worked) => {
    expect(isWorkingDay(chinaCalendar, day)).toBe(worked);
  });

  it('has as many working days in a year as the notices leave', () => {
    const worked = (year: number) => {
      let count = 0;
      for (let day = `${year}-01-01`; day <= `${year}-12-31`; day = dayAfter(day)) {
        if (isWorkingDay(chinaCalendar, day)) count += 1;
      }
      return count;
    };
    expect([worked(2024), worked(2025), worked(2026)]).toEqual([251, 248, 248]);
  });

  it('knows only weekends of years that are not published', () => {
    expect([publishedFrom, publishedUntil]).toEqual(['2024-01-01', '2026-12-24']);
    expect(isPublished(chinaCalendar, '2027-02-08')).toBe(false);
    expect(isWorkingDay(chinaCalendar, '2027-10-01')).toBe(true);
    expect(isWorkingDay(chinaCalendar, '2027-10-02')).toBe(false);
  });

  it('is certain of a year’s last week only once the next year is published', () => {
    expect(isPublished(chinaCalendar, '2026-12-24')).toBe(true);
    expect(isPublished(chinaCalendar, '2026-12-25')).toBe(false);
  });

  it('says what it said before under the same version: raise it when this changes', () => {
    const days = JSON.stringify([
      publishedFrom,
      publishedUntil,
      chinaCalendar.holidays,
      chinaCalendar.workdays,
    ]);
    const digest = createHash('sha256').update(days).digest('hex').slice(0, 16);
    expect([version, digest]).toEqual([1, '09bc4967ce4a7a2c']);
  });
});
