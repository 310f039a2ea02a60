import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { Grant, TokenKey } from '#libs/access';
import type { EventSchemas } from '#libs/contracts';
import {
  type EventBus,
  EventBusTransport,
  nameHandlers,
  type ParkedItem,
  type ParkedWork,
} from '#libs/event-bus';
import { Commands } from '#libs/event-log';
import { Sealing } from '#libs/privacy';
import { Clock, Scheduler } from '#libs/scheduler';
import type { Identities } from '#libs/sign-in';
import { LiveViews, type View } from '#libs/views';
import { Actors } from './actors.js';
import { AppointmentNews } from './appointment-news.js';
import { AppointmentReaction } from './appointment.reaction.js';
import type { Databases } from './databases.js';
import { DeliverySkips } from './delivery-skips.js';
import { GraphqlErrorFilter } from './graphql-errors.js';
import { guardSchema, type GuardSource } from './guarded-schema.js';
import type { Guards } from './guards.js';
import { identitiesOf } from './identities-of.js';
import { Neighbours } from './neighbours.js';
import { Openings } from './opening.js';
import { ParkedViews } from './parked-views.js';
import { OwnLog, Readings } from './readings.js';
import { inputValidation } from './input-validation.js';
import { openStores, type Stores, type StoresOptions } from './stores.js';
import { subgraph, type SubgraphTypes } from './subgraph.js';

/** What a process gives to each service in it. */
export interface ServiceHost {
  readonly dataDir: string;
  /** Whose logs these are: the first part of their names in checkpoints. */
  readonly installation: string;
  readonly clock: Scheduler;
  readonly tokenKey: TokenKey;
  /** Verifies tokens; without it, those that `tokenKey` signed for systems. */
  readonly identities?: Identities | undefined;
  readonly bus: EventBus;
  /** Where services keep their stores; in `dataDir` unless told. */
  readonly databases?: Databases | undefined;
  /** Opens a service's stores; without it, those in `dataDir`. */
  readonly openStores?: (options: StoresOptions) => Stores;
  /** False leaves GraphQL out, for who calls the providers directly. */
  readonly graphql?: boolean;
}

export interface ServiceParts {
  readonly name: string;
  readonly module: Type<unknown>;
  readonly events: EventSchemas;
  readonly views: readonly View[];
  /** Markers of the GraphQL types, and types that no query reaches. */
  readonly types: SubgraphTypes;
  /** The right that each field of the subgraph takes. */
  readonly guards: Guards;
  /** What an account may do here, by what this service has recorded. */
  readonly grantsOf: (views: LiveViews, account: string) => Promise<readonly Grant[]>;
  /** Nest calls what listens to events a controller. */
  readonly reactions: readonly Type<unknown>[];
  readonly providers: readonly Provider[];
}

/** 服务: one service, wired to its stores and the bus, ready to be started. */
export interface ServiceRoom {
  readonly name: string;
  readonly module: DynamicModule;
  readonly transport: EventBusTransport;
  readonly stores: Stores;
  readonly identities: Identities;
  /** What services know each other by. */
  readonly tokenKey: TokenKey;
  readonly clock: Scheduler;
  /** What its reactions and its views have parked, and what operators have passed over of it. */
  readonly parkedWork: readonly ParkedWork[];
  readonly skips: DeliverySkips;
  /** Since when it has had no news of who holds which post. */
  readonly news: AppointmentNews;
}

/** Opens a service's stores and wires them to its providers, its reactions and its subgraph. */
export function serviceRoom(host: ServiceHost, parts: ServiceParts): ServiceRoom {
  const { dataDir, tokenKey } = host;
  const identities = host.identities ?? identitiesOf({ dataDir, tokenKey });
  const stores = (host.openStores ?? openStores)({
    ...parts,
    ...host,
    now: () => host.clock.now(),
  });
  const skips = new DeliverySkips(parts.name, stores.commands);
  nameHandlers(parts.reactions);
  const transport = new EventBusTransport(host.bus, stores.checkpoints, host.clock, (delivery) =>
    skips.isSkipped(delivery),
  );
  host.bus.publish(stores.log);
  const { log, views, sealing, commands } = stores;
  const heard = (origin: string) => transport.statusOf(origin);
  const news = new AppointmentNews(parts.name, host.clock, heard);
  const actors = new Actors({
    head: () => log.head(),
    grantsOf: (account) => certainGrants(skips, parts.grantsOf(views, account)),
    uncertainPosts: async () => uncertainPosts(await transport.list()),
  });
  const readings = new Readings(log, views, transport, host.clock);
  const module: DynamicModule = {
    module: parts.module,
    imports:
      host.graphql === false ? [] : [subgraphOf(identities, parts, { actors, readings, commands })],
    controllers: [...parts.reactions],
    providers: [
      { provide: Clock, useValue: host.clock },
      { provide: Scheduler, useValue: host.clock },
      { provide: Commands, useValue: stores.commands },
      { provide: Sealing, useValue: stores.sealing },
      { provide: LiveViews, useValue: stores.views },
      { provide: Neighbours, useValue: transport },
      { provide: OwnLog, useValue: stores.log },
      { provide: Actors, useValue: actors },
      { provide: Readings, useValue: readings },
      { provide: Openings, useValue: new Openings(parts.name, sealing, news) },
      { provide: APP_PIPE, useFactory: inputValidation },
      { provide: APP_FILTER, useClass: GraphqlErrorFilter },
      ...parts.providers,
    ],
  };
  const { clock } = host;
  const parkedWork = [transport, new ParkedViews(stores.log, stores.views)];
  return {
    name: parts.name,
    module,
    transport,
    stores,
    identities,
    tokenKey,
    clock,
    parkedWork,
    skips,
    news,
  };
}

function subgraphOf(
  identities: Identities,
  { module, types, guards }: ServiceParts,
  source: GuardSource,
): DynamicModule {
  return subgraph(identities, {
    types: { ...types, include: [module, ...types.include] },
    guard: (schema) => guardSchema(schema, guards, source),
  });
}

/**
 * What was passed over may have been a release: until the post is another one, nobody has a right
 * by it. It is in the service's own log, so that what is kept of rights is looked up again.
 */
async function certainGrants(
  skips: DeliverySkips,
  found: Promise<readonly Grant[]>,
): Promise<readonly Grant[]> {
  const passedOver = (await skips.list()).filter(({ handler }) => tellsOfRights(handler));
  const streams = new Set(passedOver.map(({ stream }) => stream));
  return (await found).filter(({ source }) => {
    if (source.kind !== 'appointment') return true;
    return !streams.has(`${POST}${source.post}`) && !streams.has(`${APPOINTMENT}${source.holder}`);
  });
}

/** Whether rights here follow from what it takes: the reaction, and the views behind it. */
function tellsOfRights(handler: string): boolean {
  return handler.startsWith(`${AppointmentReaction.name}.`) || handler.startsWith('view:');
}

const POST = 'post-';
const APPOINTMENT = 'appointment-';

/** Posts of which an event is parked that may give a right or take it. */
function uncertainPosts(parked: readonly ParkedItem[]): ReadonlySet<string> {
  const streams = parked
    .filter(({ handler }) => handler.startsWith(`${AppointmentReaction.name}.`))
    .map(({ stream }) => stream);
  return new Set(streams.map((stream) => stream.slice(POST.length)));
}
