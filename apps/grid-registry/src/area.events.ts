import { z } from 'zod';
import { areaCodeField, type EventsOf, nameField, timeField } from '#libs/contracts';

/** Names are the storage format: never reuse one for something else. */
export const areaEvents = {
  AreaRegistered: z.strictObject({ area: areaCodeField, name: nameField, at: timeField }),
};

export type AreaEvent = EventsOf<typeof areaEvents>;
