import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { TokenKey } from '#libs/access';
import { GatewayModule } from './gateway.module.js';
import { graphiql, redirectToGraph } from './graphiql.js';
import { BODY_LIMIT, requestErrors } from './request-errors.js';
import { type Subgraph, supergraphSchema } from './supergraph.js';

const SUPERGRAPH = new URL('../schema/supergraph.graphql', import.meta.url);

/** The gateway's HTTP application, not listening yet. */
export async function openGateway(
  key: TokenKey,
  subgraphs: Readonly<Record<string, Subgraph>>,
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
  app.use('/graphql', graphiql);
  app.useBodyParser('json', { limit: BODY_LIMIT });
  app.use(requestErrors);
  return app;
}
