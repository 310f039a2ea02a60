import { type Grant, ROLE_OF_POST } from '#libs/access';
import type { LiveViews } from '#libs/views';
import { postsView } from './posts.view.js';

/** Nobody holds more posts at once. */
const POSTS_MAX = 200;

/** What an account may do here: by the posts it holds, as this service itself has recorded them. */
export async function grantsByPost(
  views: Pick<LiveViews, 'find'>,
  account: string,
): Promise<readonly Grant[]> {
  const rows = await views.find(postsView, {
    equals: { account },
    orderBy: ['id'],
    limit: POSTS_MAX,
  });
  return rows.flatMap(({ id: post, kind, area, holder }) => {
    if (holder === null) return [];
    const source = { kind: 'appointment', post, holder: holder.id } as const;
    return [{ role: ROLE_OF_POST[kind], area, source }];
  });
}
