import { z } from 'zod';
import type { EventsOf } from './event-schema.js';
import { areaCodeField, idField, nameField, textField, timeField } from './fields.js';

/** 岗位类别: what a post's holder is there for. */
export type PostKind = z.infer<typeof postKindField>;

export const postKindField = z.enum([
  'GRID_WORKER',
  'GRID_LEADER',
  'MEDIATOR',
  'COMMUNITY_POLICE_OFFICER',
  'RESIDENT_AUXILIARY',
]);

/** What grid-registry tells the other services. Names are the storage format: never reuse one. */
export const gridRegistryPublishedEvents = {
  GridOpened: z.strictObject({ grid: areaCodeField, name: nameField, at: timeField }),
  GridRenamed: z.strictObject({ grid: areaCodeField, name: nameField, at: timeField }),
  HolderAppointed: z.strictObject({
    post: idField,
    kind: postKindField,
    area: areaCodeField,
    holder: idField,
    holderName: nameField,
    at: timeField,
  }),
  HolderReleased: z.strictObject({
    post: idField,
    kind: postKindField,
    area: areaCodeField,
    holder: idField,
    reason: textField,
    at: timeField,
  }),
};

export type GridRegistryPublishedEvent = EventsOf<typeof gridRegistryPublishedEvents>;
