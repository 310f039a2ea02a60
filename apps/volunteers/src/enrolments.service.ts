import type { Grant } from '#libs/access';
import { grantsOf, heardAppointmentsView } from '#libs/appointments';
import type { LiveViews } from '#libs/views';
import { teamsView } from './teams.view.js';
import { volunteersView } from './volunteers.view.js';

/** Nobody is in more teams at once. */
const TEAMS_MAX = 50;

/**
 * What an account may do here: by the posts it holds, and as the volunteer that it was enrolled as.
 * The latter holds in this service alone, where the shifts are.
 */
export async function grantsHere(
  views: Pick<LiveViews, 'find' | 'get'>,
  account: string,
): Promise<readonly Grant[]> {
  const rows = await views.find(volunteersView, {
    equals: { account },
    orderBy: ['id'],
    limit: TEAMS_MAX,
  });
  const enrolled = await Promise.all(
    rows.map(async ({ id: volunteer, team }): Promise<readonly Grant[]> => {
      const found = await views.get(teamsView, team);
      const source = { kind: 'enrolment', volunteer } as const;
      return found === undefined ? [] : [{ role: 'volunteer', area: found.area, source }];
    }),
  );
  return [...(await grantsOf(views, heardAppointmentsView, account)), ...enrolled.flat()];
}
