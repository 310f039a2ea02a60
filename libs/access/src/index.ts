export { type Actor, actorOf } from './actor.js';
export { grantsIn, grantText } from './grant-text.js';
export type { Grant, GrantSource, Identity, IdentityKind } from './identity.js';
export { type Action, may, type Role, ROLES } from './policy.js';
export { hasTokenKey, openTokenKey, type TokenKey } from './token-key.js';
export { refusedFor, type TokenFault, TokenRefused } from './token-refused.js';
export {
  bearerToken,
  CLOCK_TOLERANCE_S,
  issueSessionToken,
  issueToken,
  mustBeIssued,
  PLATFORM,
  type PlatformToken,
  type SessionTokenRequest,
  SUBJECT,
  type TokenRequest,
  verifyToken,
} from './token.js';
