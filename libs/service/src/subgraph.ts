import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo';
import type { DynamicModule, Type } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';
import type { IncomingMessage } from 'node:http';
import type { Identities } from '#libs/sign-in';
import { languagePlugin, withTexts } from './graphql-errors.js';
import { maskingPlugin } from './masking-plugin.js';
import { queryLimits, TOKENS_MAX } from './query-limits.js';
import { readingPlugin } from './reading-plugin.js';
import { requestContext } from './request-context.js';
import { AsOf, Day, Position, Time } from './scalars.js';

/** @nestjs/graphql reads this name though its types do not declare it. */
interface BuildOptions {
  readonly orphanedTypes: (Type<unknown> | object)[];
  readonly includeModules: Type<unknown>[];
}

export interface SubgraphTypes {
  /** The module and the type markers (`registerIn`) that make up this subgraph. */
  readonly include: readonly Type<unknown>[];
  /** Types that no query of this subgraph reaches. */
  readonly orphanedTypes: readonly Type<unknown>[];
}

export interface GuardedTypes {
  readonly types: SubgraphTypes;
  /** Puts every field behind its rule. */
  readonly guard: (schema: GraphQLSchema) => GraphQLSchema;
}

/**
 * A code-first subgraph that holds its own types only. All of one process share one store of types:
 * `includeModules` keeps them apart, the federation version is one that composition understands.
 */
export function subgraph(identities: Identities, { types, guard }: GuardedTypes): DynamicModule {
  const build: BuildOptions = {
    orphanedTypes: [...types.orphanedTypes],
    includeModules: [...types.include],
  };
  return GraphQLModule.forRoot<ApolloFederationDriverConfig>({
    driver: ApolloFederationDriver,
    graphiql: false,
    introspection: true,
    include: [...types.include],
    buildSchemaOptions: build,
    autoSchemaFile: {
      federation: {
        version: 2,
        importUrl: 'https://specs.apollo.dev/federation/v2.9',
        directives: ['@key', '@shareable', '@external', '@requires', '@provides', '@override'],
      },
    },
    context: ({ req }: { req: IncomingMessage }) => requestContext(identities, req.headers),
    transformSchema: guard,
    // Building a federated schema prints it and reads it again, which loses how scalars parse.
    resolvers: { AsOf, Day, Position, Time },
    resolverValidationOptions: { requireResolversToMatchSchema: 'ignore' },
    // Nest asks its filters about queries and mutations only, unless told.
    fieldResolverEnhancers: ['filters'],
    formatError: withTexts,
    // A gateway joins the queries of one request: more words, but no more rows.
    parseOptions: { maxTokens: 10 * TOKENS_MAX },
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      languagePlugin(),
      maskingPlugin(),
      queryLimits(),
      readingPlugin(),
    ],
  });
}
