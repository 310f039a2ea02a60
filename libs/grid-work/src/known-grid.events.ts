import { z } from 'zod';
import {
  areaCodeField,
  type EventsOf,
  gridWorkPublishedEvents,
  idField,
  nameField,
  timeField,
} from '#libs/contracts';

/** Names are the storage format: never reuse one for something else. */
export const knownGridEvents = {
  /** Without a name when another grid's work came here before this grid's opening was heard of. */
  GridAdmitted: z.strictObject({ grid: areaCodeField, name: nameField.nullable(), at: timeField }),
  GridNamed: z.strictObject({ grid: areaCodeField, name: nameField, at: timeField }),
  GridShut: z.strictObject({
    grid: areaCodeField,
    closing: idField,
    successors: z.array(areaCodeField),
    at: timeField,
  }),
  GridReopened: z.strictObject({ grid: areaCodeField, closing: idField, at: timeField }),
  ...gridWorkPublishedEvents,
};

export type KnownGridEvent = EventsOf<typeof knownGridEvents>;
