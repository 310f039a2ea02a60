import type { ServiceSettings } from '../src/rooms.js';

/** As an office has them that does not shift what ends on a holiday: the model counts days only. */
export const settings: ServiceSettings = {
  mediationDays: 30,
  holidayShift: false,
  consentDays: 3,
  recheckDays: 3,
};
