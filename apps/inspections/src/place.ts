import type { AreaCode } from '#libs/contracts';
import { type Aggregate, type Decision, refuse, type Refusal } from '#libs/event';
import { type KnownGrid, type KnownGridRefusal, notTaking } from '#libs/grid-work';
import type { PlaceEvent, PlaceKind } from './place.events.js';

interface PlaceFacts {
  readonly id: string;
  readonly grid: AreaCode;
  readonly kind: PlaceKind;
}

/** 场所: a shop, a school, a workshop or another place that is inspected; never its owner. */
export type Place =
  | { readonly status: 'none' }
  | ({ readonly status: 'registered' } & PlaceFacts)
  | ({ readonly status: 'closed' } & PlaceFacts);

/** 登记场所: put a place in a grid under inspection. */
export interface RegisterPlace {
  readonly place: string;
  readonly grid: AreaCode;
  readonly kind: PlaceKind;
  readonly name: string;
  readonly at: string;
}

/** 注销场所: the place is no more. */
export interface ClosePlace {
  readonly place: string;
  readonly at: string;
}

/** 划转场所: its grid was closed, and another goes on with the place. */
export interface MovePlace {
  readonly place: string;
  readonly to: AreaCode;
  readonly at: string;
}

export type PlaceRefusal = 'PlaceNotFound' | 'PlaceAlreadyClosed';

export const places: Aggregate<Place, PlaceEvent> = {
  category: 'place',
  initial: { status: 'none' },
  evolve,
};

function evolve(place: Place, event: PlaceEvent): Place {
  if (event.type === 'PlaceRegistered') {
    return { status: 'registered', id: event.place, grid: event.grid, kind: event.kind };
  }
  if (place.status === 'none') throw new Error(`${event.type} came before the registration`);
  switch (event.type) {
    case 'PlaceMoved':
      return { ...place, grid: event.to };
    case 'PlaceClosed':
      return { ...place, status: 'closed' };
  }
}

export function registerPlace(
  command: RegisterPlace,
  place: Place,
  grid: KnownGrid,
): Decision<PlaceEvent, KnownGridRefusal> {
  if (place.status !== 'none') return [];
  return notTaking(grid, command.grid) ?? [{ type: 'PlaceRegistered', ...command }];
}

export function closePlace(command: ClosePlace, place: Place): Decision<PlaceEvent, PlaceRefusal> {
  switch (place.status) {
    case 'none':
      return refuse('PlaceNotFound', { place: command.place });
    case 'registered':
      return [{ type: 'PlaceClosed', ...command }];
    case 'closed':
      return [];
  }
}

export function movePlace({ place: id, to, at }: MovePlace, place: Place): readonly PlaceEvent[] {
  if (place.status !== 'registered' || place.grid === to) return [];
  return [{ type: 'PlaceMoved', place: id, from: place.grid, to, at }];
}

/** The place, when something may be recorded of it now; else why not. */
export function inspectedPlace(
  id: string,
  place: Place,
  grid: KnownGrid,
): PlaceFacts | Refusal<PlaceRefusal | KnownGridRefusal> {
  switch (place.status) {
    case 'none':
      return refuse('PlaceNotFound', { place: id });
    case 'closed':
      return refuse('PlaceAlreadyClosed', { place: id });
    case 'registered':
      return notTaking(grid, place.grid) ?? place;
  }
}
