import { errors, jwtVerify, SignJWT } from 'jose';
import { type AreaCode, parseAreaCode } from '#libs/contracts';
import type { Actor } from './actor.js';
import { type Role, ROLES } from './policy.js';
import type { TokenKey } from './token-key.js';

const ISSUER = 'fengqiao';
const ALGORITHM = 'EdDSA';
/**
 * Short and visible, as it goes into every event. `service:NAME` is the actor of a reaction: no
 * token may act in its name.
 */
export const SUBJECT = /^(?!service:)[^\s:\p{C}]{1,64}$/iu;

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

/** A JWT (RFC 7519) for the bearer's subject, role and area, signed with Ed25519 (RFC 8037). */
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
): Promise<Actor> {
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
  return { subject, role, area };
}
