import type { EventLog } from '#libs/event-log';
import { founded, GRID, id, lives, moved, NOW, noted, SUCCESSOR, TEAM } from '../test/patrols.js';
import { CLOSING, closing, opened, retirementRefused, told } from '../test/registry.js';
import { emptyLog, eventsOf, openVolunteers, type StreamsOfEvents, tell } from '../test/room.js';
import { patrolsView } from './patrols.view.js';
import type { ShiftEvent } from './shift.events.js';
import { teamsView } from './teams.view.js';
import type { VolunteersEvent } from './volunteers.events.js';

const lifeOf = (shift: string, events: readonly ShiftEvent[]): StreamsOfEvents => ({
  [`shift-${shift}`]: events.map((event) => ({ ...event, shift })),
});
const elsewhere = lives.claimed.map((event) =>
  event.type === 'ShiftPublished' ? { ...event, grid: SUCCESSOR } : event,
);
const answer = { grid: GRID, closing: CLOSING, at: NOW };

/** A grid with its team and a shift at each status, and work that is none of its own. */
async function logWithWork(): Promise<EventLog> {
  const log = emptyLog();
  await openVolunteers(log).gridWork.opened(told(opened));
  const teams: Readonly<Record<string, readonly VolunteersEvent[]>> = {
    [`team-${TEAM}`]: [{ ...founded, area: GRID }],
    [`team-${id('c2')}`]: [{ ...founded, team: id('c2') }],
  };
  await tell(log, {
    ...teams,
    ...lifeOf(id('d1'), lives.published),
    ...lifeOf(id('d2'), lives.claimed),
    ...lifeOf(id('d3'), lives.checkedIn),
    ...lifeOf(id('d4'), lives.checkedOut),
    ...lifeOf(id('d5'), lives.confirmed),
    ...lifeOf(id('d6'), lives.cancelled),
    ...lifeOf(id('d7'), elsewhere),
  });
  return log;
}

/** A log that breaks down at the `nth` append: before it is durable, or before it is known. */
function breakingAt(nth: number, log: EventLog, when: 'before' | 'after'): EventLog {
  let appends = 0;
  return {
    ...log,
    append: async (commit) => {
      appends += 1;
      if (appends === nth && when === 'before') throw new Error('the power went');
      const outcome = await log.append(commit);
      if (appends === nth) throw new Error('the power went');
      return outcome;
    },
  };
}

const movesAfter: readonly VolunteersEvent[] = [
  { type: 'GridShut', ...answer, successors: [SUCCESSOR] },
  { type: 'GridAdmitted', grid: SUCCESSOR, name: null, at: NOW },
  ...['d1', 'd2', 'd3', 'd4'].map((last) => ({ ...moved, shift: id(last) })),
  { type: 'TeamMoved', team: TEAM, from: GRID, area: SUCCESSOR, at: NOW },
  { type: 'GridWorkMoved', ...answer },
];

describe('when a grid is closed into another', () => {
  it('its open shifts and its team go along, and the registry is told', async () => {
    const log = await logWithWork();
    const from = await log.head();
    await openVolunteers(log).gridWork.closing(told(closing, 5));
    expect(await eventsOf(log, from)).toEqual(movesAfter);
    const causes = (await log.read(from, 99)).map(({ actor, cause }) => [actor, cause]);
    expect(causes).toEqual(movesAfter.map(() => ['service:volunteers', 'grid-registry@5']));
  });

  it('their history shows it', async () => {
    const { views, gridWork } = openVolunteers(await logWithWork());
    await gridWork.closing(told(closing, 5));
    const gone = { moves: [{ from: GRID, to: SUCCESSOR, at: NOW }] };
    expect(await views.get(patrolsView, id('d2'))).toMatchObject({ grid: SUCCESSOR, ...gone });
    expect(await views.get(patrolsView, id('d5'))).toMatchObject({ grid: GRID, moves: [] });
    expect(await views.get(teamsView, TEAM)).toMatchObject({ area: SUCCESSOR, ...gone });
  });

  it('it has its effect once, however often that is told', async () => {
    const log = await logWithWork();
    const from = await log.head();
    const { gridWork } = openVolunteers(log);
    await gridWork.closing(told(closing, 5));
    await gridWork.closing(told(closing, 5));
    await openVolunteers(log).gridWork.closing(told(closing, 5));
    expect(await eventsOf(log, from)).toEqual(movesAfter);
  });

  const cuts = movesAfter.flatMap((_, index) =>
    (['before', 'after'] as const).map((when) => [index + 1, when] as const),
  );

  it.each(cuts)('and cut short at append %i, %s it is durable, completed', async (nth, when) => {
    const log = await logWithWork();
    const from = await log.head();
    const broken = openVolunteers(breakingAt(nth, log, when)).gridWork.closing(told(closing, 5));
    await expect(broken).rejects.toThrow('power');
    await openVolunteers(log).gridWork.closing(told(closing, 5));
    expect(await eventsOf(log, from)).toEqual(movesAfter);
  });
});

describe('an observation that inspections has not answered', () => {
  const logWithNote = async (): Promise<EventLog> => {
    const log = await logWithWork();
    await tell(log, { [`observation-${noted.observation}`]: [noted] });
    return log;
  };

  it('holds the closing up until it is answered, so that its hazard is not left behind', async () => {
    const log = await logWithNote();
    const { gridWork } = openVolunteers(log);
    await expect(gridWork.closing(told(closing, 5))).rejects.toThrow(/not answered/);
    const { observation } = noted;
    const hazard = { hazard: id('f1'), status: 'FOUND', at: NOW } as const;
    const answered = { type: 'ObservationFollowed', observation, ...hazard } as const;
    await tell(log, { [`observation-${observation}`]: [answered] });
    await gridWork.closing(told(closing, 5));
    expect((await eventsOf(log)).at(-1)).toEqual({ type: 'GridWorkMoved', ...answer });
  });

  it('keeps a grid open that has no successor', async () => {
    const log = await logWithNote();
    await openVolunteers(log).gridWork.closing(told({ ...closing, successors: [] }, 5));
    expect((await eventsOf(log)).at(-1)).toEqual({ type: 'GridWorkOpen', ...answer, open: 6 });
  });
});

describe('when a grid is to be closed without a successor', () => {
  const withoutSuccessor = told({ ...closing, successors: [] }, 5);

  it('nothing moves, and the registry is told how much is open', async () => {
    const log = await logWithWork();
    const from = await log.head();
    await openVolunteers(log).gridWork.closing(withoutSuccessor);
    expect(await eventsOf(log, from)).toEqual([
      { type: 'GridShut', ...answer, successors: [] },
      { type: 'GridWorkOpen', ...answer, open: 5 },
    ]);
  });

  it('an empty one is given up, and one that stays takes work again', async () => {
    const { gridWork, log } = openVolunteers();
    await gridWork.opened(told(opened));
    await gridWork.closing(withoutSuccessor);
    await gridWork.refused(told(retirementRefused, 6));
    const types = (await eventsOf(log)).map(({ type }) => type);
    expect(types).toEqual(['GridAdmitted', 'GridShut', 'GridWorkMoved', 'GridReopened']);
  });
});

describe('the work in a grid', () => {
  it('is found whole, more than one page of it', async () => {
    const log = emptyLog();
    const shiftId = (index: number) =>
      `019a0000-0000-7000-8000-${((index * 7919) % 65_536).toString(16).padStart(12, '0')}`;
    const shifts = Array.from({ length: 450 }, (_, index) => shiftId(index));
    await tell(log, Object.assign({}, ...shifts.map((each) => lifeOf(each, lives.published))));
    const from = await log.head();
    await openVolunteers(log).gridWork.closing(told(closing, 5));
    const events = (await eventsOf(log, from)) as readonly ShiftEvent[];
    const gone = events.flatMap((event) => (event.type === 'ShiftMoved' ? [event.shift] : []));
    expect(gone).toEqual(shifts.toSorted());
  });
});
