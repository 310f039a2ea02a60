import { decodeJwt } from 'jose';
import {
  bearerToken,
  type Identity,
  PLATFORM,
  type TokenKey,
  TokenRefused,
  verifyToken,
} from '#libs/access';
import type { Scheduler } from '#libs/scheduler';
import { isOpen, type SessionTerms } from './sessions.js';
import { readAccountFile } from './account-file.js';
import type { Provider } from './provider.js';
import { ProviderAway } from './refused.js';

/** For so long a gateway makes a token that it hands on to services: they need not know sessions. */
export const HANDED_ON_S = 60;
/** Refusals told one by one in each minute; somebody who only knocks must not fill the disk. */
const TOLD_MAX = 20;
const TOLD_EVERY_MS = 60_000;

/** 已验证: whom a token speaks for, and the session that it ends with. */
export interface Verified {
  readonly identity: Identity;
  readonly session?: string | undefined;
}

/** 身份验证: verifies tokens, in the gateway and again in each service. */
export interface Identities {
  /**
   * @param authorization the header as it came
   * @throws TokenRefused, ProviderAway
   */
  verify(authorization: string | undefined): Promise<Verified>;
}

/** Whether a session goes on; undefined where nobody knows, since its file is elsewhere. */
export type SessionCheck = (session: string, nowMs: number) => boolean | undefined;

export interface IdentitiesOptions {
  readonly key: Pick<TokenKey, 'publicKey'>;
  readonly clock: Scheduler;
  readonly sessions?: SessionCheck | undefined;
  readonly provider?: Provider | undefined;
  /** Hears of what is refused, a line at a time: why, and nothing that the token says. */
  readonly tell?: ((line: string) => void) | undefined;
}

/** Verifies the platform's own tokens, and those of the OpenID provider when there is one. */
export function openIdentities(options: IdentitiesOptions): Identities {
  const { clock, tell } = options;
  const told = tell === undefined ? () => undefined : sparing(tell, clock);
  return {
    verify: async (authorization) => {
      try {
        return await verify(options, bearerToken(authorization));
      } catch (error) {
        told(whyOf(error));
        throw error;
      }
    },
  };
}

async function verify(options: IdentitiesOptions, token: string): Promise<Verified> {
  const { key, clock, provider, sessions } = options;
  const issuer = issuerOf(token);
  if (provider !== undefined && issuer === provider.settings.issuer) {
    return { identity: await provider.verify(token) };
  }
  if (issuer !== PLATFORM) throw new TokenRefused(issuer === undefined ? 'invalid' : 'issuer');
  const nowMs = Date.parse(clock.now());
  const { identity, session, lifeS } = await verifyToken(key, token, nowMs);
  if (session === undefined) return { identity };
  const goesOn = sessions?.(session, nowMs) ?? lifeS <= HANDED_ON_S;
  if (!goesOn) throw new TokenRefused('ended');
  return { identity, session };
}

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'a fault';
  const cause = error instanceof ProviderAway ? (error.cause as Partial<Error>) : undefined;
  return cause?.message === undefined ? error.message : `${error.message}: ${cause.message}`;
}

/** Unproven: it only says whose keys to try. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** Asks the file of accounts in `DIR`, once there is one, at each request. */
export function sessionCheck(dir: string, terms: SessionTerms): SessionCheck {
  let db: ReturnType<typeof readAccountFile>;
  return (session, nowMs) => {
    db ??= readAccountFile(dir);
    return db === undefined ? undefined : isOpen(db, session, { terms, nowMs });
  };
}

function sparing(tell: (line: string) => void, clock: Scheduler): (line: string) => void {
  let since = -Infinity;
  let count = 0;
  return (line) => {
    if (clock.elapsedMs() - since >= TOLD_EVERY_MS) {
      if (count > TOLD_MAX) tell(`${count - TOLD_MAX} more refusals were not told`);
      [since, count] = [clock.elapsedMs(), 0];
    }
    count += 1;
    if (count <= TOLD_MAX) tell(line);
  };
}
