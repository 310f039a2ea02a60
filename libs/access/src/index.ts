export {
  type Action,
  ACTION_LIST,
  ACTIONS,
  changes,
  type Purpose,
  PURPOSE_NAMES,
  PURPOSES,
} from './action.js';
export { type Actor, actorOf, claimedActor, claimedIdentity, isSelf, OWN_GRANT } from './actor.js';
export { derivedKey } from './derived-key.js';
export { decide, may, type Target, targetOf, type Verdict } from './decide.js';
export { grantsIn, grantText } from './grant-text.js';
export type { Grant, GrantSource, Identity, IdentityKind } from './identity.js';
export { policyPage } from './policy-page.js';
export { POLICY, type Rule, ruleOf, type Scope, SCOPE_NAMES } from './policy.js';
export { type Role, ROLE_NAMES, ROLE_OF_POST, ROLES } from './role.js';
export { hasTokenKey, openTokenKey, type TokenKey } from './token-key.js';
export { issueServiceToken, verifyServiceToken } from './service-token.js';
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
