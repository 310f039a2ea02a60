import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { GraphQLSchema } from 'graphql';
import { LogDamaged } from '#libs/event-log';
import { closeHttp } from './close-http.js';
import { healthRoutes } from './health-routes.js';
import { feedRoutes } from './feed-routes.js';
import { followLog } from './follow-log.js';
import { logRoutes } from './log-routes.js';
import { opsRoutes } from './ops-routes.js';
import { rebuildViews } from './rebuild-views.js';
import { reportAndExit } from './run-process.js';
import type { ServiceRoom } from './service-room.js';
import { statusRoutes } from './status-routes.js';

const LOGGER = ['error', 'warn'] as const;
const BODY_LIMIT = '1mb';
/** Fewer events than this are applied before anybody would ask what takes so long. */
const TOLD_FROM = 10_000;

/** A service in the process of others: no port, its schema is called directly. */
export interface OpenRoom {
  readonly schema: GraphQLSchema;
  /** Finds a provider of the service by its class. */
  readonly get: <Provider>(token: abstract new (...args: never[]) => Provider) => Provider;
  /** Ends its reactions; its stores stay open, since other services may still be reading them. */
  stop(): Promise<void>;
  /** Closes its stores, once nobody reads them. */
  close(): Promise<void>;
}

/** Ends services of one process: first all that reads, then what is read. */
export async function closeRooms(rooms: Iterable<OpenRoom>): Promise<void> {
  const all = [...rooms];
  for (const room of all) await room.stop();
  for (const room of all) await room.close();
}

/**
 * Views that are new are filled before anybody is answered; those that were changed, behind that.
 * From then on they follow the log.
 *
 * @returns what ends the work behind the answers
 */
async function fillViews(room: ServiceRoom): Promise<() => void> {
  const { name, stores, transport, clock: scheduler } = room;
  await stores.opened;
  void stores.takenOver?.then((fault) => reportAndExit(name, fault));
  await transport.checkPositions();
  const behind = await stores.views.behind();
  if (behind < 0) tellAhead(name, -behind, stores.log.readOnly);
  if (behind > TOLD_FROM) process.stderr.write(`${name}: fills its views from ${behind} events\n`);
  await stores.views.catchUp();
  const closing = new AbortController();
  const unfollow = followLog(stores, scheduler);
  void rebuildViews({ name, views: stores.views }, { scheduler, signal: closing.signal });
  return () => {
    unfollow();
    closing.abort();
  };
}

/** A log that records nothing moves no view: until its loss is declared, they show what was. */
function tellAhead(name: string, events: number, readOnly: string | undefined): void {
  const told = `${name}: its views hold ${events} events more than its log`;
  if (readOnly === undefined) {
    throw new LogDamaged(
      `${told}; was an older log.db put back? Put back the newer one, or declare the loss with ` +
        'npm run recover',
    );
  }
  process.stderr.write(`${told}: they show these as well\n`);
}

/** Starts a service inside this process; its reactions run from here on. */
export async function openRoom(room: ServiceRoom): Promise<OpenRoom> {
  const giveUp = await fillViews(room);
  const app = await NestFactory.createMicroservice(room.module, {
    strategy: room.transport,
    logger: [...LOGGER],
  });
  await app.listen();
  return {
    get schema() {
      return app.get(GraphQLSchemaHost, { strict: false }).schema;
    },
    get: (token) => app.get(token, { strict: false }),
    stop: () => {
      giveUp();
      return app.close();
    },
    close: () => room.stores.close(),
  };
}

export interface ListeningRoom extends Pick<OpenRoom, 'get'> {
  readonly url: string;
  /** @param before what ends after the answers and reactions, while the stores are still open */
  close(before?: () => Promise<void>): Promise<void>;
}

/** Starts a service as a process of its own that answers GraphQL and shows its log over HTTP. */
export async function listenAlone(
  room: ServiceRoom,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<ListeningRoom> {
  const giveUp = await fillViews(room);
  const app = await NestFactory.create<NestExpressApplication>(room.module, {
    logger: [...LOGGER],
    bodyParser: false,
  });
  app.disable('x-powered-by');
  app.use(logRoutes([room.stores.signed], room.identities));
  app.use(feedRoutes(room.stores.signed, { key: room.tokenKey, scheduler: room.clock }));
  const operated = { identities: room.identities, clock: room.clock };
  app.use(opsRoutes([room], operated));
  app.use(statusRoutes([room], operated));
  app.use(healthRoutes([room], operated));
  app.useBodyParser('json', { limit: BODY_LIMIT });
  // With the application's filters: without them the bus would not see what a reaction throws.
  app.connectMicroservice({ strategy: room.transport }, { inheritAppConfig: true });
  await app.startAllMicroservices();
  await app.listen(port, host);
  return {
    url: `${await app.getUrl()}/graphql`,
    get: (token) => app.get(token, { strict: false }),
    close: async (before = async () => undefined) => {
      giveUp();
      await closeHttp(app);
      await before();
      await room.stores.close();
    },
  };
}
