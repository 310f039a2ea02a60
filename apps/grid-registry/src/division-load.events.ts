import { z } from 'zod';
import { areaCodeField, type EventsOf, timeField } from '#libs/contracts';

/** Names are the storage format: never reuse one for something else. */
export const divisionLoadEvents = {
  DivisionsLoaded: z.strictObject({
    root: areaCodeField,
    source: z.string().min(1).max(200),
    rows: z.int().min(0),
    refused: z.int().min(0),
    at: timeField,
  }),
};

export type DivisionLoadEvent = EventsOf<typeof divisionLoadEvents>;
