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
export const areasView = defineView<AreaRow, GridRegistryEvent>({
  name: 'areas',
  version: 2,
  indexes: [['parent', 'current', 'code']],
  keyOf: ({ event }) => (event.type === 'GridRetired' ? event.grid : areaNamedBy(event)?.code),
  evolve: (row, { event }) =>
    event.type === 'GridRetired' ? row && { ...row, current: false } : areaNamedBy(event),
});

function areaNamedBy(event: GridRegistryEvent): AreaRow | undefined {
  switch (event.type) {
    case 'AreaRegistered':
      return areaRow(event.area, event.name);
    case 'GridOpened':
    case 'GridRenamed':
      return areaRow(event.grid, event.name);
    default: // The registry records other things than areas.
      return undefined;
  }
}

function areaRow(code: AreaCode, name: string): AreaRow {
  return { code, name, level: levelOf(code), parent: parentOf(code) ?? null, current: true };
}
