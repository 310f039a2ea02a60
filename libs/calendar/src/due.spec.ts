import { type Calendar } from './calendar.js';
import { chinaCalendar } from './china-calendar.js';
import { type Due, dueAgain, dueOf, plainDue } from './deadline.js';
import { dueField } from './due-field.js';
import type { Pause, Term } from './term.js';

/** Written as people in Shaoyang read the clock. */
const shanghai = (text: string) => new Date(`${text}+08:00`).toISOString();
const pause = (from: string, to: string | null): Pause => ({
  from: shanghai(from),
  to: to === null ? null : shanghai(to),
});

const due = (term: Partial<Term> & Pick<Term, 'days' | 'from'>, calendar = chinaCalendar): Due =>
  dueOf(
    { kind: 'WORKING_DAYS', pauses: [], holidayShift: false, ...term, from: shanghai(term.from) },
    calendar,
  );
const CALENDAR_DAYS = { kind: 'CALENDAR_DAYS' } as const;
const SHIFTED = { ...CALENDAR_DAYS, holidayShift: true };
/** The day with whose end a due date comes. */
const lastDay = ({ dueAt }: Due): string | null =>
  dueAt && new Date(Date.parse(dueAt) + 8 * 3_600_000 - 1).toISOString().slice(0, 10);

describe('working days', () => {
  it.each([
    ['the first day is not counted', '2026-03-10T09:00', 1, '2026-03-11'],
    ['a weekend is not counted', '2026-03-12T09:00', 3, '2026-03-17'],
    ['what begins on a Saturday begins with Monday', '2026-03-14T09:00', 1, '2026-03-16'],
    ['a week off is not counted, a Saturday in exchange is', '2026-09-30T09:00', 3, '2026-10-10'],
    ['two holidays in a row', '2025-09-30T10:00', 3, '2025-10-11'],
    ['a Sunday worked before the holiday', '2026-09-19T09:00', 1, '2026-09-20'],
    ['the Spring Festival of 2026', '2026-02-13T17:30', 2, '2026-02-24'],
    ['the last millisecond of a day', '2026-03-10T23:59:59.999', 1, '2026-03-11'],
    ['the first of the next', '2026-03-11T00:00', 1, '2026-03-12'],
    ['20 of them, as a result is to be public in', '2026-03-02T09:00', 20, '2026-03-30'],
  ])('%s', (_, from, days, last) => {
    expect(lastDay(due({ from, days }))).toBe(last);
  });

  it('end at 24:00 in Shanghai, which is 16:00 in Greenwich', () => {
    expect(due({ from: '2026-03-10T09:00', days: 1 }).dueAt).toBe('2026-03-11T16:00:00.000Z');
  });

  it('tell which holidays took time and which weekend days gave it', () => {
    expect(due({ from: '2026-09-30T09:00', days: 3 })).toMatchObject({
      holidays: [{ from: '2026-10-01', to: '2026-10-07', zh: '国庆节', en: 'National Day' }],
      workdays: ['2026-10-10'],
      calendarVersion: 1,
    });
  });
});

describe('calendar days', () => {
  it.each([
    ['30 days to mediate in', '2026-03-03T10:00', 30, '2026-04-02'],
    ['end on a holiday', '2026-09-02T10:00', 30, '2026-10-02'],
    ['end on a Sunday', '2026-03-06T10:00', 30, '2026-04-05'],
  ])('are all counted: %s', (_, from, days, last) => {
    const plain = due({ ...CALENDAR_DAYS, from, days });
    expect(lastDay(plain)).toBe(last);
    expect(plain).toMatchObject({ calendarVersion: null, isProvisional: false });
    expect(plain).toEqual(plainDue(shanghai(from), days));
  });

  it.each([
    ['not from a working day', '2026-03-03T10:00', 30, '2026-04-02', null],
    ['from a holiday to after it', '2026-09-02T10:00', 30, '2026-10-08', '2026-10-02'],
    ['from a weekend to Monday', '2026-03-19T10:00', 30, '2026-04-20', '2026-04-18'],
    ['to a Saturday that is worked', '2026-09-09T10:00', 28, '2026-10-08', '2026-10-07'],
    ['not from a Saturday that is worked', '2026-09-10T10:00', 30, '2026-10-10', null],
  ])('with the shift of Civil Code art. 203 move on %s', (_, from, days, last, shiftedFrom) => {
    const shifted = due({ ...SHIFTED, from, days });
    expect([lastDay(shifted), shifted.shiftedFrom]).toEqual([last, shiftedFrom]);
  });
});

describe('a pause', () => {
  const from = '2026-03-03T10:00';

  it.each([
    ['of three days gives three', pause('2026-03-10T00:00', '2026-03-13T00:00'), '2026-04-05'],
    ['takes each day that it touches', pause('2026-03-10T23:59', '2026-03-11T00:01'), '2026-04-04'],
    [
      'that ends at midnight leaves the next day',
      pause('2026-03-10T09:00', '2026-03-11T00:00'),
      '2026-04-03',
    ],
    ['that ends as it begins is none', pause('2026-03-10T09:00', '2026-03-10T09:00'), '2026-04-02'],
    [
      'on the day that is not counted anyway',
      pause('2026-03-03T11:00', '2026-03-03T12:00'),
      '2026-04-02',
    ],
    ['after the end changes nothing', pause('2026-04-03T00:00', '2026-05-01T00:00'), '2026-04-02'],
    ['on the last day moves the end', pause('2026-04-02T10:00', '2026-04-02T11:00'), '2026-04-03'],
  ])('%s', (_, each, last) => {
    expect(lastDay(due({ ...CALENDAR_DAYS, from, days: 30, pauses: [each] }))).toBe(last);
  });

  it('takes a day once, in however many pauses it lies', () => {
    const pauses = [
      pause('2026-03-10T09:00', '2026-03-12T09:00'),
      pause('2026-03-11T09:00', '2026-03-12T18:00'),
    ];
    expect(lastDay(due({ ...CALENDAR_DAYS, from, days: 30, pauses }))).toBe('2026-04-05');
  });

  it('of working days gives back those that are worked only', () => {
    const pauses = [pause('2026-03-06T09:00', '2026-03-09T09:00')];
    expect(lastDay(due({ from, days: 5, pauses }))).toBe('2026-03-12');
  });

  it('leaves the end open while nobody knows how long it lasts', () => {
    const pauses = [pause('2026-03-10T09:00', null)];
    expect(due({ ...SHIFTED, from, days: 30, pauses }).dueAt).toBeNull();
    expect(lastDay(due({ from, days: 4, pauses }))).toBe('2026-03-09');
    expect(due({ from, days: 5, pauses }).dueAt).toBeNull();
  });

  it('in a holiday at the end of a term keeps the day after it from being the last', () => {
    const pauses = [pause('2026-10-05T09:00', '2026-10-08T09:00')];
    const shifted = due({ ...SHIFTED, from: '2026-09-02T10:00', days: 30, pauses });
    expect(lastDay(shifted)).toBe('2026-10-09');
  });
});

describe('a year that is not published', () => {
  it.each([
    ['working days that reach into it', { days: 3, from: '2026-12-30T10:00' }, true],
    ['working days before it', { days: 3, from: '2026-12-20T10:00' }, false],
    ['a shift that may be one', { ...SHIFTED, days: 30, from: '2026-12-20T10:00' }, true],
    ['calendar days', { ...CALENDAR_DAYS, days: 30, from: '2026-12-20T10:00' }, false],
  ])('makes a due date provisional or not: %s', (_, term, isProvisional) => {
    expect(due(term).isProvisional).toBe(isProvisional);
  });

  it('is counted again by the calendar that publishes it', () => {
    const before = due({ days: 3, from: '2026-12-30T10:00' });
    const after = dueAgain(before, nextCalendar);
    expect([lastDay(before), lastDay(after)]).toEqual(['2027-01-04', '2027-01-06']);
    expect(after).toMatchObject({ calendarVersion: 2, isProvisional: false });
  });
});

/** As the notice for 2027 might be. */
const nextCalendar: Calendar = {
  ...chinaCalendar,
  version: 2,
  publishedUntil: '2027-12-24',
  holidays: [
    ...chinaCalendar.holidays,
    { from: '2027-01-01', to: '2027-01-04', zh: '元旦', en: 'New Year’s Day' },
  ],
};

it('a due date is recorded as its schema says', () => {
  const pauses = [pause('2026-03-10T09:00', null)];
  for (const each of [
    due({ days: 3, from: '2026-09-30T10:00' }),
    due({ ...SHIFTED, days: 30, from: '2026-03-19T10:00' }),
    due({ ...SHIFTED, days: 30, from: '2026-03-03T10:00', pauses }),
  ]) {
    expect(dueField.parse(each)).toEqual(each);
  }
});
