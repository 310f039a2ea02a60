export { ACCOUNT_FILE, AccountFileWrong, forgetSessions } from './account-file.js';
export { type Account, AccountRefused, Accounts, type GivenAccount } from './accounts.js';
export type { CodeFlow } from './code-flow.js';
export {
  type Identities,
  openIdentities,
  type SessionCheck,
  sessionCheck,
  type Verified,
} from './identities.js';
export { openSignIn, type OpenSignIn, type SignInOptions } from './open-sign-in.js';
export { type Cost, Passwords } from './passwords.js';
export { Provider, type ProviderSettings } from './provider.js';
export { isSafeAddress } from './read-json.js';
export { ProviderAway, SignInRefused, type SignInRefusal } from './refused.js';
export type { Session, SessionTerms } from './sessions.js';
export { type SignedIn, SignInDesk } from './sign-in-desk.js';
