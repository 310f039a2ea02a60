import { z } from 'zod';
import { logEvents } from '#libs/contracts';
import { Commands, type EventLog, openMemoryLog } from '#libs/event-log';
import { defineView, LiveViews, openMemoryViews, Projector } from '#libs/views';
import { DeliverySkips } from './delivery-skips.js';
import { ParkedViews } from './parked-views.js';

const NOW = '2026-03-01T00:00:00.000Z';
const said = { actor: 'li-1', reason: '已核对', at: NOW };

interface Opened {
  readonly type: 'Opened' | 'Closed';
  readonly id: string;
}
interface DoorRow {
  readonly id: string;
  readonly events: number;
}

let isBroken: boolean;
const doorsView = defineView<DoorRow, Opened, 'id'>({
  name: 'doors',
  version: 1,
  indexes: [],
  key: 'id',
  starts: { Opened: ({ event }) => ({ id: event.id, events: 1 }) },
  changes: {
    Closed: (row) => {
      if (isBroken) throw new Error('cannot count');
      return { ...row, events: row.events + 1 };
    },
  },
});

let log: EventLog;
let views: LiveViews;
let parked: ParkedViews;
let skips: DeliverySkips;

beforeEach(async () => {
  isBroken = true;
  const id = { id: z.string() };
  const own = { Opened: z.strictObject(id), Closed: z.strictObject(id) };
  log = openMemoryLog({ origin: 'door', events: { ...logEvents, ...own }, now: () => NOW });
  const store = openMemoryViews([doorsView]);
  views = new LiveViews(new Projector(log, store), store);
  parked = new ParkedViews(log, views);
  skips = new DeliverySkips('door', new Commands(log));
  const types = ['Opened', 'Closed', 'Closed'] as const;
  const writes = [{ stream: 'door-1', events: types.map((type) => ({ type, id: '1' })) }];
  await log.append({ commandId: 'c-1', actor: 'li-1', fingerprint: '', reads: [], writes });
  await views.catchUp();
});

it('a row that a view cannot go on with is listed like any parked stream', async () => {
  expect(await parked.list()).toEqual([
    {
      id: 'view:doors/door-1',
      handler: 'view:doors',
      origin: 'door',
      stream: 'door-1',
      position: 1,
      type: 'Closed',
      reason: expect.stringContaining('cannot count'),
      since: NOW,
      attempts: 1,
      queued: 1,
    },
  ]);
});

it('it goes on when it is tried again with success, and stays when not', async () => {
  const failed = await parked.retry('view:doors/door-1');
  expect(failed).toEqual({ done: 0, failure: expect.stringContaining('cannot count') });
  isBroken = false;
  expect(await parked.retry('view:doors/door-1')).toEqual({ done: 2 });
  expect(await views.get(doorsView, '1')).toEqual({ id: '1', events: 3 });
  await expect(parked.retry('view:doors/door-1')).rejects.toThrow('is not parked');
});

it('an event of it is passed over by an event of the log, which every new view heeds', async () => {
  const skip = () => parked.passOver('view:doors/door-1', (item) => skips.record(item, said));
  expect(await skip()).toEqual({ done: 0, failure: expect.stringContaining('cannot count') });
  expect(await skip()).toEqual({ done: 0 });
  expect(await views.get(doorsView, '1')).toEqual({ id: '1', events: 1 });
  const recorded = (await log.read(3, 10)).map(({ event }) => event);
  expect(recorded).toMatchObject([
    { type: 'DeliverySkipped', handler: 'view:doors', origin: 'door', position: 1 },
    { type: 'DeliverySkipped', handler: 'view:doors', origin: 'door', position: 2 },
  ]);
  const store = openMemoryViews([doorsView]);
  const anew = new LiveViews(new Projector(log, store), store);
  expect(await anew.get(doorsView, '1')).toEqual({ id: '1', events: 1 });
});
