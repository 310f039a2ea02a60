import { z } from 'zod';
import { areaCodeField, type EventsOf, idField, nameField, timeField } from '#libs/contracts';

/** 场所类别: what a place is; its checklist follows from it. */
export type PlaceKind = z.infer<typeof placeKindField>;

export const placeKindField = z.enum([
  'SHOP',
  'RESTAURANT',
  'HOTEL',
  'SCHOOL',
  'WORKSHOP',
  'CLINIC',
  'OTHER',
]);

const place = { place: idField, at: timeField };

/** Names are the storage format: never reuse one for something else. */
export const placeEvents = {
  PlaceRegistered: z.strictObject({
    ...place,
    grid: areaCodeField,
    kind: placeKindField,
    name: nameField,
  }),
  PlaceMoved: z.strictObject({ ...place, from: areaCodeField, to: areaCodeField }),
  PlaceClosed: z.strictObject(place),
};

export type PlaceEvent = EventsOf<typeof placeEvents>;
