import { covers } from '#libs/contracts';
import { ruleOf } from '#libs/access';
import {
  type Asker,
  connectionParts,
  each,
  type Guards,
  pageInfoParts,
  parts,
  todays,
  typeGuard,
} from '#libs/service';
import type { AreaRow } from './areas.view.js';
import type { HolderRow } from './holders.view.js';
import { type PostRow, postsView } from './posts.view.js';

const managesPosts = ['post.manage', 'office.manage', 'county.manage'] as const;

/** Which right each field of this service takes. */
export const gridRegistryGuards: Guards = {
  Query: {
    fields: {
      'area(asOf minPosition code)': 'area.read',
      'post(asOf minPosition id)': 'area.read',
    },
  },
  Mutation: {
    fields: {
      ...each('grid.manage', 'openGrid(input)', 'renameGrid(input)', 'retireGrid(input)'),
      ...each(managesPosts, 'createPost(input)', 'appointHolder(input)', 'releaseHolder(input)'),
    },
  },
  /** How areas are called and what lies above them is printed in every atlas. */
  Area: typeGuard<AreaRow>({
    reference: 'signed-in',
    target: ({ code }) => ({ area: code }),
    fields: {
      ...each('signed-in', 'code', 'name', 'level', 'path'),
      ...each('area.read', 'children(first after)', 'grid', 'posts(first after)', 'postCount'),
    },
  }),
  Post: typeGuard<PostRow>({
    reference: 'area.read',
    target: (row, { views }) => todays(postsView, row, views, ({ area }) => ({ area })),
    fields: each('area.read', 'id', 'kind', 'holder', 'area'),
  }),
  Holder: typeGuard<HolderRow>({
    reference: 'signed-in',
    target: responsible,
    fields: { id: 'signed-in', name: 'area.read' },
  }),
  AreaConnection: connectionParts,
  PageInfo: pageInfoParts,
  GridPayload: parts('grid', 'position'),
  PostPayload: parts('post', 'position'),
  GridLink: parts('code', 'name', 'since'),
  OpenGridWork: parts('service', 'count'),
  GridHistory: parts('status', 'openedAt', 'since', 'predecessors', 'successors', 'keptOpenBy'),
};

/** Who is responsible for an area is known to whoever works in it, or anywhere under it. */
async function responsible({ post }: HolderRow, { views, actor, action }: Asker) {
  const held = await views.today(postsView, post);
  if (held === undefined) throw new Error(`a holder names the post ${post}, which is in no view`);
  const under = actor.grants.find(
    ({ role, area }) => ruleOf(role, action) !== undefined && covers(held.area, area),
  );
  return { area: under?.area ?? held.area };
}
