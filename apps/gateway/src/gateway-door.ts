import type { IncomingMessage } from 'node:http';
import { TokenRefused } from '#libs/access';
import { refuse } from '#libs/event';
import {
  type Asking,
  contextFor,
  languageOf,
  refusalError,
  refusedWith,
  type RequestContext,
} from '#libs/service';
import { type Identities, type OpenSignIn, SignInRefused } from '#libs/sign-in';
import { Cookies } from './cookies.js';
import { signInRefusals } from './sign-in.refusals.js';

/** What the gateway knows of who may come in. */
export interface GatewayDoorParts {
  readonly identities: Identities;
  /** Without it nobody signs in here: tokens alone count. */
  readonly signIn?: OpenSignIn | undefined;
  /** Where people reach the gateway. */
  readonly publicUrl: string;
}

/** Who asks, and in which session. */
export interface AskingHere extends Asking {
  readonly session: string | undefined;
}

export const SESSION_COOKIE = 'session';

/** 门: finds out who asks the gateway, by a bearer token or a browser's cookie. */
export class GatewayDoor {
  readonly cookies: Cookies;

  constructor(readonly parts: GatewayDoorParts) {
    this.cookies = new Cookies(parts.publicUrl);
  }

  /** Of one request; services get a token in any case, never a cookie. */
  context(request: IncomingMessage): Promise<RequestContext> {
    return contextFor(request.headers, () => this.asking(request));
  }

  /** @throws TokenRefused, ProviderAway, NOT_OWN_PAGE */
  async asking(request: IncomingMessage): Promise<AskingHere> {
    const { authorization } = request.headers;
    const { identities, signIn } = this.parts;
    const cookie = this.cookies.in(request, SESSION_COOKIE);
    if (authorization === undefined && cookie !== undefined && signIn !== undefined) {
      return this.inCookie(request, cookie, signIn);
    }
    const { identity, session } = await identities.verify(authorization);
    const { subject, kind, expiresAtMs: endsAtMs } = identity;
    if (session === undefined || signIn === undefined || kind === 'system') {
      return { identity, authorization: authorization ?? '', session };
    }
    signIn.desk.sessions.touch(session, signIn.desk.nowMs());
    // A service elsewhere cannot see the session: it believes fresh tokens only.
    const token = await signIn.desk.handedOn({ id: session, subject, kind, endsAtMs });
    return { identity, authorization: `Bearer ${token}`, session };
  }

  private async inCookie(
    request: IncomingMessage,
    cookie: string,
    { desk }: OpenSignIn,
  ): Promise<AskingHere> {
    const accepted = request.headers['accept-language'];
    // A browser sends it along whoever asked it to.
    if (!this.cookies.isOwnPage(request)) {
      throw refusedWith(
        403,
        refusalError(refuse('NotOwnPage'), signInRefusals),
        languageOf(accepted),
      );
    }
    try {
      const { session, identity } = desk.inCookie(cookie);
      const authorization = `Bearer ${await desk.handedOn(session)}`;
      return { identity, authorization, session: session.id };
    } catch (error) {
      throw error instanceof SignInRefused ? new TokenRefused('ended', { cause: error }) : error;
    }
  }
}
