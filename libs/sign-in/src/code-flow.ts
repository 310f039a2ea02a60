import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { refusedFor, type TokenKey, TokenRefused } from '#libs/access';
import type { Provider } from './provider.js';
import { AnswerRefused, readJson } from './read-json.js';
import { ProviderAway, SignInRefused } from './refused.js';
import type { Session } from './sessions.js';
import type { SignInDesk } from './sign-in-desk.js';

/** How long somebody may take at the provider's page. */
export const FLOW_S = 10 * 60;
const FLOW_TYPE = 'sign-in+jwt';
const ALGORITHM = 'EdDSA';
const AWAY_MS = 5_000;

const begun = z.object({
  jti: z.string(),
  exp: z.number(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
});
const answered = z.object({ id_token: z.string() });

/** What the code flow needs. */
export interface CodeFlowParts {
  readonly provider: Provider;
  readonly desk: SignInDesk;
  readonly key: TokenKey;
  /** Where the provider sends the browser back to. */
  readonly callback: string;
}

/**
 * 授权码流程: sign-in at an OpenID provider, by authorization code with PKCE (RFC 7636). What began
 * it stays in the browser's cookie, signed; it serves once.
 */
export class CodeFlow {
  constructor(private readonly parts: CodeFlowParts) {}

  /**
   * Where to send the browser, and what to put into its cookie.
   *
   * @throws ProviderAway
   */
  async begin(): Promise<{ location: string; cookie: string }> {
    const { provider, key, desk, callback } = this.parts;
    const { authorization_endpoint: page } = await provider.keys.description();
    if (page === undefined) throw new SignInRefused('ProviderRefused');
    const [state, nonce, verifier] = [secret(), secret(), secret()];
    const location = new URL(page);
    const asked = {
      response_type: 'code',
      client_id: provider.settings.client?.id ?? '',
      redirect_uri: callback,
      scope: 'openid',
      state,
      nonce,
      code_challenge: hash('sha256', verifier, 'base64url'),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(asked)) location.searchParams.set(name, value);
    const cookie = await new SignJWT({ state, nonce, verifier })
      .setProtectedHeader({ alg: ALGORITHM, typ: FLOW_TYPE })
      .setJti(randomUUID())
      .setExpirationTime(new Date(desk.nowMs() + FLOW_S * 1000))
      .sign(key.privateKey);
    return { location: location.href, cookie };
  }

  /**
   * Takes what the provider sent the browser back with.
   *
   * @throws SignInRefused, ProviderAway
   */
  async finish(cookie: string | undefined, query: URLSearchParams): Promise<Session> {
    const { provider, desk } = this.parts;
    const { state, nonce, verifier, jti, exp } = await this.begunIn(cookie);
    const issuer = query.get('iss') ?? provider.settings.issuer;
    if (!isSame(query.get('state') ?? '', state) || issuer !== provider.settings.issuer) {
      throw new SignInRefused('SignInStale');
    }
    if (!desk.sessions.useOnce(jti, exp * 1000, desk.nowMs())) {
      throw new SignInRefused('SignInStale');
    }
    const code = query.get('code');
    if (code === null) throw new SignInRefused('ProviderRefused');
    const idToken = await this.exchange(code, verifier);
    const subject = await provider.personIn(idToken, nonce).catch((error: unknown) => {
      if (error instanceof TokenRefused)
        throw new SignInRefused('ProviderRefused', { cause: error });
      throw error;
    });
    return desk.begin(subject);
  }

  private async begunIn(cookie = ''): Promise<z.infer<typeof begun>> {
    const { key, desk } = this.parts;
    const { payload } = await jwtVerify(cookie, key.publicKey, {
      algorithms: [ALGORITHM],
      typ: FLOW_TYPE,
      currentDate: new Date(desk.nowMs()),
    }).catch((error: unknown) => {
      const isFault = refusedFor(error) instanceof TokenRefused;
      throw isFault ? new SignInRefused('SignInStale', { cause: error }) : error;
    });
    return begun.parse(payload);
  }

  /** Answers with the ID token (RFC 6749, section 4.1.3; OpenID Connect Core 1.0, section 3.1.3). */
  private async exchange(code: string, verifier: string): Promise<string> {
    const { provider, callback } = this.parts;
    const { token_endpoint: endpoint = '' } = await provider.keys.description();
    const { id = '', secret: password = '' } = provider.settings.client ?? {};
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      code_verifier: verifier,
      client_id: id,
    });
    const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(password)}`);
    const headers: Record<string, string> =
      password === '' ? {} : { authorization: `Basic ${basic.toString('base64')}` };
    const answer = await readJson(provider.fetchFrom, endpoint, { method: 'POST', body, headers })
      .then((json) => answered.parse(json))
      .catch((error: unknown) => {
        const isNo = error instanceof AnswerRefused && error.status < 500;
        if (isNo) throw new SignInRefused('ProviderRefused', { cause: error });
        throw new ProviderAway(AWAY_MS, { cause: error });
      });
    return answer.id_token;
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function isSame(given: string, kept: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(kept)];
  return one.length === other.length && timingSafeEqual(one, other);
}
