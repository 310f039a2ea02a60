import fc from 'fast-check';
import { given } from '#libs/event';
import {
  areaCode,
  closed,
  DUE,
  failed,
  fixed,
  found,
  GRID,
  HAZARD,
  id,
  INSPECTION,
  inspected,
  lives,
  moved,
  noted,
  OBSERVATION,
  observed,
  overdue,
  PLACE,
  placeMoved,
  rectified,
  registered,
  SUCCESSOR,
} from '../test/hazards.js';
import { openInspections, tell } from '../test/room.js';
import type { HazardEvent } from './hazard.events.js';
import { hazards } from './hazard.js';
import { type HazardRow, hazardsView } from './hazards.view.js';
import type { InspectionsEvent } from './inspections.events.js';

/** The row of the hazard after these events. */
async function rowAfter(events: readonly HazardEvent[]): Promise<HazardRow | undefined> {
  const { log, views } = openInspections();
  await tell(log, { [`hazard-${HAZARD}`]: events });
  return views.get(hazardsView, HAZARD);
}

describe('where a hazard stands', () => {
  it('waits for its grade once a patrol has found it', async () => {
    expect(await rowAfter([observed])).toEqual({
      id: HAZARD,
      grid: GRID,
      place: null,
      inspection: null,
      source: 'OBSERVATION',
      observation: OBSERVATION,
      description: null,
      status: 'FOUND',
      open: true,
      grade: null,
      dueAt: null,
      overdue: false,
      evidence: null,
      recheck: null,
      rechecking: false,
      recheckBy: null,
      provisional: false,
      calendarVersion: null,
      recheckLate: false,
      foundAt: observed.at,
      moves: [],
    });
  });

  it('has a time limit from its grade on, and where it was found', async () => {
    expect(await rowAfter(lives.noticed)).toMatchObject({
      source: 'INSPECTION',
      place: PLACE,
      inspection: INSPECTION,
      observation: null,
      description: found.sealed,
      grade: 'ORDINARY',
      dueAt: DUE,
      overdue: false,
    });
  });

  it('is ordinary and closed when it was put right on the spot', async () => {
    const row = await rowAfter([found, fixed, { ...closed, fixedOnSpot: true }]);
    expect(row).toMatchObject({ status: 'CLOSED', open: false, grade: 'ORDINARY', dueAt: null });
  });

  it('keeps that it was overdue when it is rectified, until it gets a new limit', async () => {
    const late = [...lives.noticed, overdue, rectified];
    const row = { status: 'RECTIFIED', overdue: true, evidence: rectified.sealed };
    expect(await rowAfter(late)).toMatchObject(row);
    const again = { status: 'NOTICED', overdue: false, dueAt: failed.dueAt, grade: 'ORDINARY' };
    expect(await rowAfter([...late, failed])).toMatchObject(again);
  });

  it('shows each grid that it came through', async () => {
    const back = { ...moved, from: SUCCESSOR, to: GRID };
    expect(await rowAfter([found, moved, back])).toMatchObject({
      grid: GRID,
      moves: [
        { from: GRID, to: SUCCESSOR, at: moved.at },
        { from: SUCCESSOR, to: GRID, at: moved.at },
      ],
    });
  });

  it('is what the rules say it is, at each status of its life', async () => {
    for (const events of Object.values(lives).filter(({ length }) => length > 0)) {
      const { status } = given(hazards, events).state;
      const row = await rowAfter(events);
      expect(row).toMatchObject({ status: status.toUpperCase(), open: status !== 'closed' });
    }
  });
});

/** A life told of another hazard. */
const lifeOf = (hazard: string, events: readonly HazardEvent[]): readonly HazardEvent[] =>
  events.map((event) => ({ ...event, hazard }));

describe('the hazards of an area', () => {
  it('are found by what is open and by grid, oldest first', async () => {
    const { log, views } = openInspections();
    const later = { ...found, at: '2026-03-05T00:00:00.000Z' };
    const elsewhere = { ...found, grid: areaCode('430503001001001') };
    await tell(log, {
      'hazard-d2': lifeOf(id('d2'), [later]),
      'hazard-d3': lifeOf(id('d3'), lives.closed),
      'hazard-d4': lifeOf(id('d4'), [elsewhere]),
      'hazard-d5': lifeOf(id('d5'), lives.rectified),
    });
    const idsOf = async (where: object): Promise<readonly string[]> => {
      const query = { orderBy: ['foundAt', 'id'], limit: 10 } as const;
      const rows = await views.find(hazardsView, { ...where, ...query });
      return rows.map((row) => row.id.slice(-2));
    };
    const under = (prefix: string) => ({ under: { field: 'grid', prefix } });
    expect(await idsOf({})).toEqual(['d3', 'd4', 'd5', 'd2']);
    expect(await idsOf({ ...under('430502'), equals: { open: true } })).toEqual(['d5', 'd2']);
    expect(await idsOf({ ...under('4305'), equals: { open: false } })).toEqual(['d3']);
  });
});

describe('the order between streams', () => {
  const streams: Readonly<Record<string, readonly InspectionsEvent[]>> = {
    'hazard-d1': [...lives.noticed, overdue, moved, rectified, failed],
    'hazard-d2': lifeOf(id('d2'), lives.closed),
    'inspection-b1': [inspected, noted],
    'place-a1': [registered, placeMoved],
  };
  const turns = Object.entries(streams).flatMap(([stream, events]) => events.map(() => stream));

  async function rowsInOrder(order: readonly string[]): Promise<readonly HazardRow[]> {
    const { log, views } = openInspections();
    const taken = new Map<string, number>();
    for (const stream of order) {
      const next = taken.get(stream) ?? 0;
      taken.set(stream, next + 1);
      await tell(log, { [stream]: streams[stream]?.slice(next, next + 1) ?? [] });
    }
    return views.all(hazardsView);
  }

  it('does not matter: any interleaving gives the same rows', async () => {
    const rows = await rowsInOrder(turns);
    expect(rows.map(({ status }) => status)).toEqual(['NOTICED', 'CLOSED']);
    const order = fc.shuffledSubarray(turns, { minLength: turns.length });
    const same = fc.asyncProperty(order, async (each) => {
      expect(await rowsInOrder(each)).toEqual(rows);
    });
    await fc.assert(same, { numRuns: 50 });
  });
});
