import { z } from 'zod';
import type { Recorded } from '#libs/event';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';
import { openMemoryCheckpoints } from './checkpoints.js';
import { EventBus } from './event-bus.js';
import { EventBusTransport } from './event-bus.transport.js';

const LIMIT_MS = 5000;
const at = '2026-03-01T00:00:00.000Z';

let registry: EventLog;
let transport: EventBusTransport;
let release: () => void;
const checkpoints = openMemoryCheckpoints();

beforeEach(async () => {
  checkpoints.close();
  registry = openMemoryLog({
    origin: 'registry',
    events: { Opened: z.strictObject({}) },
    now: () => at,
  });
  const events = [{ type: 'Opened' }, { type: 'Opened' }];
  const asked = { commandId: 'command-1', actor: 'li-1', fingerprint: '', reads: [] };
  await registry.append({ ...asked, writes: [{ stream: 's-1', events }] });
  const bus = new EventBus();
  bus.publish(registry);
  transport = new EventBusTransport(bus, checkpoints, new SystemClock());
  const released = new Promise<void>((resolve) => (release = resolve));
  const handle = async ({ position }: Recorded): Promise<void> => {
    if (position === 1) await released;
  };
  transport.addHandler('registry.Opened', handle, true);
  transport.addHandler('absent.Opened', handle, true);
});
afterEach(async () => {
  release();
  await transport.close();
});

const listen = (): void => transport.listen(() => undefined);

it('an event is reached when it has had its effect, and waited for until then', async () => {
  listen();
  expect(await transport.reached('registry', 0, LIMIT_MS)).toMatchObject({ handled: 1, head: 2 });
  expect(await transport.reached('registry', 1, 20)).toEqual({ handled: 1, head: 2 });
  const waited = transport.reached('registry', 1, LIMIT_MS);
  release();
  expect(await waited).toEqual({ handled: 2, head: 2 });
});

it('one that the log does not hold is not waited for', async () => {
  listen();
  const { head } = await transport.reached('registry', 2, LIMIT_MS);
  expect(head).toBe(2);
});

it('one of an origin that nothing is handled of has no effect to wait for', async () => {
  listen();
  expect(await transport.reached('others', 7, LIMIT_MS)).toEqual({ handled: 8 });
});

it('one of an origin that does not run here was handled as far as before', async () => {
  checkpoints.save('absent', 3);
  listen();
  expect(await transport.reached('absent', 7, LIMIT_MS)).toEqual({ handled: 3 });
});

it('one that is parked has had no effect, nor counts what is behind it', async () => {
  release();
  const parked = { handler: 'A.on', origin: 'registry', stream: 's-9', position: 0 };
  checkpoints.parked.keep({ ...parked, type: 'Opened', since: at, attempts: 5, reason: 'why' });
  checkpoints.save('registry', 1);
  listen();
  expect(await transport.reached('registry', 1, LIMIT_MS)).toEqual({
    handled: 0,
    head: 2,
    isParked: true,
  });
});
