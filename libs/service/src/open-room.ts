import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { GraphQLSchema } from 'graphql';
import { LogDamaged } from '#libs/event-log';
import { closeHttp } from './close-http.js';
import type { ServiceRoom } from './service-room.js';

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

/** Views that are new or were changed are filled before anybody is answered. */
async function fillViews({ name, stores, transport }: ServiceRoom): Promise<void> {
  await transport.checkPositions();
  const behind = await stores.views.behind();
  if (behind < 0) {
    throw new LogDamaged(
      `${name}: its views hold ${-behind} events more than its log; was an older log.db put back? ` +
        'Put back the newer one, or remove views-*.db and consumer.db to make them anew',
    );
  }
  if (behind > TOLD_FROM) process.stderr.write(`${name}: fills its views from ${behind} events\n`);
  await stores.views.catchUp();
}

/** Starts a service inside this process; its reactions run from here on. */
export async function openRoom(room: ServiceRoom): Promise<OpenRoom> {
  await fillViews(room);
  const app = await NestFactory.createMicroservice(room.module, {
    strategy: room.transport,
    logger: [...LOGGER],
  });
  await app.listen();
  return {
    schema: app.get(GraphQLSchemaHost, { strict: false }).schema,
    get: (token) => app.get(token, { strict: false }),
    stop: () => app.close(),
    close: () => room.stores.close(),
  };
}

export interface ListeningRoom extends Pick<OpenRoom, 'get' | 'close'> {
  readonly url: string;
}

/** Starts a service as a process of its own that answers GraphQL over HTTP. */
export async function listenAlone(
  room: ServiceRoom,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<ListeningRoom> {
  await fillViews(room);
  const app = await NestFactory.create<NestExpressApplication>(room.module, {
    logger: [...LOGGER],
    bodyParser: false,
  });
  app.useBodyParser('json', { limit: BODY_LIMIT });
  app.connectMicroservice({ strategy: room.transport });
  await app.startAllMicroservices();
  await app.listen(port, host);
  return {
    url: `${await app.getUrl()}/graphql`,
    get: (token) => app.get(token, { strict: false }),
    close: async () => {
      await closeHttp(app);
      await room.stores.close();
    },
  };
}
