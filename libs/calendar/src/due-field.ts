import { z } from 'zod';
import { timeField } from '#libs/contracts';

const dayField = z.iso.date();

export const holidayField = z.strictObject({
  from: dayField,
  to: dayField,
  zh: z.string().min(1).max(50),
  en: z.string().min(1).max(100),
});

/** 期限单位: how the days of a term are counted. */
export const termKindField = z.enum(['CALENDAR_DAYS', 'WORKING_DAYS']);

/** Until `to` the clock stands; null while nobody knows until when. */
const pauseField = z.strictObject({ from: timeField, to: timeField.nullable() });

/** A due date, with all that it was computed from: whoever doubts it computes it again. */
export const dueField = z.strictObject({
  kind: termKindField,
  days: z.int().min(1).max(3650),
  from: timeField,
  pauses: z.array(pauseField).max(100),
  /** Whether a last day that is not worked moves on to the next one that is. */
  holidayShift: z.boolean(),
  /** Which calendar said what is worked; null where no calendar is needed. */
  calendarVersion: z.int().min(1).nullable(),
  /** 24:00 of the last day, so the begin of the next; null while the clock stands. */
  dueAt: timeField.nullable(),
  /** Whether it rests on days that are not published yet. */
  isProvisional: z.boolean(),
  /** The holidays that were not counted, and the weekend days that were. */
  holidays: z.array(holidayField),
  workdays: z.array(dayField),
  /** The last day before it moved on, if it did. */
  shiftedFrom: dayField.nullable(),
});
