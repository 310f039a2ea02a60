import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  healthRoutes,
  logRoutes,
  opsRoutes,
  type ServiceRoom,
  statusRoutes,
  SystemClock,
} from '#libs/service';
import { GatewayDoor, type GatewayDoorParts } from './gateway-door.js';
import { GatewayModule } from './gateway.module.js';
import { graphiql, redirectToGraph } from './graphiql.js';
import { BODY_LIMIT, requestErrors } from './request-errors.js';
import { sessionRoutes } from './session-routes.js';
import { type Subgraph, supergraphSchema } from './supergraph.js';

const SUPERGRAPH = new URL('../schema/supergraph.graphql', import.meta.url);

/**
 * The gateway's HTTP application, not listening yet.
 *
 * @param parts how it finds out who asks, and signs people in
 * @param rooms the services in this process, whose logs are shown at `/log/` and which are operated
 *   through `/status`, `/healthz`, `/metrics` and `/ops/`
 */
export async function openGateway(
  parts: GatewayDoorParts,
  subgraphs: Readonly<Record<string, Subgraph>>,
  rooms: readonly ServiceRoom[] = [],
): Promise<NestExpressApplication> {
  const door = new GatewayDoor(parts);
  const { identities, signIn } = parts;
  const schema = supergraphSchema(readFileSync(SUPERGRAPH, 'utf8'), subgraphs);
  const app = await NestFactory.create<NestExpressApplication>(
    GatewayModule.register(schema, door),
    {
      bodyParser: false,
      logger: ['error', 'warn'],
    },
  );
  app.disable('x-powered-by');
  app.use(redirectToGraph);
  const logs = rooms.map(({ stores }) => stores.signed);
  const operated = { identities, clock: rooms[0]?.clock ?? new SystemClock() };
  app.use(logRoutes(logs, identities));
  app.use(opsRoutes(rooms, operated));
  app.use(statusRoutes(rooms, operated));
  app.use(healthRoutes(rooms, operated));
  if (signIn !== undefined) app.use(sessionRoutes(door, signIn));
  app.use('/graphql', graphiql);
  app.useBodyParser('json', { limit: BODY_LIMIT });
  app.use(requestErrors);
  return app;
}
