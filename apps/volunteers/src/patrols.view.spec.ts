import fc from 'fast-check';
import { given } from '#libs/event';
import {
  areaCode,
  engaged,
  enrolled,
  followed,
  founded,
  GRID,
  HAZARD,
  id,
  LIN,
  lives,
  local,
  moved,
  noted,
  OBSERVATION,
  published,
  SHIFT,
  SUCCESSOR,
  TEAM,
} from '../test/patrols.js';
import { openVolunteers, tell } from '../test/room.js';
import { observationsView } from './observations.view.js';
import { type PatrolRow, patrolsView } from './patrols.view.js';
import type { ShiftEvent } from './shift.events.js';
import { shifts } from './shift.js';
import { teamsView } from './teams.view.js';
import type { VolunteersEvent } from './volunteers.events.js';
import { volunteersView } from './volunteers.view.js';

/** The row of the shift after these events. */
async function rowAfter(events: readonly ShiftEvent[]): Promise<PatrolRow | undefined> {
  const { log, views } = openVolunteers();
  await tell(log, { [`shift-${SHIFT}`]: events });
  return views.get(patrolsView, SHIFT);
}

describe('where a patrol stands', () => {
  it('waits for a volunteer once it is published', async () => {
    expect(await rowAfter(lives.published)).toEqual({
      id: SHIFT,
      team: TEAM,
      grid: GRID,
      startsAt: local(18),
      endsAt: local(20),
      risk: 'ORDINARY',
      status: 'PUBLISHED',
      open: true,
      volunteer: null,
      minutes: null,
      moves: [],
    });
  });

  it('shows who serves, and in the end the minutes, but no time of a check-in', async () => {
    expect(await rowAfter(lives.claimed)).toMatchObject({ volunteer: LIN, minutes: null });
    const row = await rowAfter(lives.confirmed);
    expect(row).toMatchObject({ open: false, volunteer: LIN, minutes: 100 });
    expect(JSON.stringify(row)).not.toContain(local(17, 45));
  });

  it('is over when it is cancelled', async () => {
    expect(await rowAfter(lives.cancelled)).toMatchObject({ open: false, volunteer: null });
  });

  it('is in the grid to which it went along, and shows from where', async () => {
    const third = areaCode('430502001001003');
    const again = { ...moved, from: SUCCESSOR, grid: third, at: local(17) };
    expect(await rowAfter([...lives.claimed, moved, again])).toMatchObject({
      status: 'CLAIMED',
      grid: third,
      moves: [
        { from: GRID, to: SUCCESSOR, at: moved.at },
        { from: SUCCESSOR, to: third, at: local(17) },
      ],
    });
  });

  it('is what the rules say it is, at each status of its life', async () => {
    const inCapitals = (text: string) => text.replace(/[A-Z]/g, '_$&').toUpperCase();
    for (const events of Object.values(lives).filter(({ length }) => length > 0)) {
      const { status } = given(shifts, events).state;
      expect((await rowAfter(events))?.status).toBe(inCapitals(status));
    }
  });
});

/** A life told of another shift. */
const lifeOf = (shift: string, events: readonly ShiftEvent[]): readonly ShiftEvent[] =>
  events.map((event) => ({ ...event, shift }));

describe('the patrols of an area', () => {
  it('are found by grid, by their start', async () => {
    const { log, views } = openVolunteers();
    const elsewhere = { ...published, grid: areaCode('430503001001001') };
    await tell(log, {
      'shift-d2': lifeOf(id('d2'), [{ ...published, startsAt: local(19) }]),
      'shift-d3': lifeOf(id('d3'), lives.confirmed),
      'shift-d4': lifeOf(id('d4'), [elsewhere]),
      'shift-d5': lifeOf(id('d5'), [{ ...published, startsAt: local(17) }]),
    });
    const found = async (prefix: string) => {
      const where = { under: { field: 'grid', prefix } } as const;
      const rows = await views.find(patrolsView, {
        ...where,
        orderBy: ['startsAt', 'id'],
        limit: 10,
      });
      return rows.map((row) => row.id.slice(-2));
    };
    expect(await found('4305')).toEqual(['d5', 'd3', 'd4', 'd2']);
    expect(await found('430502')).toEqual(['d5', 'd3', 'd2']);
  });
});

describe('the order between streams', () => {
  const streams: Readonly<Record<string, readonly VolunteersEvent[]>> = {
    'shift-d1': lifeOf(SHIFT, lives.confirmed),
    'shift-d2': lifeOf(id('d2'), [...lives.checkedIn, moved]),
    [`team-${TEAM}`]: [
      founded,
      { type: 'TeamMoved', team: TEAM, from: GRID, area: SUCCESSOR, at: local(17) },
    ],
    [`volunteer-${LIN}`]: [
      enrolled,
      engaged,
      { type: 'VolunteerFreed', volunteer: LIN, shift: SHIFT, at: local(17) },
    ],
    [`observation-${OBSERVATION}`]: [noted, followed],
  };
  const turns = Object.entries(streams).flatMap(([stream, events]) => events.map(() => stream));

  async function rowsInOrder(order: readonly string[]): Promise<readonly object[]> {
    const { log, views } = openVolunteers();
    const taken = new Map<string, number>();
    for (const stream of order) {
      const next = taken.get(stream) ?? 0;
      taken.set(stream, next + 1);
      await tell(log, { [stream]: streams[stream]?.slice(next, next + 1) ?? [] });
    }
    return [
      ...(await views.all(patrolsView)),
      ...(await views.all(teamsView)),
      ...(await views.all(volunteersView)),
      ...(await views.all(observationsView)),
    ];
  }

  it('does not matter: any interleaving gives the same rows', async () => {
    const rows = await rowsInOrder(turns);
    expect(rows).toMatchObject([
      { status: 'CONFIRMED' },
      { status: 'CHECKED_IN', grid: SUCCESSOR },
      { area: SUCCESSOR, moves: [{ from: GRID }] },
      { id: LIN, team: TEAM, sealed: enrolled.sealed },
      { id: OBSERVATION, sealed: noted.sealed, outcome: 'FOUND', hazardId: HAZARD },
    ]);
    const order = fc.shuffledSubarray(turns, { minLength: turns.length });
    const same = fc.asyncProperty(order, async (each) => {
      expect(await rowsInOrder(each)).toEqual(rows);
    });
    await fc.assert(same, { numRuns: 50 });
  });
});
