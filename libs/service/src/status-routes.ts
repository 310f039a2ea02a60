import type { Clock } from '#libs/scheduler';
import type { Identities } from '#libs/sign-in';
import { houseStatus } from './house-status.js';
import { metricsText } from './metrics.js';
import {
  json,
  mayOperate,
  type Middleware,
  type PlainAnswer,
  plainRoutes,
} from './plain-routes.js';
import type { ServiceRoom } from './service-room.js';
import { statusPage } from './status-page.js';

const HTML = 'text/html; charset=utf-8';
const METRICS = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * 现况: how far the services of this process are. `/status` (a page, or JSON when that is accepted)
 * and `/status.json` take a token that may see operations; `/metrics` takes none, since it is read
 * by machines and holds numbers only.
 */
export function statusRoutes(
  rooms: readonly ServiceRoom[],
  { identities, clock }: { readonly identities: Identities; readonly clock: Clock },
): Middleware {
  return plainRoutes((request, path) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    if (path === '/metrics') return metrics();
    if (path !== '/status' && path !== '/status.json') return undefined;
    const wantsJson = path === '/status.json' || /\bjson\b/.test(request.headers.accept ?? '');
    return mayOperate(identities, request, 'operation.read').then(() => status(wantsJson));
  });

  async function metrics(): Promise<PlainAnswer> {
    return { type: METRICS, body: metricsText(await houseStatus(rooms, clock.now())) };
  }

  async function status(asJson: boolean): Promise<PlainAnswer> {
    const now = clock.now();
    const services = await houseStatus(rooms, now);
    return asJson ? json({ now, services }) : { type: HTML, body: statusPage(services, now) };
  }
}
