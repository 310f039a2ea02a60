import type { IncomingHttpHeaders } from 'node:http';
import { GraphQLError } from 'graphql';
import { type Actor, type TokenKey, TokenRefused, verifyToken } from '#libs/access';
import { refuse } from '#libs/event';
import { type Asked, askedIn } from './reading-asked.js';
import { refusalError, refusedWith } from './refusal-error.js';
import { requestRefusals } from './request.refusals.js';

export type Language = 'zh' | 'en';

/** What every resolver knows of its request; made from the same headers in every process. */
export interface RequestContext {
  readonly actor: Actor;
  readonly language: Language;
  /** As received, to be handed on to the services behind a gateway. */
  readonly headers: Readonly<Record<string, string>>;
  /** As of when to answer; set once more when the operation's root fields are known. */
  asked?: Asked;
}

/**
 * Verifies the token.
 *
 * @throws UNAUTHENTICATED with HTTP status 401; with 400 what `askedIn` throws
 */
export async function requestContext(
  key: TokenKey,
  headers: IncomingHttpHeaders,
): Promise<RequestContext> {
  const { authorization, 'accept-language': accepted } = headers;
  const language = languageOf(accepted);
  const actor = await verifyToken(key, authorization).catch((error: unknown) => {
    throw error instanceof TokenRefused ? unauthenticated(error.reason, language) : error;
  });
  return {
    actor,
    language,
    headers: { authorization: authorization ?? '', 'accept-language': accepted ?? '' },
    asked: handedOn(headers, language),
  };
}

function handedOn(headers: IncomingHttpHeaders, language: Language): Asked {
  try {
    return askedIn(headers);
  } catch (error) {
    throw error instanceof GraphQLError ? refusedWith(400, error, language) : error;
  }
}

const REASONS = {
  missing: { whyZh: '请求没有令牌', why: 'the request has no bearer token' },
  expired: { whyZh: '令牌已过期', why: 'the token has expired' },
  invalid: { whyZh: '令牌无效', why: 'the token is not valid' },
} as const;

/** The refusal of a request that nobody known has sent. */
export function unauthenticated(reason: TokenRefused['reason'], language: Language): GraphQLError {
  const error = refusalError(refuse('Unauthenticated', REASONS[reason]), requestRefusals);
  return refusedWith(401, error, language);
}

/** Chinese unless English is wanted more (RFC 9110 section 12.5.4). */
export function languageOf(accepted = ''): Language {
  const wanted = { zh: 0, en: 0 };
  for (const part of accepted.toLowerCase().split(',')) {
    const [, language, quality] = /^\s*(zh|en)\b[^;]*(?:;\s*q=([\d.]+))?/.exec(part) ?? [];
    if (language !== 'zh' && language !== 'en') continue;
    wanted[language] = Math.max(wanted[language], Number(quality ?? 1));
  }
  return wanted.en > wanted.zh ? 'en' : 'zh';
}
