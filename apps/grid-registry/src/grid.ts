import { type AreaCode, type GridWorkService, parentOf } from '#libs/contracts';
import { type Aggregate, type Decision, refuse } from '#libs/event';
import { type Area, takesGrids } from './area.js';
import type { GridEvent } from './grid.events.js';

/** 撤并: one attempt to close a grid, and what the services have answered so far. */
export interface Closing {
  readonly closing: string;
  readonly successors: readonly AreaCode[];
  readonly asked: readonly GridWorkService[];
  readonly answers: readonly { readonly service: GridWorkService; readonly open: number }[];
}

/** 网格: the smallest area, drawn within a village; code = village + 3 digits. */
export type Grid =
  | { readonly status: 'none' }
  | {
      readonly status: 'open';
      readonly name: string;
      /** Attempts to close other grids into this one that have not ended. */
      readonly receiving: readonly string[];
    }
  | ({ readonly status: 'closing'; readonly name: string } & Closing)
  | {
      readonly status: 'retired';
      readonly name: string;
      readonly closing: string;
      readonly successors: readonly AreaCode[];
    };

/** 开设网格: draw a grid in a village. */
export interface OpenGrid {
  readonly grid: AreaCode;
  readonly name: string;
  readonly at: string;
}

/** 更名网格: give a grid another name. */
export type RenameGrid = OpenGrid;

export type GridRefusal =
  | 'GridCodeMalformed'
  | 'VillageNotFound'
  | 'VillageTakesNoGrids'
  | 'GridAlreadyOpen'
  | 'GridNotFound'
  | 'GridClosed'
  | 'GridAlreadyClosing'
  | 'GridReceivesWork'
  | 'SuccessorIsItself'
  | 'SuccessorInAnotherVillage'
  | 'SuccessorNotOpen';

export const grids: Aggregate<Grid, GridEvent> = {
  category: 'grid',
  initial: { status: 'none' },
  evolve,
};

function evolve(grid: Grid, event: GridEvent): Grid {
  if (event.type === 'GridOpened') return { status: 'open', name: event.name, receiving: [] };
  if (grid.status === 'none') throw new Error(`${event.type} came before the grid was opened`);
  const { name } = grid;
  switch (event.type) {
    case 'GridRenamed':
      return { ...grid, name: event.name };
    case 'GridClosing': {
      const { closing, successors, asked } = event;
      return { status: 'closing', name, closing, successors, asked, answers: [] };
    }
    case 'GridWorkAnswered': {
      if (grid.status !== 'closing') return grid;
      const { service, open } = event;
      return { ...grid, answers: [...grid.answers, { service, open }] };
    }
    case 'GridRetired':
      return { status: 'retired', name, closing: event.closing, successors: event.successors };
    case 'GridRetirementRefused':
      return { status: 'open', name, receiving: [] };
    case 'GridNamedSuccessor':
      return grid.status === 'open'
        ? { ...grid, receiving: [...grid.receiving, event.closing] }
        : grid;
    case 'GridSuccessionEnded':
      return grid.status === 'open'
        ? { ...grid, receiving: grid.receiving.filter((closing) => closing !== event.closing) }
        : grid;
  }
}

export function openGrid(
  command: OpenGrid,
  grid: Grid,
  village: Area,
): Decision<GridEvent, GridRefusal> {
  // A code is never given a second meaning, so a retired grid is not opened again.
  if (grid.status === 'retired') {
    return refuse('GridClosed', closedFacts(command.grid, grid.successors));
  }
  if (grid.status !== 'none') return refuse('GridAlreadyOpen', { grid: command.grid });
  if (village.status === 'none') {
    return refuse('VillageNotFound', { village: parentOf(command.grid) ?? '' });
  }
  if (!takesGrids(village)) return refuse('VillageTakesNoGrids', { village: village.code });
  return [{ type: 'GridOpened', ...command }];
}

export function renameGrid(command: RenameGrid, grid: Grid): Decision<GridEvent, GridRefusal> {
  switch (grid.status) {
    case 'none':
      return refuse('GridNotFound', { grid: command.grid });
    case 'retired': // A code is never given a new meaning.
      return refuse('GridClosed', closedFacts(command.grid, grid.successors));
    case 'open':
    case 'closing':
      return grid.name === command.name ? [] : [{ type: 'GridRenamed', ...command }];
  }
}

/** What a refusal says of a grid that is closed or closing. */
export function closedFacts(
  grid: AreaCode,
  successors: readonly AreaCode[],
): { readonly grid: string; readonly successor: string } {
  return { grid, successor: successors[0] ?? '—' };
}
