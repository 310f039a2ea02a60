import { z } from 'zod';
import type { EventsOf } from './event-schema.js';
import { accountField, areaCodeField, idField, nameField, timeField } from './fields.js';
import { sealedField } from './sealed.js';

/** 岗位类别: what a post's holder is there for. */
export type PostKind = z.infer<typeof postKindField>;

export const postKindField = z.enum([
  'GRID_WORKER',
  'GRID_LEADER',
  'MEDIATOR',
  'COMMUNITY_POLICE_OFFICER',
  'RESIDENT_AUXILIARY',
  'TEAM_LEADER',
  'COMMITTEE_CHAIR',
  'INSPECTOR',
  'TOWNSHIP_DESK',
  'COUNTY_SUPERVISOR',
]);

/** 任职人信息: who the holder of a post is. Only grid-registry can open it. */
export interface HolderDetails {
  readonly name: string;
}

/** 事由: why, in the words of who asked for it. Only grid-registry can open it. */
export interface StatedReason {
  readonly reason: string;
}

/** What grid-registry tells the other services. Names are the storage format: never reuse one. */
export const gridRegistryPublishedEvents = {
  GridOpened: z.strictObject({ grid: areaCodeField, name: nameField, at: timeField }),
  GridRenamed: z.strictObject({ grid: areaCodeField, name: nameField, at: timeField }),
  HolderAppointed: z.strictObject({
    post: idField,
    kind: postKindField,
    area: areaCodeField,
    holder: idField,
    /** Under the holder's own id. */
    sealed: sealedField<HolderDetails>(),
    /** Whose rights follow from it; without one nobody has any by it. */
    account: accountField.optional(),
    at: timeField,
  }),
  HolderReleased: z.strictObject({
    post: idField,
    kind: postKindField,
    area: areaCodeField,
    holder: idField,
    /** Under the holder's id; null when they were erased before, and no more is kept of them. */
    sealed: sealedField<StatedReason>().nullable(),
    /** As the appointment had it. */
    account: accountField.optional(),
    at: timeField,
  }),
};

export type GridRegistryPublishedEvent = EventsOf<typeof gridRegistryPublishedEvents>;
