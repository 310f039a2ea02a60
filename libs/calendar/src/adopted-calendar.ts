import type { Aggregate } from '#libs/event';
import type { AdoptedCalendarEvent } from './adopted-calendar.events.js';
import type { Calendar } from './calendar.js';

/** 采用的日历: the calendar by which a service decides, as its own log tells it. */
export type AdoptedCalendar = Calendar | undefined;

/** 采用日历: decide by this calendar from now on. */
export interface AdoptCalendar {
  readonly calendar: Calendar;
  readonly at: string;
}

/** There is one: its stream is `calendar-china`. */
export const CHINA = 'china';

export const adoptedCalendars: Aggregate<AdoptedCalendar, AdoptedCalendarEvent> = {
  category: 'calendar',
  initial: undefined,
  evolve: (_, { version, source, publishedFrom, publishedUntil, holidays, workdays }) => ({
    version,
    source,
    publishedFrom,
    publishedUntil,
    holidays,
    workdays,
  }),
};

/** Only a newer one: two processes of which one is not updated yet decide by the same. */
export function adoptCalendar(
  { calendar, at }: AdoptCalendar,
  adopted: AdoptedCalendar,
): readonly AdoptedCalendarEvent[] {
  if (adopted !== undefined && adopted.version >= calendar.version) return [];
  const { holidays, workdays, ...facts } = calendar;
  return [
    {
      type: 'CalendarAdopted',
      ...facts,
      holidays: holidays.map((holiday) => ({ ...holiday })),
      workdays: [...workdays],
      at,
    },
  ];
}
