import { randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { type Grant, type Identity, issueSessionToken, type TokenKey } from '#libs/access';
import { COUNTRY } from '#libs/contracts';
import type { Scheduler } from '#libs/scheduler';
import type { Accounts, SignIn } from './accounts.js';
import { HANDED_ON_S } from './identities.js';
import type { Session, Sessions, SessionSecret } from './sessions.js';

/** Short, since whoever holds it is believed; a session makes the next one. */
export const ACCESS_S = 15 * 60;
/** A browser is known for so long. */
const DEVICE = '180d';
const DEVICE_TYPE = 'device+jwt';
const ALGORITHM = 'EdDSA';

/** The first account appoints the others: it may do what the highest office may, everywhere. */
const FIRST_CLAIMS: readonly Pick<Grant, 'role' | 'area'>[] = [
  { role: 'supervisor', area: COUNTRY },
];

/** What somebody gets who signs in. */
export interface SignedIn {
  readonly session: Session;
  readonly token: string;
  readonly tokenEndsAtMs: number;
}

/** What the desk is made of. */
export interface SignInDeskParts {
  readonly key: TokenKey;
  readonly clock: Scheduler;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
}

/** 登录: local accounts in, sessions and short tokens out. */
export class SignInDesk {
  readonly sessions: Sessions;

  constructor(private readonly parts: SignInDeskParts) {
    this.sessions = parts.sessions;
  }

  nowMs(): number {
    return Date.parse(this.parts.clock.now());
  }

  /** @throws SignInRefused */
  async signIn(asked: SignIn): Promise<Session> {
    const device = await this.deviceIn(asked.device);
    return this.parts.accounts.signIn({ ...asked, device }, () => this.nowMs());
  }

  /** For somebody whom an OpenID provider has signed in. */
  begin(subject: string): Session {
    return this.sessions.begin({ subject, kind: 'person' }, this.nowMs());
  }

  /** The access token of a session, for a client that bears it itself. */
  access(session: Session): Promise<SignedIn> {
    return this.signed(session, ACCESS_S);
  }

  /** What a gateway hands on to the services for a session. */
  async handedOn(session: Session): Promise<string> {
    return (await this.signed(session, HANDED_ON_S)).token;
  }

  /** @throws SignInRefused when the session is over */
  inCookie(cookie: SessionSecret): { session: Session; identity: Identity } {
    const session = this.sessions.inCookie(cookie, this.nowMs());
    this.sessions.touch(session.id, this.nowMs());
    const { subject, kind, endsAtMs: expiresAtMs } = session;
    const claims = claimsOf(kind).map((claim) => ({
      ...claim,
      source: { kind: 'claim' } as const,
    }));
    return { session, identity: { subject, kind, claims, expiresAtMs } };
  }

  /** What a browser shows the next time, so that others who guess cannot keep its owner out. */
  async deviceOf({ subject }: Session): Promise<string> {
    return new SignJWT({ device: randomUUID() })
      .setProtectedHeader({ alg: ALGORITHM, typ: DEVICE_TYPE })
      .setSubject(subject)
      .setIssuedAt(new Date(this.nowMs()))
      .setExpirationTime(DEVICE)
      .sign(this.parts.key.privateKey);
  }

  /** `ACCOUNT DEVICE`, when it is one that was given out. */
  private async deviceIn(token: string | undefined): Promise<string | undefined> {
    if (token === undefined) return undefined;
    try {
      const { payload } = await jwtVerify(token, this.parts.key.publicKey, {
        algorithms: [ALGORITHM],
        typ: DEVICE_TYPE,
        requiredClaims: ['sub', 'exp'],
        currentDate: new Date(this.nowMs()),
      });
      return `${payload.sub} ${String(payload['device'])}`;
    } catch {
      // Unknown or too old: it counts with all others.
      return undefined;
    }
  }

  private async signed(session: Session, life: number): Promise<SignedIn> {
    const nowMs = this.nowMs();
    const seconds = Math.min(life, Math.max(1, Math.floor((session.endsAtMs - nowMs) / 1000)));
    const { id, subject, kind } = session;
    const claims = claimsOf(kind);
    const request = { subject, kind, claims, session: id, seconds, nowMs };
    const token = await issueSessionToken(this.parts.key, request);
    return { session, token, tokenEndsAtMs: nowMs + seconds * 1000 };
  }
}

function claimsOf(kind: Session['kind']): readonly Pick<Grant, 'role' | 'area'>[] {
  return kind === 'first-account' ? FIRST_CLAIMS : [];
}
