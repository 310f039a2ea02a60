import type { AreaCode } from '#libs/contracts';
import { type Aggregate, refuse, type Refusal } from '#libs/event';
import type { KnownGridEvent } from './known-grid.events.js';

/** 已知网格: a grid in which a service takes work, as it has heard of it from the registry. */
export type KnownGrid =
  | { readonly status: 'none' }
  | { readonly status: 'open'; readonly name: string | null }
  | {
      readonly status: 'shut';
      readonly name: string | null;
      readonly closing: string;
      readonly successors: readonly AreaCode[];
      /** Whether the registry was told that nothing is open here, or what still is. */
      readonly answered: boolean;
    };

/** 接纳网格: take work in a grid from now on. */
export interface AdmitGrid {
  readonly grid: AreaCode;
  readonly name: string | null;
  readonly at: string;
}

/** 停收网格: take no new work in a grid that is being closed. */
export interface ShutGrid {
  readonly grid: AreaCode;
  /** Which attempt to close it. */
  readonly closing: string;
  readonly successors: readonly AreaCode[];
  readonly at: string;
}

/** 重新接纳网格: the grid was not closed after all. */
export interface ReopenGrid {
  readonly grid: AreaCode;
  readonly closing: string;
  readonly at: string;
}

/** 答复撤并: tell the registry how much work is still open there. */
export interface AnswerClosing extends ReopenGrid {
  readonly open: number;
}

export type KnownGridRefusal = 'GridNotFound' | 'GridClosed';

type Events = readonly KnownGridEvent[];

export const knownGrids: Aggregate<KnownGrid, KnownGridEvent> = {
  category: 'grid',
  initial: { status: 'none' },
  evolve,
};

function evolve(grid: KnownGrid, event: KnownGridEvent): KnownGrid {
  const name = grid.status === 'none' ? null : grid.name;
  switch (event.type) {
    case 'GridAdmitted':
      return { status: 'open', name: event.name };
    case 'GridNamed':
      return grid.status === 'none'
        ? { status: 'open', name: event.name }
        : { ...grid, name: event.name };
    case 'GridShut': {
      const { closing, successors } = event;
      return { status: 'shut', name, closing, successors, answered: false };
    }
    case 'GridReopened':
      return { status: 'open', name };
    case 'GridWorkMoved':
    case 'GridWorkOpen':
      return grid.status === 'shut' ? { ...grid, answered: true } : grid;
  }
}

/** Why no new work is taken in the grid, or undefined when it is. */
export function notTaking(grid: KnownGrid, code: AreaCode): Refusal<KnownGridRefusal> | undefined {
  switch (grid.status) {
    case 'none':
      return refuse('GridNotFound', { grid: code });
    case 'shut':
      return refuse('GridClosed', { grid: code, successor: grid.successors[0] ?? '—' });
    case 'open':
      return undefined;
  }
}

/** A grid that was shut stays so, in whatever order its opening and its closing are heard. */
export function admitGrid(command: AdmitGrid, grid: KnownGrid): Events {
  if (grid.status === 'none') return [{ type: 'GridAdmitted', ...command }];
  const { name } = command;
  if (name === null || grid.name !== null) return [];
  return [{ type: 'GridNamed', grid: command.grid, name, at: command.at }];
}

export function nameGrid(command: AdmitGrid & { readonly name: string }, grid: KnownGrid): Events {
  const known = grid.status !== 'none' && grid.name === command.name;
  return known ? [] : [{ type: 'GridNamed', ...command }];
}

export function shutGrid(command: ShutGrid, grid: KnownGrid): Events {
  if (grid.status === 'shut' && grid.closing === command.closing) return [];
  return [{ type: 'GridShut', ...command, successors: [...command.successors] }];
}

export function reopenGrid(command: ReopenGrid, grid: KnownGrid): Events {
  const same = grid.status === 'shut' && grid.closing === command.closing;
  return same ? [{ type: 'GridReopened', ...command }] : [];
}

export function answerClosing(command: AnswerClosing, grid: KnownGrid): Events {
  if (grid.status !== 'shut' || grid.closing !== command.closing || grid.answered) return [];
  const { open, ...answer } = command;
  return open === 0
    ? [{ type: 'GridWorkMoved', ...answer }]
    : [{ type: 'GridWorkOpen', ...answer, open }];
}
