import type { AreaCode } from '#libs/contracts';
import { defineView } from '#libs/views';
import type { InspectionsEvent } from './inspections.events.js';
import { type PlaceEvent, placeEvents, type PlaceKind } from './place.events.js';

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
export const placesView = defineView<PlaceRow, InspectionsEvent>({
  name: 'places',
  version: 1,
  indexes: [['open', 'grid', 'registeredAt', 'id']],
  keyOf: ({ event }) => (isPlaceEvent(event) ? event.place : undefined),
  evolve: (row, { event }) => {
    if (!isPlaceEvent(event)) return row;
    if (event.type === 'PlaceRegistered') return registered(event);
    if (row === undefined) throw new Error(`${event.type} came before the registration`);
    return { ...row, ...changes(row, event) };
  },
});

function isPlaceEvent(event: InspectionsEvent): event is PlaceEvent {
  return event.type in placeEvents;
}

function registered(event: Extract<PlaceEvent, { type: 'PlaceRegistered' }>): PlaceRow {
  const { place: id, grid, kind, name, at: registeredAt } = event;
  return { id, grid, kind, name, open: true, registeredAt, closedAt: null, moves: [] };
}

function changes(
  row: PlaceRow,
  event: Exclude<PlaceEvent, { type: 'PlaceRegistered' }>,
): Partial<PlaceRow> {
  switch (event.type) {
    case 'PlaceMoved': {
      const { from, to, at } = event;
      return { grid: to, moves: [...row.moves, { from, to, at }] };
    }
    case 'PlaceClosed':
      return { open: false, closedAt: event.at };
  }
}
