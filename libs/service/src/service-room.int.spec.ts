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
import { listenAlone, openRoom } from './open-room.js';
import { type ServiceRoom, serviceRoom } from './service-room.js';

const LIMIT_MS = 10_000;

/** How often the reaction is still to fail, and what it has done. */
let failures: number;
let done: string[];
/** What another reaction to the same event has done, as often as it was delivered. */
let barks: number;

@Controller()
class KnockReaction {
  @EventPattern('neighbour.Knocked')
  async on(@Payload() { position, event }: Recorded): Promise<void> {
    await Promise.resolve();
    if (failures > 0) {
      failures -= 1;
      throw new Error('nobody at home');
    }
    done.push(`${position} ${event.type}`);
  }
}

@Controller()
class BarkReaction {
  @EventPattern('neighbour.Knocked')
  on(@Payload() _: Recorded): void {
    barks += 1;
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

beforeEach(() => {
  failures = 0;
  done = [];
  barks = 0;
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-room-'));
  const bus = new EventBus();
  const events = { Knocked: z.strictObject({}) };
  neighbour = openMemoryLog({ origin: 'neighbour', events, now: () => '2026-03-01T00:00:00.000Z' });
  bus.publish(neighbour);
  const tokenKey = openTokenKey(folder);
  room = serviceRoom(
    { dataDir: folder, installation: 'sample', clock: new SystemClock(), tokenKey, bus },
    {
      name: 'door',
      module: DoorModule,
      events: {},
      views: [],
      types: { include: [], orphanedTypes: [] },
      guards: { Query: { fields: { doors: 'signed-in' } } },
      grantsOf: async () => [],
      reactions: [KnockReaction, BarkReaction],
      providers: [DoorResolver],
    },
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function knock(times: number): Promise<void> {
  const events = Array.from({ length: times }, () => ({ type: 'Knocked' }));
  const asked = { commandId: 'command-1', actor: 'li-1', fingerprint: '', reads: [] };
  await neighbour.append({ ...asked, writes: [{ stream: 'knock-1', events }] });
}

it('a reaction that fails is tried again before any event behind it', async () => {
  const open = await openRoom(room);
  Logger.overrideLogger(false);
  failures = 2;
  await knock(2);
  expect(await room.transport.caughtUp(LIMIT_MS)).toBe(true);
  expect([failures, done]).toEqual([0, ['0 Knocked', '1 Knocked']]);
  expect(barks).toBe(2);
  await open.stop();
  await open.close();
});

it('alone, it shows its own log', async () => {
  const open = await listenAlone(room, { port: 0, host: '127.0.0.1' });
  const signal = AbortSignal.timeout(LIMIT_MS);
  const answer = await fetch(new URL('/log/', open.url), { signal });
  expect(await answer.json()).toMatchObject({ logs: [{ service: 'door', name: 'sample/door' }] });
  await open.close();
});

it('alone, what is not there is answered with 404', async () => {
  const open = await listenAlone(room, { port: 0, host: '127.0.0.1' });
  const answer = await fetch(new URL('/nothing', open.url), {
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  expect(answer.status).toBe(404);
  await open.close();
});

it.each(['alone', 'among others'])('the bus sees what a reaction throws %s', async (where) => {
  Logger.overrideLogger(false);
  await knock(1);
  failures = 1;
  const since = '2026-03-01T00:00:00.000Z';
  const place = { origin: 'neighbour', stream: 'knock-1', position: 0, type: 'Knocked' };
  const { checkpoints } = room.stores;
  checkpoints.parked.keep({
    ...{ handler: 'KnockReaction.on', ...place },
    ...{ since, attempts: 8, reason: '' },
  });
  checkpoints.save('neighbour', 1);
  const open =
    where === 'alone'
      ? await listenAlone(room, { port: 0, host: '127.0.0.1' })
      : await openRoom(room);
  const [item] = await room.transport.list();
  expect(await room.transport.retry(item?.id ?? '')).toEqual({
    done: 0,
    failure: 'Error: nobody at home',
  });
  if ('stop' in open) await open.stop();
  await open.close();
});
