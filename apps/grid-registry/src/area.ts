import {
  ancestorsOf,
  type AreaCode,
  COUNTRY,
  isVirtualVillage,
  levelOf,
  parentOf,
} from '#libs/contracts';
import { type Aggregate, type Decision, refuse } from '#libs/event';
import type { AreaEvent } from './area.events.js';

/** 区域: an administrative area, from the country down to the village. */
export type Area = { status: 'none' } | { status: 'registered'; code: AreaCode; name: string };

/** 登记区域: record that an area exists under its official code and name. */
export interface RegisterArea {
  readonly code: AreaCode;
  readonly name: string;
  /** Whether the area is the top of what is loaded: nothing above it need be known. */
  readonly root: boolean;
  readonly at: string;
}

export type AreaRefusal = 'AreaNotDivision' | 'AreaNameDiffers' | 'ParentAreaNotFound';

export const areas: Aggregate<Area, AreaEvent> = {
  category: 'area',
  initial: { status: 'none' },
  evolve: (_, event) => ({ status: 'registered', code: event.area, name: event.name }),
};

export function registerArea(
  command: RegisterArea,
  area: Area,
  parent: Area,
): Decision<AreaEvent, AreaRefusal> {
  const { code, name, at } = command;
  if (levelOf(code) === 'GRID') return refuse('AreaNotDivision', { code });
  switch (area.status) {
    case 'registered': // A second load of the same data must record nothing.
      return area.name === name ? [] : refuse('AreaNameDiffers', { code, known: area.name, name });
    case 'none':
      if (parent.status === 'none' && !command.root) {
        return refuse('ParentAreaNotFound', { code, parent: parentOf(code) ?? COUNTRY });
      }
      return [{ type: 'AreaRegistered', area: code, name, at }];
  }
}

/** Whether grids may be drawn here: a real village or community (statistical code rules). */
export function takesGrids(area: Area): boolean {
  return (
    area.status === 'registered' && levelOf(area.code) === 'VILLAGE' && !isVirtualVillage(area.code)
  );
}

/** Every code from the country down to `code` itself. */
export function pathTo(code: AreaCode): readonly AreaCode[] {
  return [...ancestorsOf(code), code];
}
