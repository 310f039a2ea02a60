import { jwtVerify, SignJWT } from 'jose';
import type { TokenKey } from './token-key.js';
import { refusedFor, TokenRefused } from './token-refused.js';
import { bearerToken } from './token.js';

/** Neither is a person's token: one of these lets nobody act, and a person's opens no feed. */
const ISSUER = 'fengqiao';
const AUDIENCE = 'fengqiao-services';
const ALGORITHM = 'EdDSA';
const LIFE = '5m';
const SUBJECT = /^service:([a-z][a-z0-9-]{0,62})$/;

/** 服务令牌: with it one service shows another who it is; good for five minutes. */
export function issueServiceToken(key: TokenKey, service: string): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(`service:${service}`)
    .setIssuedAt()
    .setExpirationTime(LIFE)
    .sign(key.privateKey);
}

/**
 * Which service bears the token of an Authorization header (RFC 6750).
 *
 * @throws TokenRefused when there is none or it is no service's
 */
export async function verifyServiceToken(
  key: TokenKey,
  authorization: string | undefined,
): Promise<string> {
  const { payload } = await jwtVerify(bearerToken(authorization), key.publicKey, {
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: [ALGORITHM],
    requiredClaims: ['sub', 'exp'],
  }).catch((error: unknown) => {
    throw refusedFor(error);
  });
  const [, service] = SUBJECT.exec(payload.sub ?? '') ?? [];
  if (service === undefined) throw new TokenRefused('invalid');
  return service;
}
