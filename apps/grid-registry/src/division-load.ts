import type { AreaCode } from '#libs/contracts';
import type { Aggregate } from '#libs/event';
import type { DivisionLoadEvent } from './division-load.events.js';

/** 区划导入: which official data were loaded to the end; a load cut short is not among them. */
export type DivisionLoads = readonly DivisionLoadEvent[];

export interface FinishDivisionLoad {
  readonly root: AreaCode;
  readonly source: string;
  readonly rows: number;
  readonly refused: number;
  readonly at: string;
}

export const divisionLoads: Aggregate<DivisionLoads, DivisionLoadEvent> = {
  category: 'divisions',
  initial: [],
  evolve: (loads, event) => [...loads, event],
};

/** Records a finished load once for each root and source. */
export function finishDivisionLoad(
  command: FinishDivisionLoad,
  loads: DivisionLoads,
): readonly DivisionLoadEvent[] {
  const known = loads.some(
    ({ root, source }) => root === command.root && source === command.source,
  );
  return known ? [] : [{ type: 'DivisionsLoaded', ...command }];
}
