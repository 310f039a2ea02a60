import { errors } from 'jose';

/** Why a token does not speak for anybody. */
export type TokenFault =
  'missing' | 'too-large' | 'invalid' | 'expired' | 'early' | 'issuer' | 'audience' | 'ended';

/** The token is missing, wrong or out of date. What it says is never told: it may be a person's. */
export class TokenRefused extends Error {
  readonly code = 'UNAUTHENTICATED';
  constructor(
    readonly reason: TokenFault,
    options?: ErrorOptions,
  ) {
    super(`the token is refused: ${reason}`, options);
  }
}

const OF_CLAIM: Readonly<Record<string, TokenFault>> = {
  iss: 'issuer',
  aud: 'audience',
  nbf: 'early',
  iat: 'early',
};

/** What the verification of a JWT threw, as a refusal; anything but a fault of the token as it is. */
export function refusedFor(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new TokenRefused('expired');
  if (error instanceof errors.JWTClaimValidationFailed && error.reason === 'check_failed') {
    return new TokenRefused(OF_CLAIM[error.claim] ?? 'invalid');
  }
  return error instanceof errors.JOSEError ? new TokenRefused('invalid') : error;
}
