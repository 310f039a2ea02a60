import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { TokenKey } from '#libs/access';
import type { SignedLog } from '#libs/event-log';
import { logRoutes } from '#libs/service';
import { GatewayModule } from './gateway.module.js';
import { graphiql, redirectToGraph } from './graphiql.js';
import { BODY_LIMIT, requestErrors } from './request-errors.js';
import { type Subgraph, supergraphSchema } from './supergraph.js';

const SUPERGRAPH = new URL('../schema/supergraph.graphql', import.meta.url);

/**
 * The gateway's HTTP application, not listening yet.
 *
 * @param logs those of the services in this process, to be shown at `/log/`
 */
export async function openGateway(
  key: TokenKey,
  subgraphs: Readonly<Record<string, Subgraph>>,
  logs: readonly SignedLog[] = [],
): Promise<NestExpressApplication> {
  const schema = supergraphSchema(readFileSync(SUPERGRAPH, 'utf8'), subgraphs);
  const app = await NestFactory.create<NestExpressApplication>(
    GatewayModule.register(schema, key),
    {
      bodyParser: false,
      logger: ['error', 'warn'],
    },
  );
  app.disable('x-powered-by');
  app.use(redirectToGraph);
  app.use(logRoutes(logs, key));
  app.use('/graphql', graphiql);
  app.useBodyParser('json', { limit: BODY_LIMIT });
  app.use(requestErrors);
  return app;
}
