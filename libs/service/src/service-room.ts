import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { TokenKey } from '#libs/access';
import type { EventSchemas } from '#libs/contracts';
import { type EventBus, EventBusTransport, nameHandlers, type ParkedWork } from '#libs/event-bus';
import { Commands } from '#libs/event-log';
import { Sealing } from '#libs/privacy';
import { Clock, Scheduler } from '#libs/scheduler';
import { LiveViews, type View } from '#libs/views';
import type { Databases } from './databases.js';
import { DeliverySkips } from './delivery-skips.js';
import { GraphqlErrorFilter } from './graphql-errors.js';
import { Neighbours } from './neighbours.js';
import { ParkedViews } from './parked-views.js';
import { OwnLog } from './readings.js';
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
  readonly tokenKey: TokenKey;
  readonly clock: Scheduler;
  /** What its reactions and its views have parked, and what operators have passed over of it. */
  readonly parkedWork: readonly ParkedWork[];
  readonly skips: DeliverySkips;
}

/** Opens a service's stores and wires them to its providers, its reactions and its subgraph. */
export function serviceRoom(host: ServiceHost, parts: ServiceParts): ServiceRoom {
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
  const module: DynamicModule = {
    module: parts.module,
    imports: host.graphql === false ? [] : [subgraphOf(host, parts)],
    controllers: [...parts.reactions],
    providers: [
      { provide: Clock, useValue: host.clock },
      { provide: Scheduler, useValue: host.clock },
      { provide: Commands, useValue: stores.commands },
      { provide: Sealing, useValue: stores.sealing },
      { provide: LiveViews, useValue: stores.views },
      { provide: Neighbours, useValue: transport },
      { provide: OwnLog, useValue: stores.log },
      { provide: APP_PIPE, useFactory: inputValidation },
      { provide: APP_FILTER, useClass: GraphqlErrorFilter },
      ...parts.providers,
    ],
  };
  const { tokenKey, clock } = host;
  const parkedWork = [transport, new ParkedViews(stores.log, stores.views)];
  return { name: parts.name, module, transport, stores, tokenKey, clock, parkedWork, skips };
}

function subgraphOf({ tokenKey }: ServiceHost, { module, types }: ServiceParts): DynamicModule {
  return subgraph(tokenKey, { ...types, include: [module, ...types.include] });
}
