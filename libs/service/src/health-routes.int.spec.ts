import { Controller, Logger, Module } from '@nestjs/common';
import { Int, Query, Resolver } from '@nestjs/graphql';
import { EventPattern, Payload } from '@nestjs/microservices';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openTokenKey } from '#libs/access';
import type { Recorded } from '#libs/event';
import { EventBus } from '#libs/event-bus';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { SystemClock } from '#libs/scheduler';
import { listenAlone, type ListeningRoom } from './open-room.js';
import { type ServiceHost, type ServiceRoom, serviceRoom } from './service-room.js';
import { openStores, type Stores } from './stores.js';

/** Resolves once the reaction may go on. */
let gate: Promise<void>;

@Controller()
class KnockReaction {
  @EventPattern('neighbour.Knocked')
  async on(@Payload() _: Recorded): Promise<void> {
    await gate;
  }
}

@Resolver()
class DoorResolver {
  @Query(() => Int)
  doors(): number {
    return 1;
  }
}

@Module({})
class DoorModule {}

let folder: string;
let neighbour: EventLog;
let room: ServiceRoom;
let open: ListeningRoom;

beforeEach(() => {
  Logger.overrideLogger(false);
  gate = Promise.resolve();
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-health-'));
  const events = { Knocked: z.strictObject({}) };
  neighbour = openMemoryLog({ origin: 'neighbour', events, now: () => '2026-03-01T00:00:00.000Z' });
});
afterEach(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(hasNeighbour: boolean, host: Partial<ServiceHost> = {}): Promise<void> {
  const bus = new EventBus();
  if (hasNeighbour) bus.publish(neighbour);
  const tokenKey = openTokenKey(folder);
  const clock = new SystemClock();
  room = serviceRoom(
    { dataDir: folder, installation: 'sample', clock, tokenKey, bus, ...host },
    {
      name: 'door',
      module: DoorModule,
      events: {},
      views: [],
      types: { include: [], orphanedTypes: [] },
      guards: { Query: { fields: { doors: 'signed-in' } } },
      grantsOf: async () => [],
      reactions: [KnockReaction],
      providers: [DoorResolver],
    },
  );
  open = await listenAlone(room, { port: 0, host: '127.0.0.1' });
}

/** Stores of which the views answer by `status` once the service has started. */
function withViews(status: () => Promise<unknown>): Partial<ServiceHost> {
  return {
    openStores: (options) => {
      const stores: Stores = openStores(options);
      stores.views.status = status as Stores['views']['status'];
      return stores;
    },
  };
}

async function ask(path: string, method = 'GET') {
  const signal = AbortSignal.timeout(10_000);
  const response = await fetch(new URL(path, open.url), { method, signal });
  const text = await response.text();
  return { status: response.status, body: text === '' ? text : JSON.parse(text) };
}

const ready = {
  service: 'door',
  stores: 'open',
  views: 'caught up',
  log: 'writable',
  bus: 'caught up',
};

it('a service that has started is alive and ready, and says so without a token', async () => {
  await start(true);
  expect(await ask('/livez')).toEqual({ status: 200, body: { status: 'alive' } });
  expect(await ask('/healthz')).toEqual({
    status: 200,
    body: { status: 'ready', services: [ready] },
  });
  expect(await ask('/healthz', 'HEAD')).toEqual({ status: 200, body: '' });
  expect((await ask('/healthz', 'POST')).status).toBe(404);
});

it('a service whose neighbours cannot be heard is ready all the same', async () => {
  await start(false);
  const { status, body } = await ask('/healthz');
  expect([status, body.services]).toEqual([200, [{ ...ready, bus: 'unreachable' }]]);
});

it('a service that is still hearing what others recorded is ready, and says so', async () => {
  let letGo = (): void => undefined;
  gate = new Promise((resolve) => (letGo = resolve));
  const asked = { commandId: 'command-1', actor: 'li-1', fingerprint: '', reads: [] };
  await neighbour.append({
    ...asked,
    writes: [{ stream: 'knock-1', events: [{ type: 'Knocked' }] }],
  });
  await start(true);
  expect((await ask('/healthz')).body.services[0].bus).toBe('catching up');
  letGo();
  await room.transport.caughtUp(10_000);
  expect((await ask('/healthz')).body.services[0].bus).toBe('caught up');
});

it('a log that records nothing is said, and takes no answers from anybody', async () => {
  await start(true);
  await open.close();
  rmSync(join(folder, 'door', 'signing.key'));
  await start(true);
  expect(room.stores.log.readOnly).toEqual(expect.any(String));
  const { status, body } = await ask('/healthz');
  expect([status, body.services]).toEqual([200, [{ ...ready, log: 'read-only' }]]);
});

it.each([
  ['fail', async () => Promise.reject(new Error('the disk is gone: /secret'))],
  ['do not answer', () => new Promise<never>(() => undefined)],
])('stores that %s make it unready, not dead', async (_how, status) => {
  await start(true, withViews(status));
  const answer = await ask('/healthz');
  expect(answer).toEqual({
    status: 503,
    body: { status: 'unready', services: [{ ...ready, stores: 'failing', views: 'unknown' }] },
  });
  expect((await ask('/livez')).status).toBe(200);
});

it('views that are far behind make it unready', async () => {
  await start(
    true,
    withViews(async () => ({ head: 20_000, frontier: 9_000 })),
  );
  const { status, body } = await ask('/healthz');
  expect([status, body.services]).toEqual([503, [{ ...ready, views: 'behind' }]]);
});

it('many who ask at once are one question to the stores', async () => {
  let questions = 0;
  await start(
    true,
    withViews(async () => {
      questions += 1;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { head: 0, frontier: 0 };
    }),
  );
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask('/healthz')));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(questions).toBeLessThan(5);
});
