import { z } from 'zod';
import type { EventsOf } from './event-schema.js';
import { areaCodeField, idField, timeField } from './fields.js';
import { sealedField } from './sealed.js';

/** 隐患描述: what an inspection found, in the words of who found it. Only inspections can open it. */
export interface HazardText {
  readonly description: string;
}

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
    /** Under the hazard's own id; null when the observation tells it, which volunteers keeps. */
    sealed: sealedField<HazardText>().nullable(),
    /** The subject who found it: somebody else rechecks. */
    finder: z.string().min(1).max(100),
  }),
  HazardClosed: z.strictObject({ ...hazard, fixedOnSpot: z.boolean() }),
};

export type InspectionsPublishedEvent = EventsOf<typeof inspectionsPublishedEvents>;
