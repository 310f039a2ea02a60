import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import { type Language, languageOf } from './request-context.js';

/** Answers a plain HTTP request with a refusal, in the form that it has in an answer of the graph. */
export function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  { status, error }: { readonly status: number; readonly error: GraphQLError },
): void {
  const { message, extensions } = error;
  const { http: _, ...told } = extensions;
  const messages = told['messages'] as Readonly<Record<Language, string>> | undefined;
  const language = languageOf(request.headers['accept-language']);
  response.statusCode = status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  const shown = { message: messages?.[language] ?? message, extensions: told };
  response.end(JSON.stringify({ errors: [shown] }));
}
