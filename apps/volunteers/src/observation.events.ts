import { z } from 'zod';
import { type EventsOf, idField, timeField, volunteersPublishedEvents } from '#libs/contracts';

/** 处理进展: what has become of an observation: a hazard was found from it, and closed. */
export const followUpField = z.enum(['FOUND', 'CLOSED']);

/** Names are the storage format: never reuse one for something else. */
export const observationEvents = {
  ...volunteersPublishedEvents,
  /** What inspections has told about the hazard that the observation led to. */
  ObservationFollowed: z.strictObject({
    observation: idField,
    hazard: idField,
    status: followUpField,
    at: timeField,
  }),
};

export type FollowUp = z.infer<typeof followUpField>;
export type ObservationEvent = EventsOf<typeof observationEvents>;
