import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type TokenKey, verifyServiceToken } from '#libs/access';
import { publishedEventsOf } from '#libs/contracts';
import { cloudEventOf, FEED_HEADERS, FEED_PATH, jsonOf, type Publisher } from '#libs/event-bus';
import type { EventLog, SignedLog } from '#libs/event-log';
import type { Scheduler } from '#libs/scheduler';
import { malformed, type Middleware, type PlainAnswer, plainRoutes } from './plain-routes.js';
import { languageOf, signInFault } from './request-context.js';

const LIMIT_MAX = 1000;
const WAIT_MAX_MS = 20_000;
/** How many positions one answer looks at: most of them may not be published. */
const SCANNED_MAX = 5_000;
const SCAN = 500;
const BYTES_MAX = 4_000_000;
/** CloudEvents' JSON batch format, section 4. */
const BATCH_TYPE = 'application/cloudevents-batch+json; charset=utf-8';

interface Asked {
  readonly from: number;
  readonly limit: number;
  readonly waitMs: number;
}

interface Answer {
  readonly head: number;
  readonly next: number;
  readonly events: readonly string[];
}

/**
 * 事件源: `GET /feed?from=P&limit=N&wait=MS`: what this service publishes from position P on, for
 * services that bear a token of their own. At most N events (1000); with 0, where the log ends. When
 * nothing has been recorded from P on it waits for so long (20 s at most), then answers that.
 */
export function feedRoutes(
  signed: SignedLog,
  { key, scheduler }: { readonly key: TokenKey; readonly scheduler: Scheduler },
): Middleware {
  const publisher: Publisher = {
    origin: signed.log.origin,
    source: signed.name,
    published: publishedEventsOf(signed.log.origin),
  };
  return plainRoutes((request, path) => {
    if (path !== FEED_PATH || request.method !== 'GET') return undefined;
    return feed(request);
  });

  async function feed(request: IncomingMessage): Promise<PlainAnswer> {
    await mustBeService(key, request);
    const asked = askedIn(new URLSearchParams(request.url?.split('?', 2)[1]));
    await news(signed.log, asked, { scheduler, socket: request.socket });
    return shown(publisher, await answerTo(signed.log, publisher, asked));
  }
}

async function mustBeService(key: TokenKey, { headers }: IncomingMessage): Promise<void> {
  const { authorization, 'accept-language': accepted } = headers;
  await verifyServiceToken(key, authorization).catch((error: unknown) => {
    throw signInFault(error, languageOf(accepted)) ?? error;
  });
}

function askedIn(query: URLSearchParams): Asked {
  const count = (name: string, initial: string, most: number): number => {
    const text = query.get(name) ?? initial;
    if (/^\d{1,15}$/.test(text)) return Math.min(Number(text), most);
    throw malformed(`${name} must be a whole number, not ${text.slice(0, 40)}`);
  };
  return {
    from: count('from', '0', Number.MAX_SAFE_INTEGER),
    limit: count('limit', '256', LIMIT_MAX),
    waitMs: count('wait', '0', WAIT_MAX_MS),
  };
}

/** Until something is recorded from there on, nobody waits any longer, or the time is over. */
async function news(
  log: EventLog,
  { from, limit, waitMs }: Asked,
  { scheduler, socket }: { readonly scheduler: Scheduler; readonly socket: Socket },
): Promise<void> {
  if (waitMs === 0 || limit === 0) return;
  const woken = new AbortController();
  const wake = (): void => woken.abort();
  const unsubscribe = log.onAppended(wake);
  socket.once('close', wake);
  try {
    if ((await log.head()) === from) await scheduler.sleep(waitMs, woken.signal);
  } finally {
    unsubscribe();
    socket.off('close', wake);
  }
}

async function answerTo(
  log: EventLog,
  publisher: Publisher,
  { from, limit }: Asked,
): Promise<Answer> {
  const events: string[] = [];
  const head = await log.head();
  let next = from;
  let bytes = 0;
  while (events.length < limit && next < Math.min(head, from + SCANNED_MAX) && bytes < BYTES_MAX) {
    const entries = await log.entries(next, SCAN);
    for (const entry of entries) {
      if (events.length === limit || bytes >= BYTES_MAX) break;
      const event = cloudEventOf(publisher, next, entry);
      next += 1;
      if (event === undefined) continue;
      const json = jsonOf(event);
      bytes += json.length;
      events.push(json);
    }
    if (entries.length === 0) break;
  }
  // What was recorded while this was read counts; what a log has lost does not.
  return { head: next > from ? Math.max(head, next) : head, next, events };
}

function shown({ source }: Publisher, { head, next, events }: Answer): PlainAnswer {
  return {
    type: BATCH_TYPE,
    body: `[${events.join(',\n')}]\n`,
    headers: {
      [FEED_HEADERS.source]: source,
      [FEED_HEADERS.head]: head,
      [FEED_HEADERS.next]: next,
    },
  };
}
