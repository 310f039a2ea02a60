import { Logger } from '@nestjs/common';
import type { TokenKey } from '#libs/access';
import { type Scheduler, SystemClock } from '#libs/scheduler';
import { type Identities, openIdentities, Provider, sessionCheck } from '#libs/sign-in';
import type { SignInSettings } from './sign-in-settings.js';

const logger = new Logger('SignIn');

/** What a process verifies tokens by. */
export interface IdentityParts {
  readonly tokenKey: TokenKey;
  readonly dataDir: string;
  readonly signIn?: SignInSettings | undefined;
  /** What its process has already, with the keys in it. */
  readonly provider?: Provider | undefined;
  /** Whether a token still holds is a question of today, also where the services live in another. */
  readonly clock?: Scheduler | undefined;
}

/** Verifies tokens as every process of an installation does, by its settings. */
export function identitiesOf(parts: IdentityParts): Identities {
  const { tokenKey: key, dataDir, signIn, clock = new SystemClock() } = parts;
  const settings = signIn?.provider;
  return openIdentities({
    key,
    clock,
    sessions: signIn && sessionCheck(dataDir, signIn.terms),
    provider: parts.provider ?? (settings && new Provider(settings, clock)),
    tell: (line) => logger.warn(line),
  });
}
