import { jest } from '@jest/globals';
import { Logger, Module } from '@nestjs/common';
import { Int, Query, Resolver } from '@nestjs/graphql';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openTokenKey } from '#libs/access';
import { EventBus } from '#libs/event-bus';
import { SystemClock } from '#libs/scheduler';
import { defineView, type View } from '#libs/views';
import { houseStatus } from './house-status.js';
import { metricsText } from './metrics.js';
import { openRoom } from './open-room.js';
import { type ServiceRoom, serviceRoom } from './service-room.js';
import { statusPage } from './status-page.js';

interface Opened {
  readonly type: 'Opened';
  readonly door: string;
}
interface DoorRow {
  readonly id: string;
}

const doorsView = (version: number, name = 'doors') =>
  defineView<DoorRow, Opened, 'door'>({
    name,
    version,
    indexes: [['id']],
    key: 'door',
    starts: { Opened: ({ event: { door } }) => ({ id: door }) },
    changes: {},
  });

@Resolver()
class DoorResolver {
  @Query(() => Int)
  doors(): number {
    return 1;
  }
}

@Module({})
class DoorModule {}

const clock = new SystemClock();
let folder: string;
let told: jest.SpiedFunction<typeof process.stderr.write>;

beforeEach(async () => {
  Logger.overrideLogger(false);
  told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-frozen-'));
  const room = roomWith([doorsView(1)]);
  const open = await openRoom(room);
  await record(room, 'a');
  await room.stores.views.catchUp();
  await open.stop();
  await open.close();
});
afterEach(() => {
  told.mockRestore();
  rmSync(folder, { recursive: true, force: true });
});

function roomWith(views: readonly View[]): ServiceRoom {
  const host = { dataDir: folder, installation: 'sample', clock, bus: new EventBus() };
  return serviceRoom(
    { ...host, tokenKey: openTokenKey(folder) },
    {
      name: 'door',
      module: DoorModule,
      events: { Opened: z.strictObject({ door: z.string() }) },
      views,
      types: { include: [], orphanedTypes: [] },
      guards: { Query: { fields: { doors: 'signed-in' } } },
      grantsOf: async () => [],
      reactions: [],
      providers: [DoorResolver],
    },
  );
}

async function record({ stores }: ServiceRoom, door: string): Promise<void> {
  const asked = { commandId: `command-${door}`, actor: 'li-1', fingerprint: '', reads: [] };
  const event = { type: 'Opened', door } as const;
  await stores.log.append({ ...asked, writes: [{ stream: `door-${door}`, events: [event] }] });
}

const inTheFuture = () => new Date(Date.now() + 60_000).toISOString();

it.each([
  ['stands still', [doorsView(2)], 2],
  ['has never been made', [doorsView(1), doorsView(1, 'gates')], 3],
])('a view that %s counts as behind, until a later try makes it', async (_, views, lag) => {
  const room = roomWith(views);
  const rebuild = room.stores.views.rebuild.bind(room.stores.views);
  let tries = 0;
  room.stores.views.rebuild = async () => {
    tries += 1;
    if (tries === 1) throw new Error('the disk is full');
    return rebuild();
  };
  const open = await openRoom(room);
  await record(room, 'b');
  await record(room, 'c');
  await room.stores.views.catchUp();
  const frozen = await houseStatus([room], inTheFuture());
  expect(frozen[0]?.views).toMatchObject({ lagEvents: lag, position: 3 - lag, frozen: 1 });
  expect(frozen[0]?.views.lagSeconds).toBeGreaterThan(50);
  expect(metricsText(frozen)).toContain(`fengqiao_views_lag_events{service="door"} ${lag}\n`);
  expect(metricsText(frozen)).toContain('fengqiao_views_frozen{service="door"} 1\n');
  expect(statusPage(frozen, '')).toContain(`Views behind</th><td>${lag} (`);

  for (let n = 0; n < 100 && room.stores.views.isOutdated; n += 1) await clock.sleep(50);
  const [made] = await houseStatus([room], inTheFuture());
  expect(made?.views).toMatchObject({ lagEvents: 0, lagSeconds: 0, position: 3, frozen: 0 });
  await open.stop();
  await open.close();
});

it('a service that closes does not try again', async () => {
  const room = roomWith([doorsView(2)]);
  let tries = 0;
  room.stores.views.rebuild = async () => {
    tries += 1;
    throw new Error('the disk is full');
  };
  const open = await openRoom(room);
  await open.stop();
  await clock.sleep(1500);
  expect(tries).toBe(1);
  await open.close();
});
