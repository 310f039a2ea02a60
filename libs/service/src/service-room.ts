import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { TokenKey } from '#libs/access';
import type { EventSchemas } from '#libs/contracts';
import { type EventBus, EventBusTransport } from '#libs/event-bus';
import { Commands } from '#libs/event-log';
import { Sealing } from '#libs/privacy';
import { LiveViews, type View } from '#libs/views';
import { Clock } from './clock.js';
import { GraphqlErrorFilter } from './graphql-errors.js';
import { Neighbours } from './neighbours.js';
import { inputValidation } from './input-validation.js';
import { openStores, type Stores } from './stores.js';
import { subgraph, type SubgraphTypes } from './subgraph.js';

/** What a process gives to each service in it. */
export interface ServiceHost {
  readonly dataDir: string;
  /** Whose logs these are: the first part of their names in checkpoints. */
  readonly installation: string;
  readonly clock: Clock;
  readonly tokenKey: TokenKey;
  readonly bus: EventBus;
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
}

/** Opens a service's stores and wires them to its providers, its reactions and its subgraph. */
export function serviceRoom(host: ServiceHost, parts: ServiceParts): ServiceRoom {
  const stores = openStores({ ...parts, ...host, now: () => host.clock.now() });
  const transport = new EventBusTransport(host.bus, stores.checkpoints);
  host.bus.publish(stores.log);
  const module: DynamicModule = {
    module: parts.module,
    imports: [
      subgraph(host.tokenKey, {
        ...parts.types,
        include: [parts.module, ...parts.types.include],
      }),
    ],
    controllers: [...parts.reactions],
    providers: [
      { provide: Clock, useValue: host.clock },
      { provide: Commands, useValue: stores.commands },
      { provide: Sealing, useValue: stores.sealing },
      { provide: LiveViews, useValue: stores.views },
      { provide: Neighbours, useValue: transport },
      { provide: APP_PIPE, useFactory: inputValidation },
      { provide: APP_FILTER, useClass: GraphqlErrorFilter },
      ...parts.providers,
    ],
  };
  return { name: parts.name, module, transport, stores, tokenKey: host.tokenKey };
}
