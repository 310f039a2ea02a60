import type { AreaCode } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { InspectionsEvent } from './inspections.events.js';
import type { PlaceKind } from './place.events.js';

export interface PlaceRow {
  readonly id: string;
  readonly grid: AreaCode;
  readonly kind: PlaceKind;
  readonly name: string;
  /** Whether it is still there to be inspected. */
  readonly open: boolean;
  readonly registeredAt: string;
  readonly closedAt: string | null;
  readonly moves: readonly {
    readonly from: AreaCode;
    readonly to: AreaCode;
    readonly at: string;
  }[];
}

/** Which places are there in an area? */
export const placesView = defineView<PlaceRow, InspectionsEvent, 'place'>({
  name: 'places',
  version: 2,
  temporal: true,
  indexes: [
    ['open', { under: 'grid' }, 'registeredAt', 'id'],
    ['open', 'grid', 'registeredAt', 'id'],
  ],
  key: 'place',
  category: 'place',
  starts: {
    PlaceRegistered: ({ event: { place: id, grid, kind, name, at: registeredAt } }) => {
      return { id, grid, kind, name, open: true, registeredAt, closedAt: null, moves: [] };
    },
  },
  changes: {
    PlaceMoved: (row, { event: { from, to, at } }) => {
      return { ...row, grid: to, moves: [...row.moves, { from, to, at }] };
    },
    PlaceClosed: (row, { event: { at } }) => ({ ...row, open: false, closedAt: at }),
  },
});
