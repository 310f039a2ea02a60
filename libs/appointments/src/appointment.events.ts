import { z } from 'zod';
import {
  accountField,
  areaCodeField,
  type EventsOf,
  idField,
  postKindField,
  timeField,
} from '#libs/contracts';

const told = {
  holder: idField,
  account: accountField,
  post: idField,
  kind: postKindField,
  area: areaCodeField,
  at: timeField,
};

/** Names are the storage format: never reuse one for something else. */
export const appointmentEvents = {
  /** An account was appointed to a post. */
  AppointmentHeard: z.strictObject(told),
  /** The post went along with its grid. */
  AppointmentMoved: z.strictObject(told),
  /** Who held the post was released: what they might do by it, they may no longer. */
  AppointmentEnded: z.strictObject(told),
};

export type AppointmentEvent = EventsOf<typeof appointmentEvents>;
