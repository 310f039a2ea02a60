import type { TokenKey } from '#libs/access';
import type { Scheduler } from '#libs/scheduler';
import { openAccountFile } from './account-file.js';
import { Accounts } from './accounts.js';
import { CodeFlow } from './code-flow.js';
import { Passwords } from './passwords.js';
import type { Provider } from './provider.js';
import { Sessions, type SessionTerms } from './sessions.js';
import { SignInDesk } from './sign-in-desk.js';

/** 登录处: all that signs people in at one installation. */
export interface OpenSignIn {
  readonly accounts: Accounts;
  readonly desk: SignInDesk;
  /** There is one when an OpenID provider knows this platform as a client. */
  readonly flow?: CodeFlow | undefined;
  close(): void;
}

export interface SignInOptions {
  readonly dataDir: string;
  readonly key: TokenKey;
  readonly clock: Scheduler;
  readonly terms: SessionTerms;
  readonly provider?: Provider | undefined;
  /** Where people reach the gateway. */
  readonly publicUrl?: string | undefined;
  readonly passwords?: Passwords | undefined;
}

/** Opens the accounts and sessions of a data folder. */
export function openSignIn(options: SignInOptions): OpenSignIn {
  const { dataDir, key, clock, terms, provider, publicUrl, passwords } = options;
  const db = openAccountFile(dataDir);
  const sessions = new Sessions(db, terms);
  const accounts = new Accounts(db, sessions, passwords ?? new Passwords());
  const desk = new SignInDesk({ key, clock, accounts, sessions });
  const flow =
    provider?.settings.client === undefined || publicUrl === undefined
      ? undefined
      : new CodeFlow({ provider, desk, key, callback: `${publicUrl}/sign-in/callback` });
  return { accounts, desk, flow, close: () => db.close() };
}
