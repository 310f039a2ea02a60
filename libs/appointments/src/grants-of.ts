import { type Grant, ROLE_OF_POST } from '#libs/access';
import type { LiveViews, View } from '#libs/views';
import type { AppointmentRow } from './appointments.view.js';

/** Nobody holds more posts at once. */
const POSTS_MAX = 200;

/** The rights that an account has by the posts it holds now. */
export async function grantsOf(
  views: Pick<LiveViews, 'find'>,
  view: View<AppointmentRow>,
  account: string,
): Promise<readonly Grant[]> {
  const rows = await views.find(view, {
    equals: { account, held: true },
    orderBy: ['id'],
    limit: POSTS_MAX,
  });
  return rows.map(({ id: holder, post, kind, area }) => ({
    role: ROLE_OF_POST[kind],
    area,
    source: { kind: 'appointment', post, holder },
  }));
}
