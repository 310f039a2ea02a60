import { z } from 'zod';
import { areaCodeField, type EventsOf, idField, timeField } from '#libs/contracts';

/** Names are the storage format: never reuse one for something else. */
export const mediatorEvents = {
  MediatorEnlisted: z.strictObject({ mediator: idField, area: areaCodeField, at: timeField }),
  /** The mediator's post went along with its grid. */
  MediatorMoved: z.strictObject({ mediator: idField, area: areaCodeField, at: timeField }),
  MediatorWithdrawn: z.strictObject({ mediator: idField, at: timeField }),
};

export type MediatorEvent = EventsOf<typeof mediatorEvents>;
