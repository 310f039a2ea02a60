import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import { actorOf } from '#libs/access';
import { COUNTRY } from '#libs/contracts';
import type { SignedLog } from '#libs/event-log';
import type { Identities } from '#libs/sign-in';
import {
  type BundleAddress,
  parseTilePath,
  TILE_WIDTH,
  type TileAddress,
} from '#libs/transparency';
import { authorise } from './authorise.js';
import { sendRefusal } from './http-refusal.js';
import { publishedTile, signedSize } from './published-log.js';
import { requestContext } from './request-context.js';

/** What is answered, but for what the request itself decides. */
interface Page {
  readonly status: 200 | 404 | 405 | 500;
  readonly type: string;
  readonly cache: string;
  readonly body: string | Uint8Array;
}

const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';
/** It may change at any time, and an ETag makes asking again cheap. */
const ASK_AGAIN = 'no-cache';
const FOR_EVER = 'public, max-age=31536000, immutable';
/** It will not change either, but a wider one takes its place soon. */
const FOR_A_WHILE = 'public, max-age=3600';
/** For its reader alone, and only while the token still allows it. */
const READER_ONLY = 'private, no-cache';

const logger = new Logger('LogRoutes');

/**
 * 公开日志: serves logs under `/log/SERVICE/` as c2sp.org/tlog-tiles lays them out, and a list of
 * them at `/log/`. Checkpoints, keys and hashes are everybody's; entries need a token that may read
 * whole logs. After a recovery the log is another one for its readers: `/log/SERVICE/epoch-N/` is
 * its address then, and what caches keep of the address without it is asked for again.
 *
 * @returns a handler that leaves every other path to the next one
 */
export function logRoutes(logs: readonly SignedLog[], identities: Identities) {
  const byService = new Map(logs.map((signed) => [signed.log.origin, signed]));
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    next: () => void,
  ): Promise<void> => {
    // As it was sent: decoded or tidied up, two paths could mean one thing.
    const [, path] = /^\/log(\/[^?]*)?(?:\?|$)/.exec(request.url ?? '') ?? [undefined, null];
    if (path === null) return next();
    try {
      send(request, response, await pageAt(request, path ?? '/', { logs: byService, identities }));
    } catch (error) {
      fail(request, response, error);
    }
  };
}

/** The line that tells whoever starts a service under which key its log is known. */
export function logKeyLine({ log, vkey }: SignedLog): string {
  return `${log.origin}: log key ${vkey}\n`;
}

async function pageAt(
  { method, headers }: IncomingMessage,
  path: string,
  {
    logs,
    identities,
  }: { readonly logs: ReadonlyMap<string, SignedLog>; readonly identities: Identities },
): Promise<Page> {
  if (method !== 'GET' && method !== 'HEAD') {
    return text(405, 'A log is only read here: use GET or HEAD.');
  }
  if (path === '/') return listing([...logs.values()]);
  const [, service = '', epoch, rest = ''] =
    /^\/([a-z0-9-]+)\/(?:epoch-([2-9]|[1-9]\d{1,8})\/)?(.+)$/.exec(path) ?? [];
  const signed = logs.get(service);
  if (signed === undefined) return text(404, 'No such log is kept here: /log/ lists what is.');
  if (epoch !== undefined && Number(epoch) !== signed.epoch) {
    return text(404, `${service} is not in that epoch: /log/ tells where its log is.`);
  }
  if (rest === 'checkpoint') return checkpointOf(signed);
  if (rest === 'vkey')
    return { status: 200, type: TEXT, cache: ASK_AGAIN, body: `${signed.vkey}\n` };
  const address = parseTilePath(rest);
  if (address === undefined) {
    return text(404, 'A log has no such path: c2sp.org/tlog-tiles has those that there are.');
  }
  if (address.level === 'entries') await mustReadLogs(identities, headers);
  const isSettled = signed.epoch === 1 || epoch !== undefined;
  return tilePage(signed, address, isSettled);
}

/** @param isSettled whether its path will never mean another epoch's tile */
async function tilePage(
  signed: SignedLog,
  address: TileAddress | BundleAddress,
  isSettled: boolean,
): Promise<Page> {
  const body = await publishedTile(signed, address);
  if (body === undefined) {
    const shown = `${signed.log.origin} shows the ${signedSize(signed)} events that it has signed`;
    return text(404, `${shown}: this is not among them.`);
  }
  const widthCache = address.width === TILE_WIDTH ? FOR_EVER : FOR_A_WHILE;
  const hashCache = isSettled ? widthCache : ASK_AGAIN;
  return {
    status: 200,
    type: BYTES,
    cache: address.level === 'entries' ? READER_ONLY : hashCache,
    body,
  };
}

function listing(logs: readonly SignedLog[]): Page {
  const told = logs.map((signed) => ({
    service: signed.log.origin,
    name: signed.name,
    vkey: signed.vkey,
    size: signedSize(signed),
    path: `/log/${signed.log.origin}/${signed.epoch === 1 ? '' : `epoch-${signed.epoch}/`}`,
  }));
  const body = `${JSON.stringify({ logs: told }, undefined, 2)}\n`;
  return { status: 200, type: 'application/json; charset=utf-8', cache: ASK_AGAIN, body };
}

function checkpointOf(signed: SignedLog): Page {
  const body = signed.checkpoint();
  return body === undefined
    ? text(404, `${signed.log.origin} has signed nothing yet: ask again in a second.`)
    : { status: 200, type: TEXT, cache: ASK_AGAIN, body };
}

/** A log holds every area, so that it takes a token for all of them. */
async function mustReadLogs(
  identities: Identities,
  headers: IncomingMessage['headers'],
): Promise<void> {
  const { identity, purpose } = await requestContext(identities, headers);
  authorise(actorOf(identity, [], purpose), 'log.read', COUNTRY);
}

function text(status: Page['status'], line: string): Page {
  return { status, type: TEXT, cache: ASK_AGAIN, body: `${line}\n` };
}

function send(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const { status, type, cache, body } = page;
  const bytes = Buffer.from(body);
  const etag = `"${hash('sha256', bytes, 'base64url')}"`;
  response.setHeader('cache-control', cache);
  response.setHeader('x-content-type-options', 'nosniff');
  if (cache === READER_ONLY) response.setHeader('vary', 'authorization');
  if (status === 405) response.setHeader('allow', 'GET, HEAD');
  if (status === 200) response.setHeader('etag', etag);
  if (status === 200 && isKnown(etag, request.headers['if-none-match'])) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Whether the reader holds this very answer already (RFC 9110 section 13.1.2). */
function isKnown(etag: string, ifNoneMatch = ''): boolean {
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (error instanceof GraphQLError) {
    const { status = 403 } = (error.extensions['http'] ?? {}) as { readonly status?: number };
    if (status === 401) response.setHeader('www-authenticate', 'Bearer');
    response.setHeader('cache-control', 'no-store');
    sendRefusal(request, response, { status, error });
    return;
  }
  logger.error(error);
  send(request, response, text(500, 'The log cannot be read now: its service has said why.'));
}
