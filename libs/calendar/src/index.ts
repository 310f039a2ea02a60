export {
  type AdoptCalendar,
  adoptCalendar,
  type AdoptedCalendar,
  adoptedCalendars,
  CHINA,
} from './adopted-calendar.js';
export { type AdoptedCalendarEvent, adoptedCalendarEvents } from './adopted-calendar.events.js';
export { type Calendar, type Holiday, isPublished, isWorkingDay } from './calendar.js';
export { chinaCalendar } from './china-calendar.js';
export { type Due, dueAgain, dueOf, endOfDayAfter, plainDue } from './deadline.js';
export { dueField } from './due-field.js';
export { explain, type Explanation } from './explanation.js';
export { localDay, localTime, minuteOfDay } from './local-time.js';
export { type Pause, type Term, type TermKind } from './term.js';
