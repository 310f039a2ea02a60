import type { HolderDetails, Sealed } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { GridRegistryEvent } from './grid-registry.events.js';

export interface HolderRow {
  readonly id: string;
  readonly sealed: Sealed<HolderDetails>;
}

/** Who is or was this holder of a post? */
export const holdersView = defineView<HolderRow, GridRegistryEvent>({
  name: 'holders',
  version: 2,
  indexes: [],
  keyOf: ({ event }) => (event.type === 'HolderAppointed' ? event.holder : undefined),
  evolve: (row, { event }) =>
    event.type === 'HolderAppointed' ? { id: event.holder, sealed: event.sealed } : row,
});
