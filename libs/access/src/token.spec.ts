import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, type JWTHeaderParameters, SignJWT } from 'jose';
import { type AreaCode, parseAreaCode } from '#libs/contracts';
import { bearerToken, issueSessionToken, issueToken, verifyToken } from './token.js';
import { TokenRefused } from './token-refused.js';

const key = generateKeyPairSync('ed25519');
const otherKey = generateKeyPairSync('ed25519');
const area = parseAreaCode('430502') as AreaCode;
const request = { subject: 'li-1', role: 'mediator', area, hours: 1 } as const;
const claims = {
  iss: 'fengqiao',
  aud: 'fengqiao',
  sub: 'li-1',
  kind: 'system',
  grants: ['mediator@430502'],
  jti: 'one',
  iat: inSeconds(0),
  exp: inSeconds(3600),
};

function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

interface Signing {
  readonly header?: Partial<JWTHeaderParameters>;
  readonly by?: KeyObject | Uint8Array;
}

/** A token with claims of our own choice; undefined leaves one out. */
function sign(changes: object, { header, by = key.privateKey }: Signing = {}): Promise<string> {
  return new SignJWT({ ...claims, ...changes })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', ...header })
    .sign(by);
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const verify = (token: string) => verifyToken(key, token, Date.now());

async function reasonOf(token: string): Promise<string> {
  try {
    const { identity } = await verify(token);
    return `was let in as ${identity.subject}`;
  } catch (error) {
    if (error instanceof TokenRefused) return error.reason;
    throw error;
  }
}

describe('a token that the platform issued', () => {
  it('says who bears it, that it is a system, as what and where, and when it ends', async () => {
    const { identity, session } = await verify(await issueToken(key, request));
    expect(identity).toMatchObject({
      subject: 'li-1',
      kind: 'system',
      claims: [{ role: 'mediator', area: '430502', source: { kind: 'claim' } }],
    });
    expect(identity.expiresAtMs).toBeGreaterThan(Date.now());
    expect(session).toBeUndefined();
  });

  it('lasts for its hours', async () => {
    const [, payload = ''] = (await issueToken(key, { ...request, hours: 12 })).split('.');
    const { iat, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(exp - iat).toBe(12 * 3600);
  });

  it('is another one each time', async () => {
    const made = [await issueToken(key, request), await issueToken(key, request)];
    expect(new Set(made).size).toBe(2);
  });

  it('may name its area zero-padded', async () => {
    const { identity } = await verify(await sign({ grants: ['reader@430500000000'] }));
    expect(identity.claims).toMatchObject([{ role: 'reader', area: '4305' }]);
  });

  it('of a person names their session and no role', async () => {
    const nowMs = Date.now();
    const says = { subject: 'id-1', kind: 'person', session: 's-1', claims: [], nowMs } as const;
    const verified = await verify(await issueSessionToken(key, { ...says, seconds: 900 }));
    expect(verified).toMatchObject({
      identity: { subject: 'id-1', kind: 'person', claims: [] },
      session: 's-1',
      lifeS: 900,
    });
  });

  it('is accepted by a clock that is some seconds late, and not by one that is more', async () => {
    expect(await reasonOf(await sign({ iat: inSeconds(8), nbf: inSeconds(8) }))).toContain(
      'let in',
    );
    expect(await reasonOf(await sign({ nbf: inSeconds(60) }))).toBe('early');
    expect(await reasonOf(await sign({ iat: inSeconds(60) }))).toBe('early');
  });
});

describe('a request without a bearer token', () => {
  const reason = (header: string | undefined): string => {
    try {
      return bearerToken(header);
    } catch (error) {
      return error instanceof TokenRefused ? error.reason : String(error);
    }
  };

  it.each(['bearer', 'BEARER', 'Bearer  '])('may write the scheme as "%s"', (scheme) => {
    expect(reason(`${scheme} a.b.c`)).toBe('a.b.c');
  });

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['the scheme alone', 'Bearer'],
    ['the scheme and a blank', 'Bearer '],
    ['another scheme', 'Basic bGk6bGk='],
    ['two tokens', 'Bearer a.b.c d.e.f'],
  ])('is told so: %s', (_, header) => {
    expect(reason(header)).toBe('missing');
  });

  it('is told so when what it sends is too large to be one', () => {
    expect(reason(`Bearer ${'a'.repeat(8_186)}`)).toBe('too-large');
    expect(reason(`Bearer ${'a'.repeat(8_185)}`)).toBe('a'.repeat(8_185));
  });
});

describe('a token that does not hold is refused', () => {
  it.each([
    ['its time is over', { exp: inSeconds(-60) }, 'expired'],
    ['its time has not come', { nbf: inSeconds(60) }, 'early'],
    ['another issuer made it', { iss: 'elsewhere' }, 'issuer'],
    ['it is meant for another system', { aud: 'elsewhere' }, 'audience'],
    ['it does not say who made it', { iss: undefined }, 'invalid'],
    ['it does not say for whom', { aud: undefined }, 'invalid'],
    ['it names nobody', { sub: undefined }, 'invalid'],
    ['its subject is empty', { sub: '' }, 'invalid'],
    ['it would act as a service', { sub: 'service:mediation' }, 'invalid'],
    ['it would act as a service in capitals', { sub: 'SERVICE:mediation' }, 'invalid'],
    ['its subject begins with what cannot be seen', { sub: '\u200bservice' }, 'invalid'],
    ['its subject is longer than an event may keep', { sub: 'x'.repeat(65) }, 'invalid'],
    ['it never ends', { exp: undefined }, 'invalid'],
    ['it does not say since when', { iat: undefined }, 'invalid'],
    ['it has no id', { jti: undefined }, 'invalid'],
    ['it does not say of what kind its subject is', { kind: undefined }, 'invalid'],
    ['its kind does not exist', { kind: 'emperor' }, 'invalid'],
    ['it is a person’s and names no session', { kind: 'person' }, 'invalid'],
    ['it has no grants', { grants: undefined }, 'invalid'],
    ['its grants are one text', { grants: 'reader@4305' }, 'invalid'],
    ['its role does not exist', { grants: ['emperor@4305'] }, 'invalid'],
    ['its role is a property of every object', { grants: ['constructor@4305'] }, 'invalid'],
    ['its area is no code', { grants: ['reader@4305021'] }, 'invalid'],
    ['one of its grants is none', { grants: ['reader@4305', 4305] }, 'invalid'],
    ['it has more grants than an office', { grants: Array(33).fill('reader@4305') }, 'invalid'],
  ])('when %s', async (_, changes, reason) => {
    expect(await reasonOf(await sign(changes))).toBe(reason);
  });

  it('when another key signed it', async () => {
    expect(await reasonOf(await sign({}, { by: otherKey.privateKey }))).toBe('invalid');
  });

  it('when it is another JWT of the same key', async () => {
    expect(await reasonOf(await sign({}, { header: { typ: 'device+jwt' } }))).toBe('invalid');
    expect(await reasonOf(await sign({}, { header: { typ: undefined } }))).toBe('invalid');
  });

  it.each(['none', 'None', 'NONE'])('when nobody signed it: alg %s', async (alg) => {
    const token = `${encoded({ alg, typ: 'at+jwt' })}.${encoded(claims)}.`;
    expect(await reasonOf(token)).toBe('invalid');
  });

  it.each(['der', 'pem'] as const)('when the public key is its secret (%s)', async (format) => {
    const secret = Buffer.from(key.publicKey.export({ type: 'spki', format: format as 'der' }));
    expect(await reasonOf(await sign({}, { header: { alg: 'HS256' }, by: secret }))).toBe(
      'invalid',
    );
  });

  it('when it is signed by a key of another type', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const token = await sign({}, { header: { alg: 'ES256' }, by: privateKey });
    expect(await reasonOf(token)).toBe('invalid');
  });

  it('when it brings its own key along', async () => {
    const jwk = await exportJWK(otherKey.publicKey);
    for (const header of [
      { jwk },
      { jku: 'https://a.example/keys' },
      { x5u: 'https://a.example' },
    ]) {
      expect(await reasonOf(await sign({}, { header, by: otherKey.privateKey }))).toBe('invalid');
    }
  });

  it('when it demands what nobody here understands', async () => {
    const [, payload, signature] = (await sign({})).split('.');
    const header = encoded({ alg: 'EdDSA', typ: 'at+jwt', crit: ['who'], who: 'me' });
    expect(await reasonOf(`${header}.${payload}.${signature}`)).toBe('invalid');
  });

  it('when its role was changed after it was signed', async () => {
    const [head, , signature] = (await sign({})).split('.');
    const payload = encoded({ ...claims, grants: ['supervisor@0'] });
    expect(await reasonOf(`${head}.${payload}.${signature}`)).toBe('invalid');
  });

  it.each([
    ['it is no token', 'abc'],
    ['its parts are empty', '..'],
    ['its parts are no JSON', 'YQ.YQ.YQ'],
  ])('when %s', async (_, token) => {
    expect(await reasonOf(token)).toBe('invalid');
  });

  it('and the refusal does not hold it', async () => {
    const token = await sign({ exp: inSeconds(-60) });
    const error: unknown = await verify(token).catch((refused: unknown) => refused);
    expect(JSON.stringify([String(error), Object.values(error as object)])).not.toContain(
      token.slice(0, 20),
    );
  });
});
