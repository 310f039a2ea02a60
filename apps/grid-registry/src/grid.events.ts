import { z } from 'zod';
import {
  areaCodeField,
  type EventsOf,
  gridClosingPublishedEvents,
  gridRegistryPublishedEvents,
  gridWorkServiceField,
  idField,
  timeField,
} from '#libs/contracts';

const { GridOpened, GridRenamed } = gridRegistryPublishedEvents;
const { GridClosing, GridRetired, GridRetirementRefused } = gridClosingPublishedEvents;
const succession = {
  grid: areaCodeField,
  predecessor: areaCodeField,
  closing: idField,
  at: timeField,
};

/** Names are the storage format: never reuse one for something else. */
export const gridEvents = {
  GridOpened,
  GridRenamed,
  GridClosing,
  /** What one service answered; `open` is 0 when nothing is left there. */
  GridWorkAnswered: z.strictObject({
    grid: areaCodeField,
    closing: idField,
    service: gridWorkServiceField,
    open: z.int().min(0),
    at: timeField,
  }),
  GridRetired,
  GridRetirementRefused,
  /** Another grid is closing into this one, which therefore stays open meanwhile. */
  GridNamedSuccessor: z.strictObject(succession),
  /** The other grid was retired (`taken`), or stayed after all. */
  GridSuccessionEnded: z.strictObject({ ...succession, taken: z.boolean() }),
};

export type GridEvent = EventsOf<typeof gridEvents>;
