import { claimedIdentity } from '#libs/access';
import { COUNTRY } from '#libs/contracts';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { SteppedClock } from '#libs/scheduler';
import { defineView, LiveViews, openMemoryViews, Projector, ViewsBehind } from '#libs/views';
import type { Neighbours } from './neighbours.js';
import type { Reading } from './reading.js';
import { type Asked, asOfIn } from './reading-asked.js';
import { Readings } from './readings.js';

type HouseEvent =
  | { readonly type: 'DoorMade'; readonly door: string; readonly room: string }
  | { readonly type: 'DoorMoved'; readonly door: string; readonly room: string };
interface DoorRow {
  readonly id: string;
  readonly room: string;
}

const doorsView = defineView<DoorRow, HouseEvent, 'door'>({
  name: 'doors',
  version: 1,
  indexes: [['room', 'id']],
  temporal: true,
  key: 'door',
  starts: { DoorMade: ({ event: { door, room } }) => ({ id: door, room }) },
  changes: { DoorMoved: (row, { event: { room } }) => ({ ...row, room }) },
});

const START = Date.parse('2026-03-02T00:00:00.000Z');
const day = (days: number): string => new Date(START + days * 86_400_000).toISOString();

let clock: SteppedClock;
let log: EventLog;
let views: LiveViews;
let handled: number;
let isParked: boolean;
let commands = 0;

beforeEach(() => {
  clock = new SteppedClock(START);
  const shape = z.strictObject({ door: z.string(), room: z.string() });
  log = openMemoryLog({
    origin: 'mediation',
    events: { DoorMade: shape, DoorMoved: shape },
    now: () => clock.now(),
  });
  const store = openMemoryViews([doorsView]);
  views = new LiveViews(new Projector(log, store), store);
  handled = 5;
  isParked = false;
});

async function record(days: number, event: HouseEvent): Promise<void> {
  clock.moveTo(START + days * 86_400_000);
  commands += 1;
  const asked = { commandId: `command-${commands}`, actor: 'li-1', fingerprint: '', reads: [] };
  await log.append({ ...asked, writes: [{ stream: `door-${event.door}`, events: [event] }] });
}

/** The registry holds ten events, of which `handled` were handled here. */
const neighbours: Neighbours = {
  caughtUp: async () => true,
  reached: async () => ({ handled, head: 10, isParked }),
};
const read = (asked: Asked): Promise<Reading> =>
  new Readings(log, views, neighbours, clock).of({
    identity: claimedIdentity({ subject: 'li-1', role: 'reader', area: COUNTRY }),
    language: 'en',
    headers: {},
    asked,
  });
const positions = (...all: readonly (readonly [string, number])[]) => new Map(all);
const roomOfA = async (asked: Asked) => (await (await read(asked)).get(doorsView, 'a'))?.room;

async function refusalOf(asked: Asked): Promise<GraphQLError> {
  const error: unknown = await read(asked).catch((refused: unknown) => refused);
  if (error instanceof GraphQLError) return error;
  throw new Error('was answered');
}
const codeOf = async (asked: Asked) => (await refusalOf(asked)).extensions['code'];

describe('a reading as of a time', () => {
  beforeEach(async () => {
    await record(1, { type: 'DoorMade', door: 'a', room: 'hall' });
    await record(3, { type: 'DoorMoved', door: 'a', room: 'kitchen' });
    await record(3, { type: 'DoorMade', door: 'b', room: 'hall' });
    await record(5, { type: 'DoorMoved', door: 'a', room: 'garden' });
  });

  it.each([
    ['before all', 0, undefined],
    ['when the first was recorded', 1, 'hall'],
    ['between two', 2, 'hall'],
    ['when two were recorded at once', 3, 'kitchen'],
    ['before the last', 4.9, 'kitchen'],
    ['now', 5, 'garden'],
  ])('holds what was recorded by then: %s', async (_, days, room) => {
    expect(await roomOfA({ asOf: day(days) })).toBe(room);
    expect((await read({ asOf: day(days) })).now).toBe(day(days));
  });

  it('counts and lists what there was', async () => {
    const reading = await read({ asOf: day(2) });
    expect(await reading.count(doorsView, { equals: { room: 'hall' } })).toBe(1);
    const query = { equals: { room: 'garden' }, orderBy: ['id'], limit: 5 } as const;
    expect(await reading.find(doorsView, query)).toEqual([]);
  });

  it('is refused when the time is still to come', async () => {
    expect(await codeOf({ asOf: day(5.1) })).toBe('AS_OF_IN_FUTURE');
  });

  it.each(['9999-12-31T23:59:59Z', '9999-12-31T23:59:59-23:59'])(
    'nor is it %s yet',
    async (time) => {
      expect(await codeOf({ asOf: asOfIn([time]) })).toBe('AS_OF_IN_FUTURE');
    },
  );

  it('is before all in the first hour that can be said, also east of Greenwich', async () => {
    expect(await roomOfA({ asOf: asOfIn(['1000-01-01T00:00:00+08:00']) })).toBeUndefined();
  });

  it('by positions is as of the time of the service’s own', async () => {
    const asked = { asOf: positions(['volunteers', 99], ['mediation', 1]) };
    expect(await roomOfA(asked)).toBe('kitchen');
    expect((await read(asked)).now).toBe(day(3));
    expect(await roomOfA({ asOf: positions(['mediation', 0]) })).toBe('hall');
  });

  it('by positions is refused beyond the log, and without one of the service', async () => {
    const refusal = await refusalOf({ asOf: positions(['mediation', 4]) });
    expect(refusal.extensions['code']).toBe('POSITION_UNKNOWN');
    expect(refusal.message).toContain('mediation@4');
    expect(await codeOf({ asOf: positions(['volunteers', 1]) })).toBe('AS_OF_INCOMPLETE');
  });

  it('holds rights against the record of today', async () => {
    const seen: string[] = [];
    const reading = await read({ asOf: day(1) });
    const row = await reading.record(doorsView, 'a', ({ room }) => void seen.push(room));
    expect([row?.room, ...seen]).toEqual(['hall', 'garden']);
    const refused = reading.record(doorsView, 'a', () => {
      throw new Error('not there');
    });
    await expect(refused).rejects.toThrow('not there');
    const none = await reading.record(doorsView, 'b', ({ room }) => void seen.push(room));
    expect([none, ...seen]).toEqual([undefined, 'garden', 'hall']);
    const all = reading.authoriseEach(doorsView, [{ id: 'a', room: 'hall' }], ({ room }) => {
      expect(room).toBe('garden');
      throw new Error('not there');
    });
    await expect(all).rejects.toThrow('not there');
  });
});

describe('a reading that must hold something', () => {
  beforeEach(() => record(1, { type: 'DoorMade', door: 'a', room: 'hall' }));

  it('of the service’s own log is answered with it', async () => {
    expect(await roomOfA({ minPosition: positions(['mediation', 0]) })).toBe('hall');
  });

  it('beyond the head of a log is refused at once, whoever’s log it is', async () => {
    expect(await codeOf({ minPosition: positions(['mediation', 1]) })).toBe('POSITION_UNKNOWN');
    expect(await codeOf({ minPosition: positions(['grid-registry', 10]) })).toBe(
      'POSITION_UNKNOWN',
    );
  });

  it('of another service waits until it was handled here', async () => {
    expect(await roomOfA({ minPosition: positions(['grid-registry', 4]) })).toBe('hall');
  });

  it('says how far it is when that takes too long', async () => {
    const { extensions } = await refusalOf({ minPosition: positions(['grid-registry', 5]) });
    expect(extensions).toMatchObject({ code: 'VIEWS_BEHIND', retryAfterMs: 1000 });
    const { en, zh } = extensions['messages'] as { en: string; zh: string };
    for (const text of [en, zh]) expect(text).toContain('grid-registry@5');
    expect([en, zh]).toEqual([expect.stringContaining('soon'), expect.stringContaining('稍后')]);
  });

  it('says that it waits for an operator when what it asks for is parked', async () => {
    isParked = true;
    const { extensions } = await refusalOf({ minPosition: positions(['grid-registry', 5]) });
    expect(extensions).toMatchObject({ code: 'VIEWS_BEHIND', retryAfterMs: 60_000 });
    const { en, zh } = extensions['messages'] as { en: string; zh: string };
    expect([en, zh]).toEqual([
      expect.stringContaining('operator'),
      expect.stringContaining('系统管理员'),
    ]);
    expect(en).not.toContain('soon');
  });

  it('does not wait longer for the views than it says', async () => {
    const stuck = openMemoryViews([doorsView]);
    stuck.apply = () => new Promise<never>(() => undefined);
    views = new LiveViews(new Projector(log, stuck), stuck);
    const started = clock.elapsedMs();
    await expect(read({ minPosition: positions(['mediation', 0]) })).rejects.toThrow(ViewsBehind);
    expect(clock.elapsedMs() - started).toBeLessThan(4000);
  });
});

it('without either shows what is there now, also what comes later', async () => {
  const reading = await read({});
  await record(1, { type: 'DoorMade', door: 'a', room: 'hall' });
  expect((await reading.get(doorsView, 'a'))?.room).toBe('hall');
});
