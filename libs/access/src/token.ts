import { errors, jwtVerify, SignJWT } from 'jose';
import { accountPattern, type AreaCode, parseAreaCode } from '#libs/contracts';
import { claimedIdentity } from './actor.js';
import type { Identity } from './identity.js';
import { type Role, ROLES } from './role.js';
import type { TokenKey } from './token-key.js';

const ISSUER = 'fengqiao';
const ALGORITHM = 'EdDSA';
/** What a subject looks like: no token may act in the name of a reaction. */
export const SUBJECT = accountPattern;

export interface TokenRequest {
  readonly subject: string;
  readonly role: Role;
  readonly area: AreaCode;
  /** Hours until the token is no longer accepted. */
  readonly hours: number;
}

/** The token is missing, wrong or out of date. */
export class TokenRefused extends Error {
  readonly code = 'UNAUTHENTICATED';
  constructor(readonly reason: 'missing' | 'expired' | 'invalid') {
    super(`the token is ${reason}`);
  }
}

/**
 * A JWT (RFC 7519) for a system's subject, role and area, signed with Ed25519 (RFC 8037).
 */
export async function issueToken(key: TokenKey, request: TokenRequest): Promise<string> {
  if (!SUBJECT.test(request.subject)) throw new TokenRefused('invalid');
  return new SignJWT({ role: request.role, area: request.area })
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuer(ISSUER)
    .setSubject(request.subject)
    .setIssuedAt()
    .setExpirationTime(`${request.hours}h`)
    .sign(key.privateKey);
}

/**
 * Who bears the token of an Authorization header (RFC 6750).
 *
 * @throws TokenRefused when there is none or it does not hold
 */
export async function verifyToken(
  key: TokenKey,
  authorization: string | undefined,
): Promise<Identity> {
  const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) throw new TokenRefused('missing');
  const { payload } = await jwtVerify(token, key.publicKey, {
    issuer: ISSUER,
    algorithms: [ALGORITHM],
    requiredClaims: ['sub', 'exp'],
  }).catch((error: unknown) => {
    if (error instanceof errors.JWTExpired) throw new TokenRefused('expired');
    if (error instanceof errors.JOSEError) throw new TokenRefused('invalid');
    throw error;
  });
  const role = ROLES.find((known) => known === payload['role']);
  const area = typeof payload['area'] === 'string' ? parseAreaCode(payload['area']) : undefined;
  const subject = payload.sub ?? '';
  if (role === undefined || area === undefined || !SUBJECT.test(subject)) {
    throw new TokenRefused('invalid');
  }
  const expiresAtMs = (payload.exp ?? 0) * 1000;
  return claimedIdentity({ subject, role, area, expiresAtMs });
}
