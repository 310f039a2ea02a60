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
import { isRefusedThere, ViewsDesk } from './views-desk.js';

const PARKED_WORKS = ['list', 'retry', 'skip'];
const VIEWS_WORKS = ['list', 'rebuild', 'back'];
const WHICH = ['id', 'service', 'handler', 'stream'];

/**
 * 运维: what `npm run ops` asks of the running process, for the role `operator`:
 * `POST /ops/parked/list`, `.../retry` and `.../skip`, with a JSON object that says which parked
 * streams are meant; `POST /ops/views/list`, `.../rebuild` and `.../back`, with one that says whose
 * views. Nothing that an event or a row says is shown.
 */
export function opsRoutes(
  rooms: readonly ServiceRoom[],
  { identities, clock }: { readonly identities: Identities; readonly clock: Clock },
): Middleware {
  const parked = new OperatorDesk(rooms);
  const views = new ViewsDesk(rooms);
  return plainRoutes((request, path) => {
    const [, thing, work] = /^\/ops\/(parked|views)\/(\w+)$/.exec(path) ?? [];
    const works: readonly string[] = thing === 'views' ? VIEWS_WORKS : PARKED_WORKS;
    if (work === undefined || !works.includes(work) || request.method !== 'POST') return undefined;
    const answered = thing === 'views' ? onViews(request, work) : onParked(request, work);
    return answered.catch((error: unknown) => {
      throw error instanceof NotParked || isRefusedThere(error) ? malformed(error.message) : error;
    });
  });

  /** A gateway alone has nothing parked, and who is told so would take it for all of the house. */
  function assertHasServices(): void {
    if (rooms.length > 0) return;
    throw malformed('no service runs in this process: ask each service, with --url, at its own');
  }

  async function onParked(request: IncomingMessage, work: string): Promise<PlainAnswer> {
    const { subject } = await mayOperate(identities, request, actionOf(work));
    assertHasServices();
    const { reason, ...asked } = await bodyOf(request);
    const which = whichOf(asked, WHICH);
    if (work === 'list') return json({ parked: await parked.list(which) });
    if (work === 'retry') return json({ retried: await parked.retry(which) });
    const said = skipReasonField.safeParse(reason);
    if (!said.success) throw malformed('a reason of 1 to 500 characters must be given');
    const skip = { actor: subject, reason: said.data, at: clock.now() };
    return json({ skipped: await parked.passOver(which, skip) });
  }

  async function onViews(request: IncomingMessage, work: string): Promise<PlainAnswer> {
    await mayOperate(identities, request, actionOf(work));
    assertHasServices();
    const { service } = whichOf(await bodyOf(request), ['service']);
    if (work === 'list') return json({ views: await views.list(service) });
    if (service === undefined) throw malformed('say of which service');
    return json({
      switched: await (work === 'rebuild' ? views.rebuild(service) : views.back(service)),
    });
  }
}

const actionOf = (work: string) => (work === 'list' ? 'operation.read' : 'delivery.manage');

function whichOf(asked: Readonly<Record<string, unknown>>, known: readonly string[]): Which {
  for (const [name, value] of Object.entries(asked)) {
    if (known.includes(name) && typeof value === 'string') continue;
    throw malformed(`${name} is no text that says which is meant`);
  }
  return asked;
}
