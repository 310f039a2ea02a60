import type { EventsOf } from '#libs/contracts';
import { areaEvents } from './area.events.js';
import { divisionLoadEvents } from './division-load.events.js';
import { gridEvents } from './grid.events.js';
import { postEvents } from './post.events.js';

/** Everything that this service's log may hold. */
export const gridRegistryEvents = {
  ...areaEvents,
  ...divisionLoadEvents,
  ...gridEvents,
  ...postEvents,
};

export type GridRegistryEvent = EventsOf<typeof gridRegistryEvents>;
