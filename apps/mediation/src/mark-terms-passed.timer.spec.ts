import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { DomainEvent } from '#libs/event';
import type { EventLog } from '#libs/event-log';
import { SimulatedScheduler } from '#libs/scheduler';
import { CONSENT_DUE, DISPUTE, lives, MEDIATION_DUE } from '../test/disputes.js';
import { emptyLog, eventsOf, openMediation, tell } from '../test/room.js';
import type { DisputeEvent } from './dispute.events.js';
import { disputesView } from './disputes.view.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const passed = { type: 'DisputeTermPassed', dispute: DISPUTE, term: 'MEDIATION' } as const;

async function logWith(events: readonly DisputeEvent[]): Promise<EventLog> {
  const log = emptyLog();
  await tell(log, { [`dispute-${DISPUTE}`]: events });
  return log;
}

/** Time that begins so many milliseconds before (or after) the time to mediate in has passed. */
const timeAt = (ms: number) => new SimulatedScheduler(Date.parse(MEDIATION_DUE) + ms, () => 0.5);

/** A process over the log, started. */
function started(log: EventLog, clock: SimulatedScheduler) {
  const room = openMediation(log, { clock });
  room.markTermsPassed.onApplicationBootstrap();
  return room;
}

async function marksIn(log: EventLog): Promise<readonly DomainEvent[]> {
  return (await eventsOf(log)).filter(({ type }) => type === 'DisputeTermPassed');
}

/** What becomes of an append; all else stays as it is. */
const appending = (log: EventLog, append: EventLog['append']): EventLog => ({ ...log, append });

describe('when the time to mediate in passes', () => {
  it('that is recorded once, at that very moment and not before', async () => {
    const log = await logWith(lives.mediating);
    const clock = timeAt(-10 * SECOND);
    started(log, clock);
    await clock.pass(10 * SECOND - 1);
    expect(await marksIn(log)).toEqual([]);
    await clock.pass(1);
    const marks = [{ ...passed, dueAt: MEDIATION_DUE, at: MEDIATION_DUE }];
    expect(await marksIn(log)).toEqual(marks);
    await clock.pass(60 * SECOND);
    expect(await marksIn(log)).toEqual(marks);
    const [last] = await log.read((await log.head()) - 1, 1);
    expect(last).toMatchObject({ actor: 'service:mediation' });
  });

  it('can be seen and listed, and the dispute goes on', async () => {
    const log = await logWith(lives.mediating);
    const { markTermsPassed, views } = openMediation(log, { clock: timeAt(0) });
    await markTermsPassed.tick();
    const list = {
      equals: { termPassed: true },
      orderBy: ['reportedAt', 'id'],
      limit: 10,
    } as const;
    const [row] = await views.find(disputesView, list);
    expect(row).toMatchObject({ id: DISPUTE, status: 'MEDIATING', open: true, waiting: false });
  });

  it.each(['notAccepted', 'settled', 'terminated'] as const)(
    'nothing is recorded of a dispute that is %s',
    async (status) => {
      const log = await logWith(lives[status]);
      const { markTermsPassed } = openMediation(log, { clock: timeAt(HOUR) });
      expect(await markTermsPassed.tick()).toBeUndefined();
      expect(await marksIn(log)).toEqual([]);
    },
  );

  it('or the time to answer in, the earliest is recorded first, more than one go can take', async () => {
    const log = await logWith(lives.mediating);
    for (let index = 0; index < 60; index += 1) {
      const dispute = `019a0000-0000-7000-8000-${String(index).padStart(12, '0')}`;
      const events = lives.consentPending.map((event) => ({ ...event, dispute }));
      await tell(log, { [`dispute-${dispute}`]: events });
    }
    const { markTermsPassed } = openMediation(log, { clock: timeAt(0) });
    expect(await markTermsPassed.tick()).toBe(MEDIATION_DUE);
    expect(await markTermsPassed.tick()).toBeUndefined();
    const marks = (await marksIn(log)) as readonly (typeof passed & { dueAt: string })[];
    expect(marks.map(({ dueAt }) => dueAt)).toEqual([
      ...Array.from({ length: 60 }, () => CONSENT_DUE),
      MEDIATION_DUE,
    ]);
  });
});

describe('a process that is not there all the time', () => {
  it('goes on where it was cut short: the mark is durable, and nobody heard of it', async () => {
    const told = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const log = await logWith(lives.mediating);
    const clock = timeAt(0);
    const cut = appending(log, async (commit) => {
      await log.append(commit);
      clock.clear();
      throw new Error('the power went');
    });
    started(cut, clock);
    await clock.pass(SECOND);
    expect(await marksIn(log)).toHaveLength(1);
    const again = timeAt(SECOND);
    started(log, again);
    await again.pass(10 * SECOND);
    expect(await marksIn(log)).toHaveLength(1);
    told.mockRestore();
  });

  it('does after a month what became due while nothing ran, once', async () => {
    const log = await logWith(lives.mediating);
    const before = timeAt(-HOUR);
    const { markTermsPassed } = started(log, before);
    await before.pass(2 * SECOND);
    await markTermsPassed.beforeApplicationShutdown();
    await before.pass(2 * HOUR);
    expect(await marksIn(log)).toEqual([]);
    const after = timeAt(30 * 24 * HOUR);
    const at = after.now();
    started(log, after);
    await after.pass(5 * SECOND);
    expect(await marksIn(log)).toEqual([{ ...passed, dueAt: MEDIATION_DUE, at }]);
  });

  it('is not harmed by a second one over the same log', async () => {
    const log = await logWith(lives.mediating);
    const clock = timeAt(-SECOND);
    started(log, clock);
    started(log, clock);
    await clock.pass(5 * SECOND);
    expect(await marksIn(log)).toHaveLength(1);
  });
});

describe('a clock that is set', () => {
  it('an hour on and back again records the time once', async () => {
    const log = await logWith(lives.mediating);
    const clock = timeAt(-HOUR / 2);
    started(log, clock);
    await clock.pass(2 * SECOND);
    clock.setClock(HOUR);
    await clock.pass(2 * SECOND);
    expect(await marksIn(log)).toHaveLength(1);
    clock.setClock(-HOUR);
    await clock.pass(HOUR / 60);
    clock.setClock(HOUR);
    await clock.pass(2 * SECOND);
    expect(await marksIn(log)).toHaveLength(1);
  });

  it('back before the time has passed lets it pass later, once', async () => {
    const log = await logWith(lives.mediating);
    const clock = timeAt(-2 * SECOND);
    started(log, clock);
    clock.setClock(-60 * SECOND);
    await clock.pass(61 * SECOND);
    expect(await marksIn(log)).toEqual([]);
    await clock.pass(2 * SECOND);
    expect(await marksIn(log)).toHaveLength(1);
  });
});

describe('a store that fails', () => {
  it('is tried again after 2, 4 and 8 seconds, and the time is recorded once', async () => {
    const told = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const log = await logWith(lives.mediating);
    const clock = timeAt(0);
    const tries: number[] = [];
    const failing = appending(log, async (commit) => {
      tries.push(clock.elapsedMs() / SECOND);
      if (tries.length < 4) throw new Error('the store is busy');
      return log.append(commit);
    });
    started(failing, clock);
    await clock.pass(60 * SECOND);
    expect(tries).toEqual([0, 2, 6, 14]);
    expect(await marksIn(log)).toHaveLength(1);
    told.mockRestore();
  });
});
