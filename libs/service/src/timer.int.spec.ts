import { jest } from '@jest/globals';
import { Injectable, Logger, Module } from '@nestjs/common';
import { Int, Query, Resolver } from '@nestjs/graphql';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTokenKey } from '#libs/access';
import { EventBus } from '#libs/event-bus';
import { Commands } from '#libs/event-log';
import { Scheduler, SystemClock } from '#libs/scheduler';
import { listenAlone, openRoom } from './open-room.js';
import { type ServiceRoom, serviceRoom } from './service-room.js';
import { Timer } from './timer.js';

const none = { category: 'door', initial: 'none', evolve: (state: string) => state };

/** Reads the store while the service is being closed around it. */
@Injectable()
class SlowTimer extends Timer {
  looks = 0;
  outcome: unknown;
  private release: () => void = () => undefined;
  private readonly held = new Promise<void>((resolve) => (this.release = resolve));
  private begun: () => void = () => undefined;
  readonly beginning = new Promise<void>((resolve) => (this.begun = resolve));

  constructor(
    scheduler: Scheduler,
    private readonly commands: Commands,
  ) {
    super(scheduler);
  }

  override async due(now: string): Promise<string | undefined> {
    this.looks += 1;
    this.begun();
    await this.held;
    this.outcome = await this.commands.read(none, '1').catch((error: unknown) => error);
    return now;
  }

  letGo(): void {
    this.release();
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
let room: ServiceRoom;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-timer-'));
  const host = {
    dataDir: folder,
    clock: new SystemClock(),
    installation: 'sample',
    bus: new EventBus(),
  };
  room = serviceRoom(
    { ...host, tokenKey: openTokenKey(folder) },
    {
      name: 'door',
      module: DoorModule,
      events: {},
      views: [],
      types: { include: [], orphanedTypes: [] },
      guards: { Query: { fields: { doors: 'signed-in' } } },
      grantsOf: async () => [],
      reactions: [],
      providers: [DoorResolver, SlowTimer],
    },
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inProcess = async () => {
  const open = await openRoom(room);
  return { get: open.get, close: () => open.stop().then(() => open.close()) };
};
const alone = () => listenAlone(room, { port: 0, host: '127.0.0.1' });

it.each([
  ['in the process of others', inProcess],
  ['as a process of its own', alone],
])('a timer runs once with its service, %s, and ends before the stores close', async (_, open) => {
  const told = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
  const service = await open();
  const timer = service.get(SlowTimer);
  await timer.beginning;
  const closing = service.close();
  await new Promise((resolve) => setImmediate(resolve));
  timer.letGo();
  await closing;
  expect(timer).toMatchObject({ looks: 1, outcome: 'none' });
  expect(told).not.toHaveBeenCalled();
});
