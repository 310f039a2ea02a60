import { z } from 'zod';
import type { EventsOf } from './event-schema.js';
import { areaCodeField, idField, timeField } from './fields.js';

const answer = { grid: areaCodeField, closing: idField, at: timeField };

/**
 * What every service with work in grids answers when a grid closes: that nothing open is left
 * there, or how much is. Names are the storage format: never reuse one.
 */
export const gridWorkPublishedEvents = {
  GridWorkMoved: z.strictObject(answer),
  GridWorkOpen: z.strictObject({ ...answer, open: z.int().min(1) }),
};

export type GridWorkPublishedEvent = EventsOf<typeof gridWorkPublishedEvents>;
