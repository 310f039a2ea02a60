import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider';

/** What its people and systems are told of themselves. */
const SECRET = 'a-secret-of-this-spec-only';
/** In seconds; without them it complains of its defaults. */
const LIVES = {
  AccessToken: 600,
  AuthorizationCode: 60,
  ClientCredentials: 600,
  Grant: 3600,
  IdToken: 600,
  Interaction: 600,
  Session: 3600,
};
const RESOURCE = 'https://fengqiao.example.org';

/** A certified OpenID provider on this machine, as an office might run one. */
export class IdentityProvider {
  private server: Server | undefined;
  private kid = 0;

  private constructor(
    readonly issuer: string,
    private readonly callback: string,
  ) {}

  static async start(callback: string): Promise<IdentityProvider> {
    const there = new IdentityProvider(`http://127.0.0.1:${await freePort()}`, callback);
    await there.open();
    return there;
  }

  /** Settings of a platform that trusts it. */
  get settings(): Readonly<Record<string, string>> {
    return {
      OIDC_ISSUER: this.issuer,
      OIDC_SYSTEMS: 'reports',
      OIDC_CLIENT_ID: 'desk',
      OIDC_CLIENT_SECRET: SECRET,
    };
  }

  /** Begins to answer, with a new key. */
  async open(): Promise<void> {
    this.kid += 1;
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const key = { ...(await exportJWK(privateKey)), kid: `k${this.kid}`, alg: 'ES256', use: 'sig' };
    const provider = quietly(() => new Provider(this.issuer, configuration(this.callback, key)));
    const answer = provider.callback();
    const server = createServer((request, response) => {
      // Its page for people is left out: whoever comes is Li, and agrees.
      if (request.url?.startsWith('/interaction/') !== true) return void answer(request, response);
      void provider.interactionFinished(request, response, { login: { accountId: 'id-of-li' } });
    });
    await new Promise<void>((resolve) => {
      server.listen(Number(new URL(this.issuer).port), '127.0.0.1', resolve);
    });
    this.server = server;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** An access token of a system: client credentials (RFC 6749, section 4.4). */
  async systemToken(client = 'reports', resource = RESOURCE): Promise<string> {
    const response = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${client}:${SECRET}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
    });
    const answer = (await response.json()) as { access_token?: string };
    if (answer.access_token === undefined) throw new Error(JSON.stringify(answer));
    return answer.access_token;
  }
}

function configuration(callback: string, key: JWK): Configuration {
  const credentials = { client_secret: SECRET, redirect_uris: [], response_types: [] };
  return {
    jwks: { keys: [key] as never },
    clients: [
      { client_id: 'desk', client_secret: SECRET, redirect_uris: [callback] },
      { client_id: 'reports', ...credentials, grant_types: ['client_credentials'] },
      { client_id: 'stray', ...credentials, grant_types: ['client_credentials'] },
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    ttl: { ...LIVES },
    cookies: { keys: ['of this spec only'] },
    pkce: { required: () => true },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    loadExistingGrant: agree,
    extraTokenClaims: () => ({ grants: ['reader@4305'] }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => ({
          scope: '',
          audience: resource === RESOURCE ? 'fengqiao' : resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
}

/** It warns of its store in memory, which is right here. */
function quietly<Made>(make: () => Made): Made {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return make();
  } finally {
    console.warn = warn;
  }
}

async function agree({ oidc }: KoaContextWithOIDC) {
  const grant = new oidc.provider.Grant({
    clientId: oidc.client?.clientId ?? '',
    accountId: oidc.session?.accountId ?? '',
  });
  grant.addOIDCScope('openid');
  await grant.save();
  return grant;
}

/** A port that was free a moment ago: an issuer's name holds its port, so that it is chosen first. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A browser, as far as redirections and cookies go; it keeps cookies by host. */
export class Browser {
  private readonly jar = new Map<string, Map<string, string>>();

  /** Asks once; redirections are not followed. */
  async ask(url: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url);
    const own = this.jar.get(host) ?? new Map<string, string>();
    const cookie = [...own].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), cookie };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') own.delete(name);
      else own.set(name, value);
    }
    this.jar.set(host, own);
    return response;
  }

  /** Follows redirections until one of them leads to where `stop` says, or there are no more. */
  async follow(url: string, stop: (to: string) => boolean): Promise<string> {
    let at = url;
    for (let step = 0; step < 10 && !stop(at); step += 1) {
      const { location } = Object.fromEntries((await this.ask(at)).headers);
      if (location === undefined) break;
      at = new URL(location, at).href;
    }
    return at;
  }

  cookie(host: string, name: string): string | undefined {
    return this.jar.get(host)?.get(name);
  }
}
