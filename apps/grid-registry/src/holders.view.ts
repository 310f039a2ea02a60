import { defineView } from '#libs/views';
import type { GridRegistryEvent } from './grid-registry.events.js';

export interface HolderRow {
  readonly id: string;
  readonly name: string;
}

/** Who is or was this holder of a post? */
export const holdersView = defineView<HolderRow, GridRegistryEvent>({
  name: 'holders',
  version: 1,
  indexes: [],
  keyOf: ({ event }) => (event.type === 'HolderAppointed' ? event.holder : undefined),
  evolve: (row, { event }) =>
    event.type === 'HolderAppointed' ? { id: event.holder, name: event.holderName } : row,
});
