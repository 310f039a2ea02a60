import {
  createLocalJWKSet,
  type CryptoKey,
  errors,
  type FlattenedJWSInput,
  type JWSHeaderParameters,
} from 'jose';
import { z } from 'zod';
import type { Scheduler } from '#libs/scheduler';
import { type Fetch, isSafeAddress, readJson } from './read-json.js';
import { ProviderAway } from './refused.js';

/** How long keys are used without asking again. */
export const KEYS_FRESH_MS = 10 * 60_000;
/** How long they are used while the provider does not answer: a key withdrawn ends no later. */
export const KEYS_STALE_MS = 60 * 60_000;
/** An unknown key has the provider asked again, but no more often than this. */
export const COOL_DOWN_MS = 30_000;
/** After a failure the provider is left alone for so long. */
export const RETRY_MS = 5_000;

const address = z.string().refine(isSafeAddress, 'must be an https address');
const described = z.object({
  issuer: z.string(),
  jwks_uri: address,
  authorization_endpoint: address.optional(),
  token_endpoint: address.optional(),
});
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

/** What an OpenID provider says of itself (OpenID Connect Discovery 1.0, section 3). */
export type ProviderDescription = z.infer<typeof described>;

interface Read {
  readonly described: ProviderDescription;
  readonly keyFor: ReturnType<typeof createLocalJWKSet>;
  readonly atMs: number;
}

/**
 * 提供方密钥: an OpenID provider's keys, found by discovery. jose's own remote key set forgets what
 * it has when the provider is away and asks again at every token then; this one goes on with what it
 * read, for a bounded time, and leaves a provider that failed alone for a while.
 */
export class ProviderKeys {
  private read: Read | undefined;
  private reading: Promise<void> | undefined;
  private triedAtMs = -Infinity;
  private failure: unknown;

  constructor(
    private readonly issuer: string,
    private readonly clock: Scheduler,
    private readonly fetchFrom: Fetch = fetch,
  ) {}

  /** @throws ProviderAway */
  async description(): Promise<ProviderDescription> {
    return (await this.current()).described;
  }

  /**
   * The key that a token names, of the type that its algorithm needs.
   *
   * @throws ProviderAway when it cannot be known; a JOSEError when there is no such key
   */
  async keyFor(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    const { keyFor } = await this.current();
    try {
      return await keyFor(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return this.keyOfRotated(error, header, token);
    }
  }

  /** The provider may have a new key since. */
  private async keyOfRotated(
    unknown: errors.JWKSNoMatchingKey,
    ...asked: [JWSHeaderParameters, FlattenedJWSInput]
  ): Promise<CryptoKey> {
    if (this.sinceTriedMs() >= (this.failure === undefined ? COOL_DOWN_MS : RETRY_MS)) {
      await this.refresh();
    }
    if (this.failure !== undefined) throw this.away();
    if (this.read === undefined) throw unknown;
    return this.read.keyFor(...asked);
  }

  private async current(): Promise<Read> {
    const isFresh = this.ageMs() < KEYS_FRESH_MS;
    const mayAsk = this.failure === undefined || this.sinceTriedMs() >= RETRY_MS;
    if (!isFresh && mayAsk) await this.refresh();
    if (this.read === undefined || this.ageMs() >= KEYS_STALE_MS) throw this.away();
    return this.read;
  }

  /** One request at a time, whoever waits for it. */
  private refresh(): Promise<void> {
    this.reading ??= this.ask().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async ask(): Promise<void> {
    this.triedAtMs = this.clock.elapsedMs();
    try {
      const path = '/.well-known/openid-configuration';
      const says = described.parse(
        await readJson(this.fetchFrom, this.issuer.replace(/\/$/, '') + path),
      );
      if (says.issuer !== this.issuer) throw new Error(`the provider is ${says.issuer}`);
      const keys = keySet.parse(await readJson(this.fetchFrom, says.jwks_uri));
      const keyFor = createLocalJWKSet(keys);
      this.read = { described: says, keyFor, atMs: this.clock.elapsedMs() };
      this.failure = undefined;
    } catch (error) {
      this.failure = error;
    }
  }

  private ageMs(): number {
    return this.read === undefined ? Infinity : this.clock.elapsedMs() - this.read.atMs;
  }

  private sinceTriedMs(): number {
    return this.clock.elapsedMs() - this.triedAtMs;
  }

  private away(): ProviderAway {
    return new ProviderAway(Math.max(RETRY_MS - this.sinceTriedMs(), 1_000), {
      cause: this.failure,
    });
  }
}
