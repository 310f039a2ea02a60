export { endOfDayAfter } from './deadline.js';
export { localDay, localTime, minuteOfDay } from './local-time.js';
