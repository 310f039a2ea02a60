import { z } from 'zod';
import type { EventsOf } from './event-schema.js';
import { accountField, areaCodeField, idField, timeField } from './fields.js';
import { postKindField, type StatedReason } from './grid-registry.events.js';
import { sealedField } from './sealed.js';

/** 参与服务: a service that is asked for its work when a grid closes. */
export type GridWorkService = z.infer<typeof gridWorkServiceField>;

export const gridWorkServiceField = z.enum([
  'grid-registry',
  'mediation',
  'volunteers',
  'inspections',
]);

const closing = { grid: areaCodeField, closing: idField, at: timeField };
const successors = z.array(areaCodeField);

/**
 * How a grid closes (design, decision 15), as grid-registry tells it. `closing` names the attempt.
 * Names are the storage format: never reuse one.
 */
export const gridClosingPublishedEvents = {
  /** The first successor takes the work; the others share the ground. */
  GridClosing: z.strictObject({
    ...closing,
    successors,
    asked: z.array(gridWorkServiceField).min(1),
    /** Under the id of the attempt. */
    sealed: sealedField<StatedReason>(),
  }),
  GridRetired: z.strictObject({ ...closing, successors }),
  GridRetirementRefused: z.strictObject({
    ...closing,
    open: z.array(z.strictObject({ service: gridWorkServiceField, count: z.int().min(1) })).min(1),
  }),
  /** A post went along to the successor of its grid. */
  PostMoved: z.strictObject({
    post: idField,
    kind: postKindField,
    from: areaCodeField,
    area: areaCodeField,
    holder: idField.nullable(),
    /** Of the holder, as the appointment had it. */
    account: accountField.optional(),
    at: timeField,
  }),
};

export type GridClosingPublishedEvent = EventsOf<typeof gridClosingPublishedEvents>;
