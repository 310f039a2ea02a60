import type { AreaCode } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { VolunteersEvent } from './volunteers.events.js';

/** From which grid to which a piece of work went along, and when. */
export interface MoveRow {
  readonly from: AreaCode;
  readonly to: AreaCode;
  readonly at: string;
}

export interface TeamRow {
  readonly id: string;
  readonly area: AreaCode;
  readonly name: string;
  readonly moves: readonly MoveRow[];
}

/** Which teams are there, and for which area is each? */
export const teamsView = defineView<TeamRow, VolunteersEvent, 'team'>({
  name: 'teams',
  version: 2,
  temporal: true,
  indexes: [['area', 'id']],
  key: 'team',
  category: 'team',
  starts: {
    TeamFounded: ({ event: { team: id, area, name } }) => ({ id, area, name, moves: [] }),
  },
  changes: {
    TeamMoved: (row, { event: { from, area, at } }) => {
      return { ...row, area, moves: [...row.moves, { from, to: area, at }] };
    },
  },
});
