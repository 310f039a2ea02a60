import { randomUUID } from 'node:crypto';
import { jwtVerify, type JWTPayload, SignJWT } from 'jose';
import { accountPattern, type AreaCode } from '#libs/contracts';
import { grantsIn, grantText } from './grant-text.js';
import type { Grant, Identity, IdentityKind } from './identity.js';
import type { Role } from './role.js';
import { refusedFor, TokenRefused } from './token-refused.js';
import type { TokenKey } from './token-key.js';

/** Issuer and audience of the tokens that a platform signs for itself. */
export const PLATFORM = 'fengqiao';
const ALGORITHM = 'EdDSA';
/** An access token (RFC 9068): no other JWT of the same key is taken for one. */
const TYPE = 'at+jwt';
/** By so many seconds two clocks may differ. */
export const CLOCK_TOLERANCE_S = 10;
/** Headers as a whole are limited to 16 KB; a token that fills half of them is none of ours. */
const TOKEN_BYTES_MAX = 8_192;
/** What a subject looks like: no token may act in the name of a reaction. */
export const SUBJECT = accountPattern;

/** A token for a system, such as a script. */
export interface TokenRequest {
  readonly subject: string;
  readonly role: Role;
  readonly area: AreaCode;
  /** Hours until the token is no longer accepted. */
  readonly hours: number;
}

/** A token for a person, which ends with their session. */
export interface SessionTokenRequest {
  readonly subject: string;
  readonly kind: Exclude<IdentityKind, 'system'>;
  readonly claims: readonly Pick<Grant, 'role' | 'area'>[];
  readonly session: string;
  readonly seconds: number;
  /** When it is made, in milliseconds since 1970. */
  readonly nowMs: number;
}

/** What a token of the platform says. */
export interface PlatformToken {
  readonly identity: Identity;
  /** The session that it ends with; tokens of systems have none. */
  readonly session?: string;
  /** For how long it was made, in seconds. */
  readonly lifeS: number;
}

/** A JWT (RFC 7519) for a system's subject, role and area, signed with Ed25519 (RFC 8037). */
export async function issueToken(key: TokenKey, request: TokenRequest): Promise<string> {
  const { subject, hours } = request;
  return sign(
    key,
    { kind: 'system', grants: [grantText(request)] },
    { subject, life: `${hours}h` },
  );
}

/** A JWT for a person in a session. */
export async function issueSessionToken(
  key: TokenKey,
  { subject, kind, claims, session, seconds, nowMs }: SessionTokenRequest,
): Promise<string> {
  const says = { kind, grants: claims.map(grantText), sid: session };
  return sign(key, says, { subject, now: new Date(nowMs), life: new Date(nowMs + seconds * 1000) });
}

interface Times {
  readonly subject: string;
  readonly now?: Date;
  readonly life: string | Date;
}

async function sign(
  { privateKey }: TokenKey,
  says: JWTPayload,
  { subject, now, life }: Times,
): Promise<string> {
  if (!SUBJECT.test(subject)) throw new TokenRefused('invalid');
  return new SignJWT(says)
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
    .setIssuer(PLATFORM)
    .setAudience(PLATFORM)
    .setSubject(subject)
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setNotBefore(now ?? '0s')
    .setExpirationTime(life)
    .sign(privateKey);
}

/**
 * The token in an Authorization header (RFC 6750).
 *
 * @throws TokenRefused when there is none, or it is too large to be one
 */
export function bearerToken(authorization = ''): string {
  if (authorization.length > TOKEN_BYTES_MAX) throw new TokenRefused('too-large');
  const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw new TokenRefused('missing');
  return token;
}

/**
 * What a token says that the platform signed. Whether its session goes on is another question.
 *
 * @throws TokenRefused when it does not hold
 */
export async function verifyToken(
  { publicKey }: Pick<TokenKey, 'publicKey'>,
  token: string,
  nowMs: number,
): Promise<PlatformToken> {
  const { payload } = await jwtVerify(token, publicKey, {
    issuer: PLATFORM,
    audience: PLATFORM,
    algorithms: [ALGORITHM],
    typ: TYPE,
    requiredClaims: ['sub', 'exp', 'iat', 'jti'],
    clockTolerance: CLOCK_TOLERANCE_S,
    currentDate: new Date(nowMs),
  }).catch((error: unknown) => {
    throw refusedFor(error);
  });
  return read(payload, nowMs);
}

const KINDS = ['person', 'system', 'first-account'] as const;

function read(payload: JWTPayload, nowMs: number): PlatformToken {
  const { sub: subject = '', exp = 0, iat = 0 } = payload;
  mustBeIssued(iat, nowMs);
  const kind = KINDS.find((known) => known === payload['kind']);
  const claims = grantsIn(payload['grants']);
  const session = payload['sid'];
  if (kind === undefined || claims === undefined || !SUBJECT.test(subject)) {
    throw new TokenRefused('invalid');
  }
  const identity = { subject, kind, claims, expiresAtMs: exp * 1000 };
  if (kind === 'system') return { identity, lifeS: exp - iat };
  // A person's token that names no session could not be ended before its time.
  if (typeof session !== 'string' || session === '') throw new TokenRefused('invalid');
  return { identity, session, lifeS: exp - iat };
}

/**
 * RFC 7519 leaves open what an issue time in the future means; here, that somebody's clock is wrong.
 *
 * @param iat seconds since 1970
 * @throws TokenRefused
 */
export function mustBeIssued(iat: number, nowMs: number): void {
  if (iat > nowMs / 1000 + CLOCK_TOLERANCE_S) throw new TokenRefused('early');
}
