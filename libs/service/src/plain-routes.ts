import type { IncomingMessage, ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import { type Action, type Actor, actorOf } from '#libs/access';
import { COUNTRY } from '#libs/contracts';
import { refuse } from '#libs/event';
import type { Identities } from '#libs/sign-in';
import { authorise } from './authorise.js';
import { faultError } from './graphql-errors.js';
import { sendRefusal } from './http-refusal.js';
import { refusalError } from './refusal-error.js';
import { requestContext } from './request-context.js';
import { requestRefusals } from './request.refusals.js';

const BODY_BYTES_MAX = 16_384;
const STATUS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  ROLE_MAY_NOT: 403,
  OUT_OF_SCOPE: 403,
  PURPOSE_DIFFERS: 403,
  INTERNAL_ERROR: 500,
  COMMAND_CONFLICT: 409,
  LOG_BUSY: 503,
  LOG_READ_ONLY: 503,
};

export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => Promise<void>;

/** What is answered. */
export interface PlainAnswer {
  /** 200 unless it says otherwise. */
  readonly status?: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string | number | readonly string[]>>;
}

/** Answers one request; undefined leaves it to the next one who listens. */
export type PlainRoute = (
  request: IncomingMessage,
  path: string,
) => Promise<PlainAnswer> | undefined;

const logger = new Logger('PlainRoutes');

/** HTTP for people and machines who operate a process, beside the graph. Nothing of it is cached. */
export function plainRoutes(route: PlainRoute): Middleware {
  return async (request, response, next) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    const answer = route(request, path);
    if (answer === undefined) return next();
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    try {
      const { type, body, status = 200, headers = {} } = await answer;
      response.statusCode = status;
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      if (status !== 204) response.setHeader('content-type', type);
      response.end(request.method === 'HEAD' ? undefined : body);
    } catch (error) {
      fail(request, response, error);
    }
  };
}

/** Who asks, if their token holds for the whole country and their role may do this. */
export async function mayOperate(
  identities: Identities,
  request: IncomingMessage,
  action: Action,
): Promise<Actor> {
  const { identity, purpose } = await requestContext(identities, request.headers);
  // No post gives a right to whole logs or to operate: claims alone do.
  const actor = actorOf(identity, [], purpose);
  authorise(actor, action, COUNTRY);
  return actor;
}

export function json(value: unknown): PlainAnswer {
  const body = `${JSON.stringify(value, undefined, 2)}\n`;
  return { type: 'application/json; charset=utf-8', body };
}

/** The refusal of a request that is not what it must be. */
export function malformed(why: string): GraphQLError {
  return refusalError(refuse('RequestMalformed', { why }), requestRefusals);
}

/** The JSON object in a request's body. */
export async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw malformed(`more than ${BODY_BYTES_MAX} bytes were sent`);
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString() || '{}');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
  } catch {
    // Answered below, like any other text that is no object.
  }
  throw malformed('the body must be a JSON object');
}

function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const told = error instanceof GraphQLError ? error : (faultError(error) ?? internal(error));
  const { status: own } = (told.extensions['http'] ?? {}) as { readonly status?: number };
  const status = own ?? STATUS[String(told.extensions['code'])] ?? 400;
  if (status === 401) response.setHeader('www-authenticate', 'Bearer');
  sendRefusal(request, response, { status, error: told });
}

function internal(error: unknown): GraphQLError {
  logger.error(error);
  return refusalError(refuse('InternalError'), requestRefusals);
}
