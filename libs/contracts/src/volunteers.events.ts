import { z } from 'zod';
import type { EventsOf } from './event-schema.js';
import { areaCodeField, idField, timeField } from './fields.js';
import { sealedField } from './sealed.js';

/** 发现内容: where a volunteer noted something, and what is so there. Only volunteers can open it. */
export interface ObservationText {
  readonly place: string;
  readonly fact: string;
}

/** What volunteers tells the other services. Names are the storage format: never reuse one. */
export const volunteersPublishedEvents = {
  /** A place and a fact, never a person (the boundary, B3). */
  ObservationNoted: z.strictObject({
    observation: idField,
    shift: idField,
    grid: areaCodeField,
    /** Under the observation's own id. Who works on it reads it from the observation itself. */
    sealed: sealedField<ObservationText>(),
    at: timeField,
  }),
};

export type VolunteersPublishedEvent = EventsOf<typeof volunteersPublishedEvents>;
