import { gridRegistryPublishedEvents } from '#libs/contracts';
import { isRefusal, type Recorded, refuse } from '#libs/event';
import { EventBus } from '#libs/event-bus';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import {
  cancelled,
  claimed,
  engaged,
  enrolled,
  founded,
  id,
  LIN,
  lives,
  local,
  MEI,
  minorEnrolled,
  NOW,
  published,
  SHIFT,
  TEAM,
} from '../test/patrols.js';
import { closing, opened, told } from '../test/registry.js';
import { emptyLog, eventsOf, meta, openVolunteers, tell } from '../test/room.js';
import type { ShiftEvent } from './shift.events.js';

const { team, grid, startsAt, endsAt, risk } = published;
const ask = { team, grid, startsAt, endsAt, risk };
const claim = { shift: SHIFT, volunteer: LIN };

/** A team with two volunteers and the given shifts. */
async function roomWith(
  streams: Readonly<Record<string, readonly ShiftEvent[]>>,
  log: EventLog = emptyLog(),
) {
  await tell(log, {
    [`team-${TEAM}`]: [founded],
    [`volunteer-${LIN}`]: [enrolled],
    [`volunteer-${MEI}`]: [minorEnrolled],
    ...streams,
  });
  return { ...openVolunteers(log), from: await log.head() };
}

/** A log in which something else happens right before the next append. */
function interrupted(log: EventLog, by: () => Promise<unknown>): EventLog {
  let first = true;
  return {
    ...log,
    append: async (commit) => {
      if (first) {
        first = false;
        await by();
      }
      return log.append(commit);
    },
  };
}

describe('publishing', () => {
  it('makes the id of the shift, in a grid that is open', async () => {
    const { gridWork, shifts, log, from } = await roomWith({});
    await gridWork.opened(told(opened));
    const outcome = await shifts.publish(meta('e1'), ask);
    expect(outcome).toMatchObject({ status: 'done', position: from + 1 });
    const [recorded] = (await log.read(from + 1, 1)) as readonly Recorded<typeof published>[];
    expect(recorded!.stream).toBe(`shift-${recorded!.event.shift}`);
    expect(recorded!.event).toEqual({
      ...published,
      shift: recorded!.event.shift,
      at: NOW,
    });
    expect(await shifts.publish(meta('e1'), ask)).toEqual(outcome);
  });

  it('cannot commit in a grid that was shut after it was read', async () => {
    const { gridWork, log, from } = await roomWith({});
    await gridWork.opened(told(opened));
    const slow = interrupted(log, () => gridWork.closing(told(closing, 1)));
    const outcome = await openVolunteers(slow).shifts.publish(meta('e1'), ask);
    expect(outcome).toMatchObject({ refused: 'GridClosed' });
    const types = (await eventsOf(log, from)).map(({ type }) => type);
    expect(types).not.toContain('ShiftPublished');
  });

  it('waits for what the registry has told of the grid and this service not heard yet', async () => {
    const bus = new EventBus();
    const registry = openMemoryLog({
      origin: 'grid-registry',
      events: gridRegistryPublishedEvents,
      now: () => NOW,
    });
    bus.publish(registry);
    const room = openVolunteers((await roomWith({})).log, bus);
    room.transport.addHandler(
      'grid-registry.GridOpened',
      (recorded: Recorded<typeof opened>) => room.gridWork.opened(recorded),
      true,
    );
    room.transport.listen(() => undefined);
    expect(await room.shifts.publish(meta('e1'), ask)).toEqual(refuse('GridNotFound', { grid }));
    await tell(registry, { spec: [opened] });
    expect(isRefusal(await room.shifts.publish(meta('e2'), ask))).toBe(false);
    await room.transport.close();
  });
});

describe('claiming', () => {
  it('takes the shift and the volunteer’s time in one commit', async () => {
    const { shifts, log, from } = await roomWith({ [`shift-${SHIFT}`]: lives.published });
    await shifts.claim(meta('e1'), claim);
    expect((await log.read(from, 9)).map(({ stream, event }) => [stream, event])).toEqual([
      [`shift-${SHIFT}`, claimed],
      [`volunteer-${LIN}`, engaged],
    ]);
  });

  it('records nothing when the volunteer has no time, nor when it is repeated', async () => {
    const later = { ...published, shift: id('d2'), startsAt: local(19), endsAt: local(21) };
    const { shifts, log, from } = await roomWith({
      [`shift-${SHIFT}`]: lives.published,
      [`shift-${id('d2')}`]: [later],
    });
    await shifts.claim(meta('e1'), claim);
    const second = await shifts.claim(meta('e2'), { ...claim, shift: id('d2') });
    expect(second).toMatchObject({ refused: 'ShiftOverlaps' });
    expect(await shifts.claim(meta('e3'), claim)).toMatchObject({ status: 'done', events: [] });
    expect(await log.head()).toBe(from + 2);
  });

  it('by two volunteers at the same time gives the shift to one', async () => {
    const { shifts, log, from } = await roomWith({ [`shift-${SHIFT}`]: lives.published });
    const outcomes = await Promise.all([
      shifts.claim(meta('e1'), claim),
      shifts.claim(meta('e2'), { ...claim, volunteer: MEI }),
    ]);
    expect(outcomes.filter(isRefusal)).toEqual([refuse('ShiftAlreadyClaimed')]);
    expect(await log.head()).toBe(from + 2);
  });

  it('of two shifts at the same time gives the volunteer one', async () => {
    const { shifts, log, from } = await roomWith({
      [`shift-${SHIFT}`]: lives.published,
      [`shift-${id('d2')}`]: [{ ...published, shift: id('d2') }],
    });
    const outcomes = await Promise.all([
      shifts.claim(meta('e1'), claim),
      shifts.claim(meta('e2'), { ...claim, shift: id('d2') }),
    ]);
    expect(outcomes.filter(isRefusal)).toMatchObject([{ refused: 'ShiftOverlaps' }]);
    expect(await log.head()).toBe(from + 2);
  });
});

describe('cancelling', () => {
  it('gives the volunteer’s time back, so that another shift can be claimed', async () => {
    const { shifts, log, from } = await roomWith({
      [`shift-${SHIFT}`]: lives.published,
      [`shift-${id('d2')}`]: [{ ...published, shift: id('d2') }],
    });
    await shifts.claim(meta('e1'), claim);
    await shifts.cancel(meta('e2'), { shift: SHIFT });
    expect(await eventsOf(log, from + 2)).toEqual([
      { ...cancelled, volunteer: LIN },
      { type: 'VolunteerFreed', volunteer: LIN, shift: SHIFT, at: NOW },
    ]);
    const second = await shifts.claim(meta('e3'), { ...claim, shift: id('d2') });
    expect(second).toMatchObject({ status: 'done' });
  });

  it('of a shift that nobody has claimed frees nobody', async () => {
    const { shifts, log, from } = await roomWith({ [`shift-${SHIFT}`]: lives.published });
    await shifts.cancel(meta('e1'), { shift: SHIFT });
    expect(await eventsOf(log, from)).toEqual([cancelled]);
  });
});

describe('the hours of a shift', () => {
  it('are confirmed by who asks, never by the volunteer', async () => {
    const { shifts, log, from } = await roomWith({ [`shift-${SHIFT}`]: lives.checkedOut });
    const own = await shifts.confirm(meta('e1', LIN), { shift: SHIFT });
    expect(own).toEqual(refuse('HoursOwn'));
    await shifts.confirm(meta('e2', 'supervisor'), { shift: SHIFT });
    expect(await log.read(from, 9)).toMatchObject([
      { actor: 'supervisor', event: { type: 'HoursConfirmed', volunteer: LIN, minutes: 100 } },
    ]);
  });

  it('follow a check-in and a check-out at the time of the service', async () => {
    const now = { startsAt: NOW, endsAt: local(18) };
    const life = [{ ...published, ...now }, claimed];
    const { shifts, log, from } = await roomWith({ [`shift-${SHIFT}`]: life });
    await shifts.checkIn(meta('e1'), claim);
    await shifts.checkOut(meta('e2'), claim);
    expect(await eventsOf(log, from)).toEqual([
      { type: 'ShiftCheckedIn', ...claim, at: NOW },
      { type: 'ShiftCheckedOut', ...claim, at: NOW },
    ]);
  });
});
