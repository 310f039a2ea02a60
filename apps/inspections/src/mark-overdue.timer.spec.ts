import type { DomainEvent } from '#libs/event';
import type { EventLog } from '#libs/event-log';
import {
  closed,
  DUE,
  failed,
  found,
  graded,
  HAZARD,
  lives,
  overdue,
  rectified,
} from '../test/hazards.js';
import { clockAt, emptyLog, openInspections, tell } from '../test/room.js';

const BEFORE = '2026-03-09T15:59:59.999Z';
const LATER = '2026-03-20T00:00:00.000Z';

async function logWith(streams: Readonly<Record<string, readonly DomainEvent[]>>) {
  const log = emptyLog();
  await tell(log, streams);
  return log;
}
const noticed = () => logWith({ [`hazard-${HAZARD}`]: lives.noticed });

/** As many ids as are asked for, in an order that is not the one of their making. */
const hazardId = (index: number): string =>
  `019a0000-0000-7000-8000-${((index * 7919) % 65_536).toString(16).padStart(12, '0')}`;

async function marksIn(log: EventLog): Promise<readonly DomainEvent[]> {
  const events = (await log.read(0, 10_000)).map(({ event }) => event);
  return events.filter(({ type }) => type === 'HazardOverdue');
}

describe('when the time of a hazard passes', () => {
  it('it is marked as overdue at that very moment, not before', async () => {
    const log = await noticed();
    const clock = clockAt(BEFORE);
    const { timer } = openInspections(log, clock);
    expect(await timer.tick()).toBe(DUE);
    expect(await marksIn(log)).toEqual([]);
    clock.moveTo(Date.parse(DUE));
    expect(await timer.tick()).toBeUndefined();
    expect(await marksIn(log)).toEqual([overdue]);
    const [last] = await log.read((await log.head()) - 1, 1);
    expect(last).toMatchObject({ actor: 'service:inspections' });
  });

  it('it is marked once', async () => {
    const log = await noticed();
    const { timer } = openInspections(log, clockAt(LATER));
    await Promise.all([timer.tick(), timer.tick()]);
    await timer.tick();
    expect(await marksIn(log)).toEqual([{ ...overdue, at: LATER }]);
  });

  it('nothing is marked that was rectified in time, was closed or has a new limit', async () => {
    const of = (hazard: string, events: readonly DomainEvent[]) =>
      [`hazard-${hazard}`, events.map((event) => ({ ...event, hazard }))] as const;
    const log = await logWith(
      Object.fromEntries([
        of(hazardId(1), [found]),
        of(hazardId(2), [found, graded, rectified]),
        of(hazardId(3), lives.closed),
        of(hazardId(4), [found, graded, rectified, failed]),
      ]),
    );
    const { timer } = openInspections(log, clockAt(DUE));
    expect(await timer.tick()).toBe(failed.dueAt);
    expect(await marksIn(log)).toEqual([]);
  });

  it('all that are due are marked, the earliest first, whatever else is not due yet', async () => {
    const streams = Array.from({ length: 120 }, (_, index) => {
      const hazard = hazardId(index);
      const dueAt = index < 110 ? `2026-03-0${1 + (index % 9)}T16:00:00.000Z` : LATER;
      return [
        `hazard-${hazard}`,
        [
          { ...found, hazard },
          { ...graded, hazard, dueAt },
        ],
      ] as const;
    });
    const log = await logWith(Object.fromEntries(streams));
    const { timer } = openInspections(log, clockAt(DUE));
    expect([await timer.tick(), await timer.tick()]).toEqual([DUE, DUE]);
    expect(await timer.tick()).toBe(LATER);
    const marks = (await marksIn(log)) as readonly (typeof overdue)[];
    const dues = marks.map(({ dueAt }) => dueAt);
    expect(dues).toHaveLength(110);
    expect(dues).toEqual(dues.toSorted());
  });
});

describe('a restart', () => {
  it('forgets nothing: what became due while nothing ran is marked after it', async () => {
    const log = await noticed();
    await openInspections(log, clockAt(BEFORE)).timer.tick();
    await openInspections(log, clockAt(LATER)).timer.tick();
    expect(await marksIn(log)).toEqual([{ ...overdue, at: LATER }]);
    await openInspections(log, clockAt(LATER)).timer.tick();
    expect(await marksIn(log)).toHaveLength(1);
  });

  it('after a mark that was durable but not known to be leaves it at that', async () => {
    const log = await noticed();
    const breaking: EventLog = {
      ...log,
      append: async (commit) => {
        await log.append(commit);
        throw new Error('the power went');
      },
    };
    const clock = clockAt(DUE);
    await expect(openInspections(breaking, clock).timer.tick()).rejects.toThrow('power');
    await openInspections(log, clock).timer.tick();
    expect(await marksIn(log)).toEqual([overdue]);
  });

  it('sends the same command id, which the log takes once', async () => {
    const ids = await Promise.all(
      [DUE, LATER].map(async (time) => {
        const log = await noticed();
        await openInspections(log, clockAt(time)).timer.tick();
        const [last] = await log.read((await log.head()) - 1, 1);
        return last!.commandId;
      }),
    );
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids[1]).toBe(ids[0]);
  });
});

describe('a hazard that was not right when it was rechecked', () => {
  it('is marked again when its new time passes', async () => {
    const log = await logWith({
      [`hazard-${HAZARD}`]: [...lives.noticed, overdue, rectified, failed],
    });
    const { timer } = openInspections(log, clockAt(LATER));
    await timer.tick();
    expect(await marksIn(log)).toEqual([overdue, { ...overdue, dueAt: failed.dueAt, at: LATER }]);
    await tell(log, { [`hazard-${HAZARD}`]: [closed] });
    expect(await timer.tick()).toBeUndefined();
  });
});
