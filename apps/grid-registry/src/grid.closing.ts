import {
  type AreaCode,
  type GridWorkService,
  parentOf,
  type Sealed,
  type StatedReason,
} from '#libs/contracts';
import { type Decision, refuse, type Refusal } from '#libs/event';
import type { GridEvent } from './grid.events.js';
import { closedFacts, type Grid, type GridRefusal } from './grid.js';

/** 撤并网格: close a grid; its open work goes to the first successor, if there is one. */
export interface RetireGrid {
  readonly grid: AreaCode;
  /** The id of this attempt. */
  readonly closing: string;
  readonly successors: readonly AreaCode[];
  readonly sealed: Sealed<StatedReason>;
  /** The services that have work in grids. */
  readonly asked: readonly GridWorkService[];
  readonly at: string;
}

/** 登记答复: what one service has answered. */
export interface RecordGridWork {
  readonly grid: AreaCode;
  readonly closing: string;
  readonly service: GridWorkService;
  readonly open: number;
  readonly at: string;
}

/** A grid other than the one that is decided about, with its state. */
export interface OtherGrid {
  readonly code: AreaCode;
  readonly grid: Grid;
}

export function retireGrid(
  command: RetireGrid,
  grid: Grid,
  successors: readonly OtherGrid[],
): Decision<GridEvent, GridRefusal> {
  switch (grid.status) {
    case 'none':
      return refuse('GridNotFound', { grid: command.grid });
    case 'closing':
      return refuse('GridAlreadyClosing', { grid: command.grid });
    case 'retired':
      return refuse('GridClosed', closedFacts(command.grid, grid.successors));
    case 'open': {
      // Work is on its way here: it would be moved into a grid that nobody may work in.
      if (grid.receiving.length > 0) return refuse('GridReceivesWork', { grid: command.grid });
      const unfit = successors.map((each) => unfitSuccessor(command.grid, each)).find(Boolean);
      if (unfit !== undefined) return unfit;
      const { asked, successors: codes, ...facts } = command;
      return [{ type: 'GridClosing', ...facts, successors: [...codes], asked: [...asked] }];
    }
  }
}

function unfitSuccessor(
  code: AreaCode,
  { code: successor, grid }: OtherGrid,
): Refusal<GridRefusal> | undefined {
  if (successor === code) return refuse('SuccessorIsItself', { grid: code });
  if (parentOf(successor) !== parentOf(code)) {
    return refuse('SuccessorInAnotherVillage', { successor, grid: code });
  }
  return grid.status === 'open' ? undefined : refuse('SuccessorNotOpen', { successor });
}

/** What a successor records of the attempt: it stays open until that has ended. */
export function nameSuccessor(
  { grid, closing, at }: Pick<RetireGrid, 'grid' | 'closing' | 'at'>,
  successor: AreaCode,
): readonly GridEvent[] {
  return [{ type: 'GridNamedSuccessor', grid: successor, predecessor: grid, closing, at }];
}

/** Records an answer; with the last one the grid is retired, or stays when work is left there. */
export function recordGridWork(command: RecordGridWork, grid: Grid): readonly GridEvent[] {
  const { service, closing, at } = command;
  if (grid.status !== 'closing' || grid.closing !== closing) return [];
  // Who was not asked is not waited for: whether their answer counted would be a matter of luck.
  if (!grid.asked.includes(service)) return [];
  if (grid.answers.some((answer) => answer.service === service)) return [];
  const answered: GridEvent = { type: 'GridWorkAnswered', ...command };
  const answers = [...grid.answers, { service, open: command.open }];
  if (!grid.asked.every((each) => answers.some((answer) => answer.service === each))) {
    return [answered];
  }
  const end = { grid: command.grid, closing, at };
  const open = answers
    .filter((answer) => answer.open > 0)
    .map((answer) => ({ service: answer.service, count: answer.open }));
  return open.length === 0
    ? [answered, { type: 'GridRetired', ...end, successors: [...grid.successors] }]
    : [answered, { type: 'GridRetirementRefused', ...end, open }];
}

/** What a successor records when the attempt has ended. */
export function endSuccession(
  { grid, closing, at }: RecordGridWork,
  successor: AreaCode,
  ending: readonly GridEvent[],
): readonly GridEvent[] {
  const taken = ending.some(({ type }) => type === 'GridRetired');
  if (!taken && !ending.some(({ type }) => type === 'GridRetirementRefused')) return [];
  return [{ type: 'GridSuccessionEnded', grid: successor, predecessor: grid, closing, at, taken }];
}
