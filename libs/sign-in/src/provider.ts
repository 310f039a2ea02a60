import { type JWTPayload, jwtVerify } from 'jose';
import {
  CLOCK_TOLERANCE_S,
  grantsIn,
  type Identity,
  mustBeIssued,
  refusedFor,
  SUBJECT,
  TokenRefused,
} from '#libs/access';
import type { Scheduler } from '#libs/scheduler';
import { ProviderKeys } from './provider-keys.js';
import type { Fetch } from './read-json.js';

/** Public keys only: with a secret, whoever verifies could also sign. */
const ALGORITHMS = ['RS256', 'PS256', 'RS384', 'PS384', 'RS512', 'PS512', 'ES256', 'ES384'].concat([
  'ES512',
  'EdDSA',
  'Ed25519',
]);

/** 身份提供方: how tokens of an OpenID provider are read. */
export interface ProviderSettings {
  readonly issuer: string;
  /** Whom its access tokens are for: this platform. */
  readonly audience: string;
  /** `at+jwt` (RFC 9068), or `JWT` of older providers. */
  readonly tokenType: string;
  /** The claim that says who somebody is. */
  readonly subjectClaim: string;
  /** The claim that lists what a system may do, as `ROLE@AREA`; a path with dots. */
  readonly grantsClaim: string;
  /** The clients that are systems, each with the subject that its tokens bear. */
  readonly systems: Readonly<Record<string, string>>;
  /** Tokens that were issued longer ago are refused, whatever end they name. */
  readonly maxAgeS: number;
  /** The client that the sign-in page is; none when there is no such page. */
  readonly client?: { readonly id: string; readonly secret: string } | undefined;
}

/** Reads the access tokens of one OpenID provider. */
export class Provider {
  readonly keys: ProviderKeys;

  constructor(
    readonly settings: ProviderSettings,
    private readonly clock: Scheduler,
    readonly fetchFrom: Fetch = fetch,
  ) {
    this.keys = new ProviderKeys(settings.issuer, clock, fetchFrom);
  }

  /** @throws TokenRefused, ProviderAway */
  async verify(token: string): Promise<Identity> {
    const { audience, tokenType, maxAgeS } = this.settings;
    const payload = await this.payloadOf(token, { audience, typ: tokenType, maxTokenAge: maxAgeS });
    mustBeAccess(payload);
    return this.identityIn(payload);
  }

  /**
   * Who signed in, as the ID token says that a sign-in page was answered with.
   *
   * @throws TokenRefused, ProviderAway
   */
  async personIn(idToken: string, nonce: string): Promise<string> {
    const audience = this.settings.client?.id ?? '';
    const payload = await this.payloadOf(idToken, { audience, maxTokenAge: this.settings.maxAgeS });
    const isForOther = payload['azp'] !== undefined && payload['azp'] !== audience;
    if (payload['nonce'] !== nonce || isForOther) throw new TokenRefused('invalid');
    return this.subjectIn(payload);
  }

  private async payloadOf(
    token: string,
    expected: { audience: string; typ?: string; maxTokenAge: number },
  ): Promise<JWTPayload> {
    const nowMs = Date.parse(this.clock.now());
    const { payload } = await jwtVerify(token, (...asked) => this.keys.keyFor(...asked), {
      ...expected,
      issuer: this.settings.issuer,
      algorithms: ALGORITHMS,
      requiredClaims: ['sub', 'exp', 'iat'],
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(nowMs),
    }).catch((error: unknown) => {
      throw refusedFor(error);
    });
    mustBeIssued(payload.iat ?? Infinity, nowMs);
    return payload;
  }

  private identityIn(payload: JWTPayload): Identity {
    const { systems, grantsClaim } = this.settings;
    const expiresAtMs = (payload.exp ?? 0) * 1000;
    const client = payload['client_id'] ?? payload['azp'];
    const known = typeof client === 'string' && Object.hasOwn(systems, client) ? client : undefined;
    if (known !== undefined && systems[known] === payload.sub) {
      const claims = grantsIn(at(payload, grantsClaim));
      if (claims === undefined || !SUBJECT.test(known)) throw new TokenRefused('invalid');
      return { subject: known, kind: 'system', claims, expiresAtMs };
    }
    // A client that nobody named speaks for nobody: its id must not become a person's.
    if (payload.sub === client) throw new TokenRefused('invalid');
    return { subject: this.subjectIn(payload), kind: 'person', claims: [], expiresAtMs };
  }

  private subjectIn(payload: JWTPayload): string {
    const { subjectClaim, systems } = this.settings;
    const subject = at(payload, subjectClaim);
    if (typeof subject !== 'string' || !SUBJECT.test(subject)) throw new TokenRefused('invalid');
    if (Object.hasOwn(systems, subject)) throw new TokenRefused('invalid');
    return subject;
  }
}

/** With the plain type `JWT` other tokens of the provider look alike: their claims tell them. */
function mustBeAccess(payload: JWTPayload): void {
  const type = payload['typ'];
  const isOther = type !== undefined && type !== 'Bearer';
  const ofOthers = ['at_hash', 'c_hash', 'events'];
  if (isOther || ofOthers.some((claim) => claim in payload)) throw new TokenRefused('invalid');
}

function at(payload: JWTPayload, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Readonly<Record<string, unknown>>)[name]
          : undefined,
      payload,
    );
}
