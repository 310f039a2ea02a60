export type { Actor } from './actor.js';
export type { Grant, GrantSource, Identity, IdentityKind } from './identity.js';
export { type Action, may, type Role, ROLES } from './policy.js';
export { hasTokenKey, openTokenKey, type TokenKey } from './token-key.js';
export { issueToken, SUBJECT, type TokenRequest, TokenRefused, verifyToken } from './token.js';
