import { endOfDayAfter } from './deadline.js';

/** Written as people in Shaoyang read the clock: UTC+8, without summer time. */
const shanghai = (text: string) => new Date(`${text}+08:00`).toISOString();

describe('a deadline ends with a day in Shanghai', () => {
  it.each([
    ['the first day is not counted', '2026-03-10T09:00:00.000', 1, '2026-03-12T00:00:00'],
    ['no days end with the same day', '2026-03-10T09:00:00.000', 0, '2026-03-11T00:00:00'],
    ['a day begins at midnight', '2026-03-10T00:00:00.000', 1, '2026-03-12T00:00:00'],
    ['a day lasts to its last millisecond', '2026-03-10T23:59:59.999', 1, '2026-03-12T00:00:00'],
    ['the next millisecond is the next day', '2026-03-11T00:00:00.000', 1, '2026-03-13T00:00:00'],
    ['a month of 31 days ends', '2026-01-31T12:00:00.000', 1, '2026-02-02T00:00:00'],
    ['30 days from the end of January', '2026-01-31T12:00:00.000', 30, '2026-03-03T00:00:00'],
    ['30 days run over a leap day', '2028-01-31T12:00:00.000', 30, '2028-03-02T00:00:00'],
    ['a leap day is a day', '2028-02-28T12:00:00.000', 1, '2028-03-01T00:00:00'],
    ['without a leap day March follows', '2026-02-28T12:00:00.000', 1, '2026-03-02T00:00:00'],
    ['2100 is no leap year', '2100-02-28T12:00:00.000', 1, '2100-03-02T00:00:00'],
    ['a year ends', '2026-12-31T23:59:59.999', 1, '2027-01-02T00:00:00'],
    ['a year of days', '2026-03-10T09:00:00.000', 365, '2027-03-11T00:00:00'],
  ])('%s', (_, at, days, end) => {
    expect(endOfDayAfter(shanghai(at), days)).toBe(shanghai(end));
  });

  it('the evening in UTC is the next morning in Shanghai', () => {
    expect(endOfDayAfter('2026-03-10T15:59:59.999Z', 1)).toBe('2026-03-11T16:00:00.000Z');
    expect(endOfDayAfter('2026-03-10T16:00:00.000Z', 1)).toBe('2026-03-12T16:00:00.000Z');
  });

  it('the zone in which the time was written does not matter', () => {
    const same = ['2026-03-10T17:30:00Z', '2026-03-11T01:30:00+08:00', '2026-03-10T12:30:00-05:00'];
    expect(new Set(same.map((at) => endOfDayAfter(at, 30))).size).toBe(1);
  });

  it('each further day is 24 hours: there is no summer time', () => {
    const ends = Array.from({ length: 400 }, (_, days) =>
      Date.parse(endOfDayAfter('2026-01-15T04:00:00Z', days)),
    );
    const steps = ends.slice(1).map((end, index) => end - (ends[index] ?? 0));
    expect(new Set(steps)).toEqual(new Set([86_400_000]));
  });
});
