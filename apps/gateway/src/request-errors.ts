import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse, type Refusal } from '#libs/event';
import { refusalError, type RequestRefusal, requestRefusals, sendRefusal } from '#libs/service';

export const BODY_LIMIT = '1mb';

interface BodyError {
  readonly status?: number;
  readonly message: string;
}

/** Answers what the body parser refuses in the form of every other refusal. */
export function requestErrors(
  error: BodyError,
  request: IncomingMessage,
  response: ServerResponse,
  _next: () => void,
): void {
  const status = error.status ?? 500;
  const told = refusalError(refusalOf(status, error), requestRefusals);
  sendRefusal(request, response, { status, error: told });
}

function refusalOf(status: number, error: BodyError): Refusal<RequestRefusal> {
  if (status === 413) return refuse('RequestTooLarge', { limit: BODY_LIMIT });
  if (status < 500) return refuse('RequestMalformed', { why: error.message });
  return refuse('InternalError');
}
