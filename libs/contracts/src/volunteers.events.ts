import { z } from 'zod';
import type { EventsOf } from './event-schema.js';
import { areaCodeField, idField, textField, timeField } from './fields.js';

/** What volunteers tells the other services. Names are the storage format: never reuse one. */
export const volunteersPublishedEvents = {
  /** A place and a fact, never a person (the boundary, B3). */
  ObservationNoted: z.strictObject({
    observation: idField,
    shift: idField,
    grid: areaCodeField,
    place: textField,
    fact: textField,
    at: timeField,
  }),
};

export type VolunteersPublishedEvent = EventsOf<typeof volunteersPublishedEvents>;
