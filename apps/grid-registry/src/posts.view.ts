import type { AreaCode, HolderDetails, PostKind, Sealed } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { GridRegistryEvent } from './grid-registry.events.js';

export interface PostRow {
  readonly id: string;
  readonly kind: PostKind;
  readonly area: AreaCode;
  /** Under which account its holder signs in; empty when it is vacant, or they do not. */
  readonly account: string;
  readonly holder: {
    readonly id: string;
    readonly post: string;
    readonly sealed: Sealed<HolderDetails>;
  } | null;
}

/** Which posts are there in an area, and who holds them? */
export const postsView = defineView<PostRow, GridRegistryEvent, 'post'>({
  name: 'posts',
  version: 5,
  temporal: true,
  indexes: [
    ['area', 'id'],
    ['account', 'id'],
  ],
  category: 'post',
  key: 'post',
  starts: {
    PostCreated: ({ event: { post, kind, area } }) => {
      return { id: post, kind, area, account: '', holder: null };
    },
  },
  changes: {
    HolderAppointed: (row, { event: { area, account = '', holder: id, post, sealed } }) => {
      return { ...row, area, account, holder: { id, post, sealed } };
    },
    HolderReleased: (row, { event: { area } }) => {
      return { ...row, area, account: '', holder: null };
    },
    PostMoved: (row, { event: { area } }) => ({ ...row, area }),
  },
});
