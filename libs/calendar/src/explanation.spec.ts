import { chinaCalendar } from './china-calendar.js';
import { dueOf } from './deadline.js';
import { explain } from './explanation.js';
import type { Term } from './term.js';

const term: Term = {
  kind: 'WORKING_DAYS',
  days: 3,
  from: '2026-09-30T02:00:00Z',
  pauses: [],
  holidayShift: false,
};
const mediation = { ...term, kind: 'CALENDAR_DAYS', days: 30, holidayShift: true } as const;

it.each([
  [
    'working days over a holiday',
    term,
    '自2026-09-30起3个工作日，首日不计，国庆节假期2026年10月1日至7日不计，2026年10月10日调休上班计入，于2026-10-10 24:00届满。',
    '3 working days from 2026-09-30, the first day not counted, without National Day (1 to 7 October 2026), with 10 October 2026 worked in exchange, ends on 2026-10-10 at 24:00.',
  ],
  [
    'one working day',
    { ...term, days: 1, from: '2026-03-10T01:00:00Z' },
    '自2026-03-10起1个工作日，首日不计，于2026-03-11 24:00届满。',
    '1 working day from 2026-03-10, the first day not counted, ends on 2026-03-11 at 24:00.',
  ],
  [
    'a holiday of one day, and two days worked in exchange',
    { ...term, days: 60, from: '2024-04-26T01:00:00Z' },
    '自2024-04-26起60个工作日，首日不计，劳动节假期2024年5月1日至5日不计，端午假期2024年6月10日不计，2024年4月28日、2024年5月11日调休上班计入，于2024-07-23 24:00届满。',
    '60 working days from 2024-04-26, the first day not counted, without Labour Day (1 to 5 May 2024), without Dragon Boat Festival (10 June 2024), with 28 April 2024 and 11 May 2024 worked in exchange, ends on 2024-07-23 at 24:00.',
  ],
  [
    'a shift',
    { ...mediation, from: '2026-09-02T02:00:00Z' },
    '自2026-09-02起30日，首日不计，2026-10-02为休息日，顺延至其后首个工作日，于2026-10-08 24:00届满。',
    '30 days from 2026-09-02, the first day not counted, moved on from 2026-10-02, which is not worked, to the next working day, ends on 2026-10-08 at 24:00.',
  ],
  [
    'pauses, of a day, over a month, over a year',
    {
      ...mediation,
      from: '2025-11-20T02:00:00Z',
      pauses: [
        { from: '2025-11-24T02:00:00Z', to: '2025-11-24T16:00:00Z' },
        { from: '2025-11-27T02:00:00Z', to: '2025-12-02T02:00:00Z' },
        { from: '2025-12-20T02:00:00Z', to: '2026-01-03T02:00:00Z' },
      ],
    },
    '自2025-11-20起30日，首日不计，2025年11月24日中止期间不计，2025年11月27日至12月2日中止期间不计，2025年12月20日至2026年1月3日中止期间不计，2026-01-11为休息日，顺延至其后首个工作日，于2026-01-12 24:00届满。',
    '30 days from 2025-11-20, the first day not counted, without the pause 24 November 2025, without the pause 27 November to 2 December 2025, without the pause 20 December 2025 to 3 January 2026, moved on from 2026-01-11, which is not worked, to the next working day, ends on 2026-01-12 at 24:00.',
  ],
  [
    'a clock that stands',
    { ...mediation, pauses: [{ from: '2026-10-03T02:00:00Z', to: null }] },
    '自2026-09-30起30日，首日不计，自2026-10-03起中止，恢复后继续计算。',
    '30 days from 2026-09-30, the first day not counted, paused from 2026-10-03 on, counted on once it is resumed.',
  ],
  [
    'a year that is not published',
    { ...term, from: '2026-12-30T02:00:00Z' },
    '自2026-12-30起3个工作日，首日不计，于2027-01-04 24:00届满，其中放假安排尚未公布，暂按周末推算，公布后重新计算。',
    '3 working days from 2026-12-30, the first day not counted, ends on 2027-01-04 at 24:00, provisional: the holidays are not published yet, and it is computed again once they are.',
  ],
])('a due date explains itself in a sentence: %s', (_, each, zh, en) => {
  expect(explain(dueOf(each, chinaCalendar))).toEqual({ zh, en });
});
