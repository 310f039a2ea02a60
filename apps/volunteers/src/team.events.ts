import { z } from 'zod';
import { areaCodeField, type EventsOf, idField, nameField, timeField } from '#libs/contracts';

const team = { team: idField, at: timeField };

/** Names are the storage format: never reuse one for something else. */
export const teamEvents = {
  TeamFounded: z.strictObject({ ...team, area: areaCodeField, name: nameField }),
  /** The team of a grid went along to the grid's successor. */
  TeamMoved: z.strictObject({ ...team, from: areaCodeField, area: areaCodeField }),
};

export type TeamEvent = EventsOf<typeof teamEvents>;
