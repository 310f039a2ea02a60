import type { Target } from '#libs/access';
import type { PatrolRow } from './patrols.view.js';

/** What the rights to a patrol depend on: who serves and what they noted is their own as well. */
export function patrolTarget({ grid, volunteer }: PatrolRow): Target {
  return { area: grid, owner: volunteer };
}
