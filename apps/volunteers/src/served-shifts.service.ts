import { type Actor, may } from '#libs/access';
import type { PatrolRow } from './patrols.view.js';

/** Who serves and what they noted is shown to who manages shifts there, and to themselves. */
export function mayReadServed(actor: Actor, { grid, volunteer }: PatrolRow): boolean {
  return actor.subject === volunteer || may(actor, 'shift.manage', grid);
}
