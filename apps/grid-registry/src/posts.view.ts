import type { AreaCode, HolderDetails, PostKind, Sealed } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { GridRegistryEvent } from './grid-registry.events.js';

export interface PostRow {
  readonly id: string;
  readonly kind: PostKind;
  readonly area: AreaCode;
  readonly holder: { readonly id: string; readonly sealed: Sealed<HolderDetails> } | null;
}

/** Which posts are there in an area, and who holds them? */
export const postsView = defineView<PostRow, GridRegistryEvent>({
  name: 'posts',
  version: 3,
  indexes: [['area', 'id']],
  keyOf: ({ stream, event }) =>
    'post' in event && stream.startsWith('post-') ? event.post : undefined,
  evolve: (row, { event }) => postChangedBy(row, event) ?? row,
});

function postChangedBy(row: PostRow | undefined, event: GridRegistryEvent): PostRow | undefined {
  switch (event.type) {
    case 'PostCreated':
    case 'HolderReleased':
      return { id: event.post, kind: event.kind, area: event.area, holder: null };
    case 'HolderAppointed': {
      const holder = { id: event.holder, sealed: event.sealed };
      return { id: event.post, kind: event.kind, area: event.area, holder };
    }
    case 'PostMoved':
      return row && { ...row, area: event.area };
    default: // The registry records other things than posts.
      return undefined;
  }
}
