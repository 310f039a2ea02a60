import { AreaService } from '../../grid-registry/src/area.service.js';
import { openGateway } from '../../gateway/src/gateway-app.js';
import { openDoor } from '../../gateway/src/open-door.js';
import { openTokenKey, type TokenKey } from '#libs/access';
import { EventBus } from '#libs/event-bus';
import type { EventFeed, SignedLog } from '#libs/event-log';
import {
  closeHttp,
  closeRooms,
  openDatabases,
  openRoom,
  type OpenRoom,
  type Scheduler,
  type ServiceRoom,
  type Settings,
  SystemClock,
} from '#libs/service';
import type { OpenSignIn } from '#libs/sign-in';
import { serviceRooms } from './rooms.js';

/** 平台: every service and the gateway in one process. */
export interface Platform {
  readonly areas: AreaService;
  readonly tokenKey: TokenKey;
  /** The services' logs, for who replays them. */
  readonly logs: readonly EventFeed[];
  /** The same logs as they are signed, for who checks them. */
  readonly signed: readonly SignedLog[];
  /** Who may sign in here. */
  readonly signIn: OpenSignIn;
  /** Resolves when the services have nothing more to tell each other; throws after 10 s. */
  settled(): Promise<void>;
  /** Starts to answer; resolves to the address of the graph. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

const SETTLE_MS = 10_000;

/** What one service tells makes another record something, which it tells in turn. */
async function settled(rooms: readonly ServiceRoom[], clock: Scheduler): Promise<void> {
  const recorded = async (): Promise<string> =>
    (await Promise.all(rooms.map(({ stores }) => stores.log.head()))).join();
  const deadline = clock.elapsedMs() + SETTLE_MS;
  for (let before = ''; before !== (await recorded());) {
    before = await recorded();
    const heard = rooms.map(({ transport }) => transport.caughtUp(deadline - clock.elapsedMs()));
    if (!(await Promise.all(heard)).every(Boolean)) {
      throw new Error(`the services were still busy after ${SETTLE_MS} ms`);
    }
  }
}

/** Opens the stores, starts the services and their reactions; nobody is answered yet. */
export async function openPlatform(
  settings: Settings,
  clock: Scheduler = new SystemClock(),
): Promise<Platform> {
  const { dataDir, installation, port, host } = settings;
  const tokenKey = openTokenKey(dataDir);
  const door = openDoor(settings, tokenKey);
  // All are wired before one starts, so that each finds the feeds of the others.
  const databases = await openDatabases(settings);
  const rooms = serviceRooms(
    {
      dataDir,
      installation,
      clock,
      tokenKey,
      identities: door.identities,
      bus: new EventBus(),
      databases,
    },
    settings,
  );
  const open = new Map<string, OpenRoom>();
  for (const room of rooms) open.set(room.name, await openRoom(room));
  const schemas = [...open].map(([name, { schema }]) => [name, schema] as const);
  const signed = rooms.map(({ stores }) => stores.signed);
  const gateway = await openGateway(door, Object.fromEntries(schemas), rooms);
  const registry = open.get('grid-registry');
  if (registry === undefined) throw new Error('the platform runs without grid-registry');
  return {
    areas: registry.get(AreaService),
    tokenKey,
    signIn: door.signIn,
    logs: rooms.map(({ stores }) => stores.log),
    signed,
    settled: () => settled(rooms, clock),
    listen: async () => {
      await gateway.listen(port, host);
      return `${await gateway.getUrl()}/graphql`;
    },
    close: async () => {
      await closeHttp(gateway);
      await closeRooms(open.values());
      await databases?.close();
      door.signIn.close();
    },
  };
}
