import type { IncomingHttpHeaders } from 'node:http';
import { GraphQLError } from 'graphql';
import { type Identity, type Purpose, PURPOSES, type TokenFault, TokenRefused } from '#libs/access';
import { refuse } from '#libs/event';
import { type Identities, ProviderAway } from '#libs/sign-in';
import { type Asked, askedIn } from './reading-asked.js';
import { refusalError, refusedWith } from './refusal-error.js';
import { requestRefusals } from './request.refusals.js';

export type Language = 'zh' | 'en';

/** In which header a request says what it is made for. */
export const PURPOSE_HEADER = 'fengqiao-purpose';

/** What every resolver knows of its request; made from the same headers in every process. */
export interface RequestContext {
  readonly identity: Identity;
  /** What the request is made for, if it says so. */
  readonly purpose?: Purpose;
  readonly language: Language;
  /** As received, to be handed on to the services behind a gateway. */
  readonly headers: Readonly<Record<string, string>>;
  /** As of when to answer; set once more when the operation's root fields are known. */
  asked?: Asked;
  /** The services that have shown no personal data, since they have no news of appointments. */
  masked?: Set<string>;
}

/**
 * Verifies the token.
 *
 * @throws UNAUTHENTICATED with HTTP status 401; IDENTITY_PROVIDER_AWAY with 503; with 400
 *   PURPOSE_UNKNOWN and what `askedIn` throws
 */
export async function requestContext(
  identities: Identities,
  headers: IncomingHttpHeaders,
): Promise<RequestContext> {
  const { authorization } = headers;
  return contextFor(headers, async () => {
    const { identity } = await identities.verify(authorization);
    return { identity, authorization: authorization ?? '' };
  });
}

/** Who asks, and what is handed on of them to the services behind a gateway. */
export interface Asking {
  readonly identity: Identity;
  readonly authorization: string;
}

/** The same for whoever finds out in another way who asks. */
export async function contextFor(
  headers: IncomingHttpHeaders,
  whoAsks: () => Promise<Asking>,
): Promise<RequestContext> {
  const { 'accept-language': accepted, [PURPOSE_HEADER]: named } = headers;
  const language = languageOf(accepted);
  const { identity, authorization } = await whoAsks().catch((error: unknown) => {
    throw signInFault(error, language) ?? error;
  });
  const purpose = named === undefined ? undefined : purposeOf(String(named), language);
  return {
    identity,
    ...(purpose && { purpose }),
    language,
    headers: {
      authorization,
      'accept-language': accepted ?? '',
      ...(purpose && { [PURPOSE_HEADER]: purpose }),
    },
    asked: handedOn(headers, language),
  };
}

function purposeOf(named: string, language: Language): Purpose {
  const purpose = PURPOSES.find((known) => known === named);
  if (purpose !== undefined) return purpose;
  const facts = { purpose: named.slice(0, 40), known: PURPOSES.join(', ') };
  throw refusedWith(400, refusalError(refuse('PurposeUnknown', facts), requestRefusals), language);
}

function handedOn(headers: IncomingHttpHeaders, language: Language): Asked {
  try {
    return askedIn(headers);
  } catch (error) {
    throw error instanceof GraphQLError ? refusedWith(400, error, language) : error;
  }
}

const REASONS: Readonly<Record<TokenFault, { readonly whyZh: string; readonly why: string }>> = {
  missing: { whyZh: '请求没有令牌', why: 'the request has no bearer token' },
  'too-large': { whyZh: '令牌过大', why: 'the token is too large' },
  invalid: { whyZh: '令牌无效', why: 'the token is not valid' },
  expired: { whyZh: '令牌已过期', why: 'the token has expired' },
  early: { whyZh: '令牌尚未生效', why: 'the token is not valid yet' },
  issuer: { whyZh: '令牌的签发者不受信任', why: 'the token is of an issuer that is not trusted' },
  audience: { whyZh: '令牌不是发给本系统的', why: 'the token is meant for another system' },
  ended: { whyZh: '登录已结束', why: 'the session has ended' },
};

/** Why it cannot be known who asks; undefined when the error tells of something else. */
export function signInFault(error: unknown, language: Language): GraphQLError | undefined {
  if (error instanceof TokenRefused) {
    const refusal = refuse('Unauthenticated', REASONS[error.reason]);
    return refusedWith(401, refusalError(refusal, requestRefusals), language);
  }
  if (error instanceof ProviderAway) {
    const { retryAfterMs } = error;
    const told = refusalError(refuse('IdentityProviderAway'), requestRefusals, { retryAfterMs });
    return refusedWith(503, told, language);
  }
  return undefined;
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
