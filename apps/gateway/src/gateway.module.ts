import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';
import type { IncomingMessage } from 'node:http';
import type { TokenKey } from '#libs/access';
import {
  languagePlugin,
  maskingPlugin,
  queryLimits,
  readingPlugin,
  requestContext,
  TOKENS_MAX,
  withTexts,
} from '#libs/service';

@Module({})
export class GatewayModule {
  /** 网关: one graph over all services, at /graphql. */
  static register(schema: GraphQLSchema, key: TokenKey): DynamicModule {
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
          context: ({ req }: { req: IncomingMessage }) => requestContext(key, req.headers),
          formatError: withTexts,
          plugins: [languagePlugin(), maskingPlugin(), queryLimits(), readingPlugin()],
        }),
      ],
    };
  }
}
