import type { HolderDetails, Sealed } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { GridRegistryEvent } from './grid-registry.events.js';

export interface HolderRow {
  readonly id: string;
  readonly sealed: Sealed<HolderDetails>;
}

/** Who is or was this holder of a post? */
export const holdersView = defineView<HolderRow, GridRegistryEvent, 'holder'>({
  name: 'holders',
  version: 3,
  temporal: true,
  indexes: [],
  key: 'holder',
  starts: { HolderAppointed: ({ event: { holder, sealed } }) => ({ id: holder, sealed }) },
});
