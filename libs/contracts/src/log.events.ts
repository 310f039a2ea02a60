import { z } from 'zod';
import type { EventsOf } from './event-schema.js';
import { textField, timeField } from './fields.js';

/** Why a delivery was passed over. */
export const skipReasonField = z
  .string()
  .max(500)
  .refine((text) => text.trim() !== '', 'a reason');

/**
 * What every log may hold beside its service's own events, in the stream `log-SERVICE`. Names are
 * the storage format: never reuse one.
 */
export const logEvents = {
  /** The log was put back to an older state than it had signed, and goes on under another name. */
  LogRecovered: z.strictObject({
    /** Counts its names, the first being 1. */
    epoch: z.int().min(2),
    /** Its name in its checkpoints from here on. */
    origin: z.string().min(1),
    reason: textField,
    /** How many events it is known to have had, and their root in base64, if that was signed. */
    lostSize: z.int().min(0),
    lostRoot: z.base64().length(44).nullable(),
    at: timeField,
  }),
  /** An operator has passed over an event that a handler of this service could not take. */
  DeliverySkipped: z.strictObject({
    /** `Reaction.method`, or `view:NAME`. */
    handler: z.string().min(1).max(200),
    /** Whose event it was, and where it stands in their log. */
    origin: z.string().min(1).max(200),
    stream: z.string().min(1).max(500),
    position: z.int().min(0),
    /** No personal data belongs here: it is neither sealed nor erased. */
    reason: skipReasonField,
    at: timeField,
  }),
};

export type LogOwnEvent = EventsOf<typeof logEvents>;
