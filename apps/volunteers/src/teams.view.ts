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
export const teamsView = defineView<TeamRow, VolunteersEvent>({
  name: 'teams',
  version: 1,
  indexes: [['area', 'id']],
  keyOf: ({ event }) =>
    event.type === 'TeamFounded' || event.type === 'TeamMoved' ? event.team : undefined,
  evolve: (row, { event }) => {
    if (event.type === 'TeamFounded') {
      return { id: event.team, area: event.area, name: event.name, moves: [] };
    }
    if (event.type !== 'TeamMoved') return row;
    if (row === undefined) throw new Error('a team moved before it was founded');
    const move = { from: event.from, to: event.area, at: event.at };
    return { ...row, area: event.area, moves: [...row.moves, move] };
  },
});
