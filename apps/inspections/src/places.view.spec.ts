import {
  areaCode,
  GRID,
  id,
  PLACE,
  placeClosed,
  placeMoved,
  registered,
  SUCCESSOR,
} from '../test/hazards.js';
import { openInspections, tell } from '../test/room.js';
import type { PlaceEvent } from './place.events.js';
import { placesView } from './places.view.js';

async function rowAfter(events: readonly PlaceEvent[]) {
  const { log, views } = openInspections();
  await tell(log, { [`place-${PLACE}`]: events });
  return views.get(placesView, PLACE);
}

const row = {
  id: PLACE,
  grid: GRID,
  kind: 'SHOP',
  name: registered.name,
  open: true,
  registeredAt: registered.at,
  closedAt: null,
  moves: [],
};

describe('a place', () => {
  it('is in use from its registration on', async () => {
    expect(await rowAfter([registered])).toEqual(row);
  });

  it('shows each grid that it came through, and when it was closed', async () => {
    expect(await rowAfter([registered, placeMoved, placeClosed])).toEqual({
      ...row,
      grid: SUCCESSOR,
      open: false,
      closedAt: placeClosed.at,
      moves: [{ from: GRID, to: SUCCESSOR, at: placeMoved.at }],
    });
  });
});

it('the places in use of an area are found, oldest first', async () => {
  const { log, views } = openInspections();
  const place = (last: string, more: object) => ({ ...registered, place: id(last), ...more });
  const closedLater = { ...placeClosed, place: id('a4') };
  await tell(log, {
    'place-a1': [registered],
    'place-a2': [place('a2', { at: '2026-02-01T00:00:00.000Z' })],
    'place-a3': [place('a3', { grid: areaCode('430503001001001') })],
    'place-a4': [place('a4', {}), closedLater],
  });
  const rows = await views.find(placesView, {
    equals: { open: true },
    under: { field: 'grid', prefix: '430502' },
    orderBy: ['registeredAt', 'id'],
    limit: 10,
  });
  expect(rows.map((each) => each.id)).toEqual([id('a2'), PLACE]);
});
