import { generateKeyPairSync } from 'node:crypto';
import { exportJWK } from 'jose';
import { TokenRefused } from '#libs/access';
import { movedClock, SampleProvider, sampleSettings } from '../test/sample-provider.js';
import { Provider } from './provider.js';

const clock = movedClock();
const there = new SampleProvider(clock);
const provider = new Provider(sampleSettings, clock, there.fetch);
const now = Date.parse(clock.now()) / 1000;

async function outcome(token: string, by = provider): Promise<unknown> {
  try {
    return await by.verify(token);
  } catch (error) {
    if (error instanceof TokenRefused) return error.reason;
    throw error;
  }
}

describe('an access token of the provider', () => {
  it('speaks for a person, whatever roles it claims', async () => {
    expect(await outcome(await there.token({ grants: ['supervisor@0'] }))).toEqual({
      subject: 'id-of-li',
      kind: 'person',
      claims: [],
      expiresAtMs: (now + 600) * 1000,
    });
  });

  it('of a client that is a system speaks for it, with the roles that it claims', async () => {
    const changes = { sub: 'reports', client_id: 'reports', grants: ['reader@4305'] };
    expect(await outcome(await there.token(changes))).toMatchObject({
      subject: 'reports',
      kind: 'system',
      claims: [{ role: 'reader', area: '4305' }],
    });
  });

  it('may name a system by another claim and with another subject, as it was set', async () => {
    const changes = { sub: '0b6f4c1e', client_id: undefined, azp: 'bridge', grants: [] };
    expect(await outcome(await there.token(changes))).toMatchObject({ subject: 'bridge' });
  });

  it('may have its claims elsewhere', async () => {
    const claims = { subjectClaim: 'ext.account', grantsClaim: 'ext.may' };
    const mapped = new Provider({ ...sampleSettings, ...claims }, clock, there.fetch);
    const person = await there.token({ ext: { account: 'a-7' } });
    expect(await outcome(person, mapped)).toMatchObject({ subject: 'a-7' });
    const system = { sub: 'reports', client_id: 'reports', ext: { may: ['reader@43'] } };
    expect(await outcome(await there.token(system), mapped)).toMatchObject({
      claims: [{ role: 'reader', area: '43' }],
    });
  });

  it('of a provider that does not tell types apart is told by its claims', async () => {
    const plain = new Provider({ ...sampleSettings, tokenType: 'JWT' }, clock, there.fetch);
    const header = { typ: 'JWT' };
    expect(await outcome(await there.token({}, { header }), plain)).toMatchObject({
      subject: 'id-of-li',
    });
    for (const other of [{ typ: 'ID' }, { typ: 'Refresh' }, { at_hash: 'x' }, { events: {} }]) {
      expect(await outcome(await there.token(other, { header }), plain)).toBe('invalid');
    }
  });
});

describe('a token of the provider is refused', () => {
  it.each([
    ['when its time is over', { exp: now - 60 }, 'expired'],
    ['when it was issued long ago, whatever end it names', { iat: now - 3700 }, 'expired'],
    ['when its time has not come', { nbf: now + 60 }, 'early'],
    ['when it was issued in the future', { iat: now + 60 }, 'early'],
    ['when it is meant for another system', { aud: ['web', 'other'] }, 'audience'],
    ['when it is meant for nobody', { aud: undefined }, 'invalid'],
    ['when another issuer made it', { iss: 'https://id.example.com' }, 'issuer'],
    ['when its issuer is only like the provider', { iss: 'https://id.example.org/' }, 'issuer'],
    ['when it never ends', { exp: undefined }, 'invalid'],
    ['when it does not say since when', { iat: undefined }, 'invalid'],
    ['when it names nobody', { sub: undefined }, 'invalid'],
    ['when its subject could not be recorded', { sub: 'li li' }, 'invalid'],
    ['when it would act as a service', { sub: 'service:mediation' }, 'invalid'],
    ['when a person bears the name of a system', { sub: 'reports' }, 'invalid'],
    [
      'when a system’s client speaks for a person',
      { sub: 'bridge', client_id: 'bridge' },
      'invalid',
    ],
    ['when its client is no system', { sub: 'stray', client_id: 'stray' }, 'invalid'],
    ['when a system claims no list', { sub: 'reports', client_id: 'reports' }, 'invalid'],
  ])('%s', async (_, changes, reason) => {
    expect(await outcome(await there.token(changes))).toBe(reason);
  });

  it('when another key signed it under a name of the provider’s', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(await outcome(await there.token({}, { by: privateKey }))).toBe('invalid');
  });

  it('when its public key is the secret', async () => {
    const header = { alg: 'HS256' };
    const spki = { type: 'spki', format: 'pem' } as const;
    const by = Buffer.from(there.publicKey('k1')!.export(spki));
    expect(await outcome(await there.token({}, { by, header }))).toBe('invalid');
  });

  it('when its algorithm is of another type of key', async () => {
    const { privateKey: by } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(await outcome(await there.token({}, { by, header: { alg: 'RS256' } }))).toBe('invalid');
    expect(await outcome(await there.token({}, { by, header: { alg: 'PS256' } }))).toBe('invalid');
  });

  it('when nobody signed it', async () => {
    const [, payload] = (await there.token()).split('.');
    const head = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    expect(await outcome(`${head}.${payload}.`)).toBe('invalid');
  });

  it('when it brings its own key along, which nobody fetches', async () => {
    const { privateKey: by, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = await exportJWK(publicKey);
    const before = there.asked.length;
    for (const header of [
      { jwk },
      { jku: 'https://id.example.org/mine' },
      { x5u: 'https://a.b' },
    ]) {
      expect(await outcome(await there.token({}, { by, header }))).toBe('invalid');
    }
    expect(there.asked).toHaveLength(before);
  });

  it('when it is of another type', async () => {
    expect(await outcome(await there.token({}, { header: { typ: 'JWT' } }))).toBe('invalid');
    expect(await outcome(await there.token({}, { header: { typ: 'logout+jwt' } }))).toBe('invalid');
  });
});

describe('an ID token, which answers a sign-in,', () => {
  const client = { id: 'desk', secret: '' };
  const desk = new Provider({ ...sampleSettings, client }, clock, there.fetch);
  const says = { aud: 'desk', nonce: 'n-1' };
  const personIn = async (changes: object): Promise<string> => {
    try {
      return await desk.personIn(await there.token({ ...says, ...changes }), 'n-1');
    } catch (error) {
      if (error instanceof TokenRefused) return error.reason;
      throw error;
    }
  };

  it('says who signed in', async () => {
    expect(await personIn({})).toBe('id-of-li');
  });

  it.each([
    ['belongs to another sign-in', { nonce: 'n-2' }, 'invalid'],
    ['belongs to none', { nonce: undefined }, 'invalid'],
    ['is meant for another client', { aud: 'web' }, 'audience'],
    ['was made for another client', { azp: 'web' }, 'invalid'],
    ['is over', { exp: now - 60 }, 'expired'],
  ])('is refused when it %s', async (_, changes, reason) => {
    expect(await personIn(changes)).toBe(reason);
  });

  it('is no access token', async () => {
    expect(await outcome(await there.token(says))).toBe('audience');
  });
});
