import type { IncomingMessage } from 'node:http';
import { skipReasonField } from '#libs/contracts';
import { NotParked } from '#libs/event-bus';
import type { Clock } from '#libs/scheduler';
import type { Identities } from '#libs/sign-in';
import { OperatorDesk, type Which } from './operator-desk.js';
import {
  bodyOf,
  json,
  malformed,
  mayOperate,
  type Middleware,
  type PlainAnswer,
  plainRoutes,
} from './plain-routes.js';
import type { ServiceRoom } from './service-room.js';

const WHICH = ['id', 'service', 'handler', 'stream'] as const;

/**
 * 运维: what `npm run ops` asks of the running process, for the role `operator`:
 * `POST /ops/parked/list`, `.../retry` and `.../skip`, with a JSON object that says which parked
 * streams are meant. Nothing that an event says is shown.
 */
export function opsRoutes(
  rooms: readonly ServiceRoom[],
  { identities, clock }: { readonly identities: Identities; readonly clock: Clock },
): Middleware {
  const desk = new OperatorDesk(rooms);
  return plainRoutes((request, path) => {
    const [, work] = /^\/ops\/parked\/(list|retry|skip)$/.exec(path) ?? [];
    if (work === undefined || request.method !== 'POST') return undefined;
    return answer(request, work).catch((error: unknown) => {
      throw error instanceof NotParked ? malformed(error.message) : error;
    });
  });

  async function answer(request: IncomingMessage, work: string): Promise<PlainAnswer> {
    const action = work === 'list' ? 'operation.read' : 'delivery.manage';
    const { subject } = await mayOperate(identities, request, action);
    const { reason, ...asked } = await bodyOf(request);
    const which = whichOf(asked);
    if (work === 'list') return json({ parked: await desk.list(which) });
    if (work === 'retry') return json({ retried: await desk.retry(which) });
    const said = skipReasonField.safeParse(reason);
    if (!said.success) throw malformed('a reason of 1 to 500 characters must be given');
    const skip = { actor: subject, reason: said.data, at: clock.now() };
    return json({ skipped: await desk.passOver(which, skip) });
  }
}

function whichOf(asked: Readonly<Record<string, unknown>>): Which {
  for (const [name, value] of Object.entries(asked)) {
    const isKnown = WHICH.some((field) => field === name) && typeof value === 'string';
    if (!isKnown) throw malformed(`${name} is no text that says which is meant`);
  }
  return asked;
}
