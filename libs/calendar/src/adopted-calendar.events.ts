import { z } from 'zod';
import { type EventsOf, timeField } from '#libs/contracts';
import { holidayField } from './due-field.js';

/** Names are the storage format: never reuse one for something else. */
export const adoptedCalendarEvents = {
  /** The whole calendar, so that a due date can be recomputed from the log alone, for ever. */
  CalendarAdopted: z.strictObject({
    version: z.int().min(1),
    source: z.string().min(1).max(100),
    publishedFrom: z.iso.date(),
    publishedUntil: z.iso.date(),
    holidays: z.array(holidayField).max(1000),
    workdays: z.array(z.iso.date()).max(1000),
    at: timeField,
  }),
};

export type AdoptedCalendarEvent = EventsOf<typeof adoptedCalendarEvents>;
