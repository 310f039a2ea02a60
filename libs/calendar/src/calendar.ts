import { isWeekend } from './day.js';

/** 节假日: days off in a row, and how they are called. Days are YYYY-MM-DD, both included. */
export interface Holiday {
  readonly from: string;
  readonly to: string;
  readonly zh: string;
  readonly en: string;
}

/**
 * 工作日历: which days are worked, as published each year by the General Office of the State
 * Council (under the Regulation on public holidays 全国年节及纪念日放假办法, art. 6).
 */
export interface Calendar {
  /** Grows with every change; which days it says is never changed under the same number. */
  readonly version: number;
  /** Who says so: the package and its version. */
  readonly source: string;
  /** The first and the last day that are published; outside them only weekends are known. */
  readonly publishedFrom: string;
  readonly publishedUntil: string;
  /** In their order. */
  readonly holidays: readonly Holiday[];
  /** 调休上班日: Saturdays and Sundays that are worked in exchange, in their order. */
  readonly workdays: readonly string[];
}

/** Whether a day, YYYY-MM-DD, is worked; as far as nothing is published, Monday to Friday are. */
export function isWorkingDay(calendar: Calendar, day: string): boolean {
  if (calendar.workdays.includes(day)) return true;
  return !isWeekend(day) && holidayOn(calendar, day) === undefined;
}

export function holidayOn(calendar: Calendar, day: string): Holiday | undefined {
  return calendar.holidays.find(({ from, to }) => from <= day && day <= to);
}

/** Whether the calendar knows for certain if the day is worked. */
export function isPublished(calendar: Calendar, day: string): boolean {
  return calendar.publishedFrom <= day && day <= calendar.publishedUntil;
}
