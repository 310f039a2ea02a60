import { createDefaultExecutor } from '@graphql-tools/delegate';
import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation';
import type { GraphQLSchema } from 'graphql';
import { refuse } from '#libs/event';
import {
  headersOf,
  maskedIn,
  refusalError,
  type RequestContext,
  requestRefusals,
} from '#libs/service';

/** Where the gateway finds a service: in its own process, or at an address. */
export type Subgraph = GraphQLSchema | { readonly url: string };

/** How long another process may take to answer. */
const TIMEOUT_MS = 10_000;

/** A name as the supergraph writes it (`GRID_REGISTRY`) is the service's `grid-registry`. */
const serviceNameOf = (name: string): string => name.toLowerCase().replaceAll('_', '-');

/**
 * One schema over all services. Who asks reaches a service in this process with the context, and
 * another process with the forwarded headers; there the token is verified again. What they may do is
 * for each service to say.
 */
export function supergraphSchema(
  supergraphSdl: string,
  subgraphs: Readonly<Record<string, Subgraph>>,
): GraphQLSchema {
  return getStitchedSchemaFromSupergraphSdl({
    supergraphSdl,
    batch: true,
    httpExecutorOpts: ({ name }) => ({
      endpoint: urlOf(subgraphs[serviceNameOf(name)]),
      headers: (request) => forwarded(request?.context as RequestContext | undefined),
      timeout: TIMEOUT_MS,
    }),
    onSubschemaConfig: (config) => {
      const service = serviceNameOf(config.name);
      const subgraph = subgraphs[service];
      if (subgraph === undefined)
        throw new Error(`the supergraph names ${service}: none such runs`);
      if (!('url' in subgraph)) config.executor = createDefaultExecutor(subgraph);
      else config.executor = orUnavailable(config.executor, service);
    },
  });
}

/** Who asks, and as of when: so the services answer each their part of one answer. */
function forwarded(context: RequestContext | undefined): Record<string, string> {
  return { ...context?.headers, ...headersOf(context?.asked ?? {}) };
}

function urlOf(subgraph: Subgraph | undefined): string {
  return subgraph !== undefined && 'url' in subgraph ? subgraph.url : 'in-process:';
}

/** How the HTTP executor marks that it had no answer; it shows the request beside it. */
const FAILURES: ReadonlySet<unknown> = new Set([
  'SUBREQUEST_HTTP_ERROR',
  'RESPONSE_VALIDATION_FAILED',
  'TIMEOUT_ERROR',
]);

type Executor = ReturnType<typeof createDefaultExecutor>;

/** A service that does not answer is an outage to be told, not an error of the query. */
function orUnavailable(execute: Executor | undefined, service: string): Executor {
  const errors = [refusalError(refuse('ServiceUnavailable', { service }), requestRefusals)];
  return async (request) => {
    const result = await execute?.(request);
    if (result === undefined || Symbol.asyncIterator in result) return { errors };
    const failed = result.errors?.some(({ extensions }) => FAILURES.has(extensions?.['code']));
    tellMasked(request.context as RequestContext | undefined, result.extensions);
    return failed === true ? { errors } : result;
  };
}

/** What a service in another process has masked is said of the whole answer. */
function tellMasked(context: RequestContext | undefined, extensions: unknown): void {
  if (context === undefined) return;
  for (const service of maskedIn(extensions)) (context.masked ??= new Set()).add(service);
}
