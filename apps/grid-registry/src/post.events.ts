import { z } from 'zod';
import {
  areaCodeField,
  type EventsOf,
  gridClosingPublishedEvents,
  gridRegistryPublishedEvents,
  idField,
  postKindField,
  timeField,
} from '#libs/contracts';

const { HolderAppointed, HolderReleased } = gridRegistryPublishedEvents;

/** Names are the storage format: never reuse one for something else. */
export const postEvents = {
  PostCreated: z.strictObject({
    post: idField,
    kind: postKindField,
    area: areaCodeField,
    at: timeField,
  }),
  HolderAppointed,
  HolderReleased,
  PostMoved: gridClosingPublishedEvents.PostMoved,
};

export type PostEvent = EventsOf<typeof postEvents>;
