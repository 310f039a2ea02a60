import { given, refuse } from '#libs/event';
import {
  GRID,
  openGrid,
  PLACE,
  placeClosed,
  placeMoved,
  registered,
  shutGrid,
  SUCCESSOR,
} from '../test/hazards.js';
import { closePlace, inspectedPlace, movePlace, places, registerPlace } from './place.js';

const { type: _, ...registration } = registered;
const closing = { place: PLACE, at: placeClosed.at };
const move = { place: PLACE, to: SUCCESSOR, at: placeMoved.at };

describe('registering a place', () => {
  it('puts it in its grid under inspection', () => {
    const place = given(places, []).when(registerPlace, registration, openGrid);
    expect(place.then).toEqual([registered]);
    expect(place.state).toEqual({ status: 'registered', id: PLACE, grid: GRID, kind: 'SHOP' });
  });

  it('is refused in a grid of which this service has not heard', () => {
    const place = given(places, []).when(registerPlace, registration, { status: 'none' });
    expect(place.then).toEqual(refuse('GridNotFound', { grid: GRID }));
  });

  it('is refused in a grid that is being closed', () => {
    const place = given(places, []).when(registerPlace, registration, shutGrid);
    expect(place.then).toEqual(refuse('GridClosed', { grid: GRID, successor: SUCCESSOR }));
  });

  it('records nothing when it is repeated, whatever has become of the place', () => {
    for (const events of [[registered], [registered, placeClosed]]) {
      const place = given(places, events).when(registerPlace, registration, shutGrid);
      expect(place.then).toEqual([]);
    }
  });
});

describe('closing a place', () => {
  it('ends its inspection', () => {
    const place = given(places, [registered]).when(closePlace, closing);
    expect(place.then).toEqual([placeClosed]);
    expect(place.state).toMatchObject({ status: 'closed' });
  });

  it('is refused for a place that nobody registered', () => {
    const place = given(places, []).when(closePlace, closing);
    expect(place.then).toEqual(refuse('PlaceNotFound', { place: PLACE }));
  });

  it('happens once', () => {
    const place = given(places, [registered, placeClosed]).when(closePlace, closing);
    expect(place.then).toEqual([]);
  });
});

describe('moving a place to another grid', () => {
  it('names the grid that it left', () => {
    const place = given(places, [registered]).when(movePlace, move);
    expect(place.then).toEqual([placeMoved]);
    expect(place.state).toMatchObject({ status: 'registered', grid: SUCCESSOR });
    expect(place.when(movePlace, move).then).toEqual([]);
  });

  it('leaves alone what is closed, or was never there', () => {
    for (const events of [[], [registered, placeClosed]]) {
      expect(given(places, events).when(movePlace, move).then).toEqual([]);
    }
  });
});

describe('what may be recorded of a place', () => {
  const at = (events: readonly Parameters<typeof places.evolve>[1][], grid = openGrid) =>
    inspectedPlace(PLACE, given(places, events).state, grid);

  it('is anything while it and its grid are open', () => {
    expect(at([registered])).toMatchObject({ id: PLACE, grid: GRID, kind: 'SHOP' });
  });

  it('is nothing before it is registered, after it is closed, or while its grid is shut', () => {
    expect(at([])).toEqual(refuse('PlaceNotFound', { place: PLACE }));
    expect(at([registered, placeClosed])).toEqual(refuse('PlaceAlreadyClosed', { place: PLACE }));
    const closed = refuse('GridClosed', { grid: GRID, successor: SUCCESSOR });
    expect(at([registered], shutGrid)).toEqual(closed);
  });
});

it('no place is told of before it is registered', () => {
  expect(() => given(places, [placeClosed])).toThrow('before the registration');
});
