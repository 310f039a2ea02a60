import chineseDays from 'chinese-days';
import type { Calendar, Holiday } from './calendar.js';
import { dayAfter } from './day.js';

/** Nothing here is counted from an earlier day. */
const FIRST_YEAR = 2024;
const LAST_YEAR = 2100;

/** What the package says of a day that is off, or is worked in exchange: `National Day,国庆节,3`. */
interface Marked {
  readonly day: string;
  readonly work: boolean;
  readonly zh: string;
  readonly en: string;
}

/**
 * 本机日历: the calendar that this program comes with. Raise the version with every change of what
 * it says; its spec notices one.
 */
export const chinaCalendar: Calendar = readCalendar({ version: 1, source: 'chinese-days 1.5.7' });

function readCalendar(named: Pick<Calendar, 'version' | 'source'>): Calendar {
  const years: Marked[][] = [];
  // A year counts as published once its last holiday is.
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year += 1) {
    const marked = markedIn(year);
    if (!marked.some(({ day }) => day === `${year}-10-01`)) break;
    years.push(marked);
  }
  const marked = years.flat();
  return {
    ...named,
    publishedFrom: `${FIRST_YEAR}-01-01`,
    // The notice for the next year may still move days at the end of the last: 29 December 2018,
    // a Saturday, was worked, and Monday the 31st was off.
    publishedUntil: `${FIRST_YEAR + years.length - 1}-12-24`,
    holidays: marked.filter(({ work }) => !work).reduce(joined, []),
    workdays: marked.filter(({ work }) => work).map(({ day }) => day),
  };
}

function markedIn(year: number): Marked[] {
  const days: Marked[] = [];
  for (let day = `${year}-01-01`; day <= `${year}-12-31`; day = dayAfter(day)) {
    // West of Greenwich the `date` of the answer is a day early, like all that the package keeps: the
    // rest of it is right, as long as it is asked by the day alone.
    const { name, work } = chineseDays.getDayDetail(day);
    const [en, zh] = name.split(',');
    if (en !== undefined && zh !== undefined) days.push({ day, work, zh, en });
  }
  return days;
}

/** Days off in a row are one holiday, under one name or two: National Day and Mid-autumn. */
function joined(holidays: readonly Holiday[], { day, zh, en }: Marked): readonly Holiday[] {
  const last = holidays.at(-1);
  if (last === undefined || dayAfter(last.to) !== day) {
    return [...holidays, { from: day, to: day, zh, en }];
  }
  const known = last.zh.split('、').includes(zh);
  const names = known ? last : { zh: `${last.zh}、${zh}`, en: `${last.en} and ${en}` };
  return [...holidays.slice(0, -1), { from: last.from, to: day, zh: names.zh, en: names.en }];
}
