import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { type AreaCode, parseAreaCode } from '#libs/contracts';
import { issueToken, TokenRefused, verifyToken } from './token.js';

const key = generateKeyPairSync('ed25519');
const otherKey = generateKeyPairSync('ed25519');
const area = parseAreaCode('430502') as AreaCode;
const request = { subject: 'li-1', role: 'mediator', area, hours: 1 } as const;
const claims = { iss: 'fengqiao', sub: 'li-1', role: 'mediator', area: '430502', exp: inHours(1) };

function inHours(hours: number): number {
  return Math.floor(Date.now() / 1000) + hours * 3600;
}

/** A token with claims of our own choice; undefined leaves one out. */
function sign(changes: object, { privateKey } = key): Promise<string> {
  return new SignJWT({ ...claims, ...changes })
    .setProtectedHeader({ alg: 'EdDSA' })
    .sign(privateKey);
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

async function reasonOf(authorization: string | undefined): Promise<string> {
  const error: unknown = await verifyToken(key, authorization).then(
    (actor) => new Error(`was let in as ${actor.subject}`),
    (refused: unknown) => refused,
  );
  if (error instanceof TokenRefused) return error.reason;
  throw error;
}

describe('a token that the platform issued', () => {
  it('says who bears it, as what and where', async () => {
    const token = await issueToken(key, request);
    expect(await verifyToken(key, `Bearer ${token}`)).toEqual({
      subject: 'li-1',
      kind: 'system',
      claims: [{ role: 'mediator', area: '430502', source: { kind: 'claim' } }],
      expiresAtMs: expect.any(Number) as number,
    });
  });

  it.each(['bearer', 'BEARER', 'Bearer  '])('may follow the scheme written as "%s"', async (to) => {
    const token = await issueToken(key, request);
    expect(await verifyToken(key, `${to} ${token}`)).toMatchObject({ subject: 'li-1' });
  });

  it('lasts for its hours', async () => {
    const [, payload = ''] = (await issueToken(key, { ...request, hours: 12 })).split('.');
    const { iat, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(exp - iat).toBe(12 * 3600);
  });

  it('may name its area zero-padded', async () => {
    const token = await sign({ area: '430500000000' });
    expect(await verifyToken(key, `Bearer ${token}`)).toMatchObject({
      claims: [{ area: '4305' }],
    });
  });
});

describe('a request without a bearer token', () => {
  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['the scheme alone', 'Bearer'],
    ['the scheme and a blank', 'Bearer '],
    ['another scheme', 'Basic bGk6bGk='],
    ['two tokens', 'Bearer a.b.c d.e.f'],
  ])('is told so: %s', async (_, header) => {
    expect(await reasonOf(header)).toBe('missing');
  });
});

describe('a token that does not hold is refused', () => {
  it('when its time is over', async () => {
    expect(await reasonOf(`Bearer ${await sign({ exp: inHours(-1) })}`)).toBe('expired');
  });

  it('when another key signed it', async () => {
    expect(await reasonOf(`Bearer ${await sign({}, otherKey)}`)).toBe('invalid');
  });

  it('when nobody signed it', async () => {
    const token = `${encoded({ alg: 'none' })}.${encoded(claims)}.`;
    expect(await reasonOf(`Bearer ${token}`)).toBe('invalid');
  });

  it('when it is signed with the public key as if that were a secret', async () => {
    const secret = key.publicKey.export({ type: 'spki', format: 'der' });
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    expect(await reasonOf(`Bearer ${token}`)).toBe('invalid');
  });

  it('when its role was changed after it was signed', async () => {
    const [head, , signature] = (await sign({})).split('.');
    const payload = encoded({ ...claims, role: 'supervisor' });
    expect(await reasonOf(`Bearer ${head}.${payload}.${signature}`)).toBe('invalid');
  });

  it.each([
    ['it is no token', 'abc'],
    ['its parts are empty', '..'],
  ])('when %s', async (_, token) => {
    expect(await reasonOf(`Bearer ${token}`)).toBe('invalid');
  });

  it.each([
    ['another issuer made it', { iss: 'elsewhere' }],
    ['it does not say who made it', { iss: undefined }],
    ['it names nobody', { sub: undefined }],
    ['its subject is empty', { sub: '' }],
    ['it would act as a service', { sub: 'service:mediation' }],
    ['it would act as a service in capitals', { sub: 'SERVICE:mediation' }],
    ['its subject begins with what cannot be seen', { sub: '\u200bservice' }],
    ['its subject is longer than an event may keep', { sub: 'x'.repeat(65) }],
    ['it never ends', { exp: undefined }],
    ['it has no role', { role: undefined }],
    ['its role does not exist', { role: 'emperor' }],
    ['its role is a property that every object has', { role: 'constructor' }],
    ['its role is one that nobody is given', { role: 'person-concerned' }],
    ['it has no area', { area: undefined }],
    ['its area is no code', { area: '4305021' }],
    ['its area is a number', { area: 4305 }],
  ])('when %s', async (_, changes) => {
    expect(await reasonOf(`Bearer ${await sign(changes)}`)).toBe('invalid');
  });
});
