import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';
import { SimulatedScheduler } from '#libs/scheduler';
import type { ProviderSettings } from '../src/provider.js';
import type { Fetch } from '../src/read-json.js';

/** For specs: when everything in them happens. */
export const START_MS = Date.parse('2026-03-03T01:00:00.000Z');
export const ISSUER = 'https://id.example.org';

export const sampleSettings: ProviderSettings = {
  issuer: ISSUER,
  audience: 'fengqiao',
  tokenType: 'at+jwt',
  subjectClaim: 'sub',
  grantsClaim: 'grants',
  systems: { reports: 'reports', bridge: '0b6f4c1e' },
  maxAgeS: 3600,
};

/** A clock that specs move. */
export const movedClock = (): SimulatedScheduler => new SimulatedScheduler(START_MS, () => 0);

interface Key {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** What the sample provider signs with. */
export interface Signing {
  readonly kid?: string;
  readonly by?: KeyObject | Uint8Array;
  readonly header?: Partial<JWTHeaderParameters>;
}

/** An OpenID provider in memory, whose keys and faults a spec decides. */
export class SampleProvider {
  /** Everything that it was asked for. */
  readonly asked: string[] = [];
  isAway = false;
  description: Record<string, unknown> = { issuer: ISSUER, jwks_uri: `${ISSUER}/keys` };
  private readonly keys = new Map<string, Key>();

  constructor(private readonly clock: SimulatedScheduler) {
    this.rotateTo('k1');
  }

  readonly fetch: Fetch = async (address) => {
    const path = new URL(address instanceof Request ? address.url : address).pathname;
    this.asked.push(path);
    if (this.isAway) throw new TypeError('fetch failed');
    if (path === '/.well-known/openid-configuration') return Response.json(this.description);
    if (path === '/keys') return Response.json({ keys: await this.publicKeys() });
    return new Response('no such page', { status: 404 });
  };

  /** From now on this is its only key. */
  rotateTo(kid: string): void {
    this.keys.clear();
    this.keys.set(kid, generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  }

  publicKey(kid: string): KeyObject | undefined {
    return this.keys.get(kid)?.publicKey;
  }

  privateKey(kid: string): KeyObject | undefined {
    return this.keys.get(kid)?.privateKey;
  }

  /** An access token with claims of the spec's choice; undefined leaves one out. */
  token(changes: object = {}, { kid, by, header }: Signing = {}): Promise<string> {
    const now = Date.parse(this.clock.now()) / 1000;
    const [first = ''] = this.keys.keys();
    const claims = {
      iss: ISSUER,
      aud: 'fengqiao',
      sub: 'id-of-li',
      client_id: 'web',
      iat: now,
      exp: now + 600,
    };
    return new SignJWT({ ...claims, ...changes })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: kid ?? first, ...header })
      .sign(by ?? this.privateKey(first) ?? new Uint8Array());
  }

  private async publicKeys(): Promise<readonly JWK[]> {
    return Promise.all(
      [...this.keys].map(async ([kid, { publicKey }]) => ({
        ...(await exportJWK(publicKey)),
        kid,
      })),
    );
  }
}
