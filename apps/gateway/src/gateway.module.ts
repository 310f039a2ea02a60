import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';
import type { IncomingMessage } from 'node:http';
import {
  languagePlugin,
  maskingPlugin,
  queryLimits,
  readingPlugin,
  TOKENS_MAX,
  withTexts,
} from '#libs/service';
import type { GatewayDoor } from './gateway-door.js';

@Module({})
export class GatewayModule {
  /** 网关: one graph over all services, at /graphql. */
  static register(schema: GraphQLSchema, door: GatewayDoor): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver,
          schema,
          graphiql: false,
          introspection: true,
          includeStacktraceInErrorResponses: false,
          parseOptions: { maxTokens: TOKENS_MAX },
          context: ({ req }: { req: IncomingMessage }) => door.context(req),
          formatError: withTexts,
          plugins: [languagePlugin(), maskingPlugin(), queryLimits(), readingPlugin()],
        }),
      ],
    };
  }
}
