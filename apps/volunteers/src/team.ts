import { type AreaCode, levelOf } from '#libs/contracts';
import { type Aggregate, type Decision } from '#libs/event';
import { type KnownGrid, type KnownGridRefusal, notTaking } from '#libs/grid-work';
import type { TeamEvent } from './team.events.js';

/** 志愿队: people who patrol together, for one area. */
export type Team =
  { readonly status: 'none' } | { readonly status: 'founded'; readonly area: AreaCode };

/** 组建志愿队: found a team for an area or a grid. */
export interface FoundTeam {
  readonly team: string;
  readonly area: AreaCode;
  readonly name: string;
  readonly at: string;
}

/** 随网格移交志愿队: the team of a closing grid goes along to the successor. */
export interface MoveTeam {
  readonly team: string;
  readonly area: AreaCode;
  readonly at: string;
}

export type TeamRefusal = KnownGridRefusal | 'TeamNotFound';

export const teams: Aggregate<Team, TeamEvent> = {
  category: 'team',
  initial: { status: 'none' },
  evolve: (_, event) => ({ status: 'founded', area: event.area }),
};

/** Areas above the grid are the state's: any that is well-formed is taken. */
export function foundTeam(
  command: FoundTeam,
  team: Team,
  grid: KnownGrid,
): Decision<TeamEvent, TeamRefusal> {
  if (team.status !== 'none') return [];
  const { area } = command;
  const wrong = levelOf(area) === 'GRID' ? notTaking(grid, area) : undefined;
  return wrong ?? [{ type: 'TeamFounded', ...command }];
}

export function moveTeam(command: MoveTeam, team: Team): readonly TeamEvent[] {
  if (team.status === 'none' || team.area === command.area) return [];
  return [{ type: 'TeamMoved', ...command, from: team.area }];
}
