import { type AreaCode, type AreaLevel, levelOf, parentOf } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { GridRegistryEvent } from './grid-registry.events.js';

/** An area or a grid, and the one right above it. */
export interface AreaRow {
  readonly code: AreaCode;
  readonly name: string;
  readonly level: AreaLevel;
  /** Null for the country only. */
  readonly parent: AreaCode | null;
  /** False for a grid that was closed: its history is kept, but it is no part of its village. */
  readonly current: boolean;
}

/** Which area is this, and which lie right under it? */
export const areasView = defineView<AreaRow, GridRegistryEvent, 'area' | 'grid'>({
  name: 'areas',
  version: 3,
  temporal: true,
  indexes: [['parent', 'current', 'code']],
  key: ['area', 'grid'],
  starts: {
    AreaRegistered: ({ event: { area, name } }) => areaRow(area, name),
    GridOpened: ({ event: { grid, name } }) => areaRow(grid, name),
  },
  changes: {
    GridRenamed: (row, { event: { name } }) => ({ ...row, name }),
    GridRetired: (row) => ({ ...row, current: false }),
  },
});

function areaRow(code: AreaCode, name: string): AreaRow {
  return { code, name, level: levelOf(code), parent: parentOf(code) ?? null, current: true };
}
