export type { Actor } from './actor.js';
export { type Action, may, type Role, ROLES } from './policy.js';
export { hasTokenKey, openTokenKey, type TokenKey } from './token-key.js';
export { issueServiceToken, verifyServiceToken } from './service-token.js';
export { issueToken, SUBJECT, type TokenRequest, TokenRefused, verifyToken } from './token.js';
