import {
  closed,
  found,
  GRID,
  HAZARD,
  id,
  lives,
  NOW,
  OBSERVATION,
  PLACE,
  placeClosed,
  registered,
  SUCCESSOR,
  THIRD,
} from '../test/hazards.js';
import { closing, observation, opened, told } from '../test/neighbours.js';
import { emptyLog, eventsOf, openInspections, tell } from '../test/room.js';
import type { HazardEvent } from './hazard.events.js';
import { type HazardRow, hazardsView } from './hazards.view.js';
import type { InspectionsEvent } from './inspections.events.js';
import { placesView } from './places.view.js';

const lifeOf = (hazard: string, events: readonly HazardEvent[]) =>
  events.map((event) => ({ ...event, hazard }));

/** A grid with a place in use, one that is closed, and a hazard at each status. */
async function busyGrid() {
  const log = emptyLog();
  const admitted = { type: 'GridAdmitted', grid: GRID, name: '第一网格', at: NOW } as const;
  const elsewhere = { ...found, hazard: id('d3'), grid: THIRD };
  const streams: Readonly<Record<string, readonly InspectionsEvent[]>> = {
    [`grid-${GRID}`]: [admitted],
    [`place-${PLACE}`]: [registered],
    [`place-${id('a2')}`]: [
      { ...registered, place: id('a2') },
      { ...placeClosed, place: id('a2') },
    ],
    [`hazard-${HAZARD}`]: lives.noticed,
    [`hazard-${id('d2')}`]: lifeOf(id('d2'), lives.closed),
    [`hazard-${id('d3')}`]: [elsewhere],
  };
  await tell(log, streams);
  return openInspections(log);
}

describe('what is open in a grid', () => {
  it('is its places in use and its open hazards', async () => {
    const { work } = await busyGrid();
    expect(await work.openIn(GRID)).toEqual([`place:${PLACE}`, `hazard:${HAZARD}`]);
    expect(await work.openIn(SUCCESSOR)).toEqual([]);
  });

  it('is all of it, more than one page', async () => {
    const log = emptyLog();
    const ids = Array.from(
      { length: 450 },
      (_, index) =>
        `019a0000-0000-7000-8000-${((index * 7919) % 65_536).toString(16).padStart(12, '0')}`,
    );
    const streams = ids.map((each) => [`hazard-${each}`, lifeOf(each, [found])] as const);
    await tell(log, Object.fromEntries(streams));
    const open = await openInspections(log).work.openIn(GRID);
    expect(open).toEqual(ids.toSorted().map((each) => `hazard:${each}`));
  });
});

describe('when a grid closes', () => {
  it('its work goes to the successor, and its history shows from where', async () => {
    const { grids, log, views } = await busyGrid();
    const from = await log.head();
    await grids.closing(told('grid-registry', closing));
    const move = { from: GRID, to: SUCCESSOR, at: NOW };
    expect(await eventsOf(log, from)).toEqual([
      expect.objectContaining({ type: 'GridShut', grid: GRID }),
      { type: 'GridAdmitted', grid: SUCCESSOR, name: null, at: NOW },
      { type: 'PlaceMoved', place: PLACE, ...move },
      { type: 'HazardMoved', hazard: HAZARD, ...move },
      { type: 'GridWorkMoved', grid: GRID, closing: closing.closing, at: NOW },
    ]);
    expect(await views.get(placesView, PLACE)).toMatchObject({ grid: SUCCESSOR, moves: [move] });
    expect(await views.get(hazardsView, HAZARD)).toMatchObject({ grid: SUCCESSOR, moves: [move] });
  });

  it('without a successor, tells how much is open and moves nothing', async () => {
    const { grids, log } = await busyGrid();
    const from = await log.head();
    await grids.closing(told('grid-registry', { ...closing, successors: [] }));
    expect(await eventsOf(log, from)).toMatchObject([
      { type: 'GridShut' },
      { type: 'GridWorkOpen', open: 2 },
    ]);
  });

  it('has its effect once, however often it is told', async () => {
    const { grids, log } = await busyGrid();
    const event = told('grid-registry', closing);
    await grids.closing(event);
    const head = await log.head();
    await grids.closing(event);
    expect(await log.head()).toBe(head);
  });

  it.each([1, 2, 3, 4, 5])('is completed when it was cut short at append %i', async (nth) => {
    const { log } = await busyGrid();
    let appends = 0;
    const breaking = {
      ...log,
      append: (commit: Parameters<typeof log.append>[0]) => {
        appends += 1;
        if (appends === nth) throw new Error('the power went');
        return log.append(commit);
      },
    };
    const event = told('grid-registry', closing);
    await expect(openInspections(breaking).grids.closing(event)).rejects.toThrow('power');
    const { grids, work } = openInspections(log);
    await grids.closing(event);
    expect(await work.openIn(GRID)).toEqual([]);
    expect(await work.openIn(SUCCESSOR)).toHaveLength(2);
    const types = (await eventsOf(log)).map(({ type }) => type);
    for (const type of ['GridShut', 'PlaceMoved', 'HazardMoved', 'GridWorkMoved']) {
      expect([type, types.filter((each) => each === type)]).toEqual([type, [type]]);
    }
  });

  it('a hazard that is closed meanwhile stays where it was', async () => {
    const { log, work } = await busyGrid();
    await tell(log, { [`hazard-${HAZARD}`]: [closed] });
    const meta = { commandId: id('e1'), actor: 'spec', request: 'move' };
    await work.move(meta, `hazard:${HAZARD}`, SUCCESSOR);
    expect((await eventsOf(log)).at(-1)).toEqual(closed);
  });
});

describe('an observation and the closing of its grid', () => {
  type Room = ReturnType<typeof openInspections>;
  const steps: Readonly<Record<string, (room: Room) => Promise<void>>> = {
    opening: ({ grids }) => grids.opened(told('grid-registry', opened, 1)),
    closing: ({ grids }) => grids.closing(told('grid-registry', closing, 2)),
    next: ({ grids }) =>
      grids.closing(
        told(
          'grid-registry',
          { ...closing, grid: SUCCESSOR, closing: id('f2'), successors: [THIRD] },
          3,
        ),
      ),
    observation: ({ observations }) => observations.on(told('volunteers', observation, 7)),
  };
  /** The registry's own order holds; the volunteers' event may come at any point. */
  const orders = [0, 1, 2, 3].map((place) =>
    ['opening', 'closing', 'next'].toSpliced(place, 0, 'observation'),
  );

  it.each(orders)('end in the same way in any order: %s, %s, %s, %s', async (...order) => {
    const room = openInspections();
    for (const step of order) await steps[step]!(room);
    const rows: readonly HazardRow[] = await room.views.all(hazardsView);
    expect(rows).toMatchObject([
      {
        grid: THIRD,
        source: 'OBSERVATION',
        moves: [
          { from: GRID, to: SUCCESSOR },
          { from: SUCCESSOR, to: THIRD },
        ],
      },
    ]);
    const events = await eventsOf(room.log);
    expect(events.filter(({ type }) => type === 'HazardFound')).toMatchObject([
      { observation: OBSERVATION, grid: GRID },
    ]);
  });
});
