import { z } from 'zod';
import type { EventsOf } from './event-schema.js';
import { areaCodeField, idField, textField, timeField } from './fields.js';

const hazard = {
  hazard: idField,
  /** The patrol's observation that led to it, if one did. */
  observation: idField.nullable(),
  at: timeField,
};

/** What inspections tells the other services. Names are the storage format: never reuse one. */
export const inspectionsPublishedEvents = {
  HazardFound: z.strictObject({
    ...hazard,
    grid: areaCodeField,
    place: idField.nullable(),
    inspection: idField.nullable(),
    description: textField,
    /** The subject who found it: somebody else rechecks. */
    finder: z.string().min(1).max(100),
  }),
  HazardClosed: z.strictObject({ ...hazard, fixedOnSpot: z.boolean() }),
};

export type InspectionsPublishedEvent = EventsOf<typeof inspectionsPublishedEvents>;
