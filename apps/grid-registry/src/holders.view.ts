import type { HolderDetails, Sealed } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { GridRegistryEvent } from './grid-registry.events.js';

export interface HolderRow {
  readonly id: string;
  readonly post: string;
  readonly sealed: Sealed<HolderDetails>;
}

/** Who is or was this holder of a post? */
export const holdersView = defineView<HolderRow, GridRegistryEvent, 'holder'>({
  name: 'holders',
  version: 4,
  temporal: true,
  indexes: [],
  key: 'holder',
  starts: {
    HolderAppointed: ({ event: { holder, post, sealed } }) => ({ id: holder, post, sealed }),
  },
});
