import { type ApolloServerPlugin } from '@apollo/server';
import { type ArgumentsHost, Catch, Logger } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { GqlContextType } from '@nestjs/graphql';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { CommandConflict, EventTooLarge, LogBusy, LogReadOnly } from '#libs/event-log';
import { refuse } from '#libs/event';
import { RowParked, ViewsBehind } from '#libs/views';
import { databaseFault } from './database-fault.js';
import { codeOf, refusalError } from './refusal-error.js';
import type { Language, RequestContext } from './request-context.js';
import { type RequestRefusal, requestRefusals, whenBehind } from './request.refusals.js';

/** Codes that Apollo gives to requests which do not fit the specification or the schema. */
const INVALID_QUERY: ReadonlySet<unknown> = new Set([
  'GRAPHQL_VALIDATION_FAILED',
  'GRAPHQL_PARSE_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** Turns what a resolver throws into an error that tells clients nothing of the inside. */
@Catch()
export class GraphqlErrorFilter extends BaseExceptionFilter {
  private readonly logger = new Logger('GraphQL');

  override catch(error: unknown, host: ArgumentsHost): void {
    const kind = host.getType<GqlContextType>();
    // To the bus an answer means that the event has had its effect: it must hear of the failure.
    if (kind === 'rpc') throw error;
    if (kind === 'http') return super.catch(error, host);
    // Thrown, never returned: what answers for a reference would take it for the record.
    throw this.answer(error);
  }

  private answer(error: unknown): GraphQLError {
    if (error instanceof GraphQLError) return error;
    const told = faultError(error);
    if (told !== undefined) return told;
    this.logger.error(error);
    return refusalError(refuse('InternalError'), requestRefusals);
  }
}

/** A fault of a store that says what whoever asked can do. */
export function faultError(error: unknown): GraphQLError | undefined {
  if (error instanceof CommandConflict) {
    return refusalError(refuse('CommandConflict'), requestRefusals);
  }
  if (error instanceof EventTooLarge) {
    const { bytes, limit } = error;
    return refusalError(refuse('EventTooLarge', { bytes, limit }), requestRefusals);
  }
  if (error instanceof LogBusy) {
    const { retryAfterMs } = error;
    return refusalError(refuse('LogBusy'), requestRefusals, { retryAfterMs });
  }
  if (error instanceof LogReadOnly) {
    return refusalError(refuse('LogReadOnly', { reason: error.reason }), requestRefusals);
  }
  return viewFault(error) ?? databaseFault(error);
}

/** A fault of the views: what could be shown might be wrong. */
function viewFault(error: unknown): GraphQLError | undefined {
  if (error instanceof ViewsBehind) {
    const { of: service, wanted, reached, retryAfterMs } = error;
    const refusal = refuse('ViewsBehind', { service, wanted, reached, ...whenBehind.soon });
    return refusalError(refusal, requestRefusals, { retryAfterMs });
  }
  if (error instanceof RowParked) {
    return refusalError(refuse('RowParked', { position: error.position }), requestRefusals);
  }
  return undefined;
}

/** Gives each error its texts in both languages, and its message in the reader's. */
export function languagePlugin(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ response, contextValue }) => {
        if (response.body.kind !== 'single' || !response.body.singleResult.errors) return;
        const { singleResult } = response.body;
        singleResult.errors = singleResult.errors?.map((error) =>
          inLanguage(error, contextValue.language),
        );
      },
    }),
  };
}

/** Adds `extensions.messages` to an error that a library made; keeps the code it has. */
export function withTexts(error: GraphQLFormattedError): GraphQLFormattedError {
  const { code, messages } = error.extensions ?? {};
  if (messages !== undefined) return error;
  const refusal: RequestRefusal = INVALID_QUERY.has(code) ? 'QueryInvalid' : 'InternalError';
  const made = refusalError(refuse(refusal, { why: error.message }), requestRefusals);
  return {
    ...error,
    message: made.message,
    extensions: {
      ...made.extensions,
      code: refusal === 'QueryInvalid' ? code : codeOf(refusal),
    },
  };
}

function inLanguage(error: GraphQLFormattedError, language: Language): GraphQLFormattedError {
  const messages = error.extensions?.['messages'] as Record<Language, string> | undefined;
  return messages === undefined ? error : { ...error, message: messages[language] };
}
