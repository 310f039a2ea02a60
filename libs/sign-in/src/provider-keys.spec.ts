import { TokenRefused } from '#libs/access';
import { movedClock, SampleProvider, sampleSettings } from '../test/sample-provider.js';
import { Provider } from './provider.js';
import { COOL_DOWN_MS, KEYS_FRESH_MS, KEYS_STALE_MS, RETRY_MS } from './provider-keys.js';
import { ProviderAway } from './refused.js';

const clock = movedClock();
let there: SampleProvider;
let provider: Provider;

beforeEach(() => {
  there = new SampleProvider(clock);
  provider = new Provider(sampleSettings, clock, there.fetch);
});

/** What becomes of a token: who it speaks for, or why not. */
async function outcome(token: string): Promise<string> {
  try {
    return (await provider.verify(token)).subject;
  } catch (error) {
    if (error instanceof TokenRefused) return error.reason;
    if (error instanceof ProviderAway) return `away, ask again in ${error.retryAfterMs}`;
    throw error;
  }
}

const askedForKeys = () => there.asked.filter((path) => path === '/keys').length;

describe('the keys of a provider', () => {
  it('are found by discovery, and used again without asking', async () => {
    expect(await outcome(await there.token())).toBe('id-of-li');
    expect(await outcome(await there.token())).toBe('id-of-li');
    expect(there.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('are asked for once, however many tokens come at once', async () => {
    const token = await there.token();
    await Promise.all(Array.from({ length: 20 }, () => outcome(token)));
    expect(askedForKeys()).toBe(1);
  });

  it('are asked for again when they are no longer fresh', async () => {
    await outcome(await there.token());
    await clock.pass(KEYS_FRESH_MS);
    await outcome(await there.token());
    expect(askedForKeys()).toBe(2);
  });

  it('that were withdrawn end once they are no longer fresh', async () => {
    const old = await there.token({ exp: Date.parse(clock.now()) / 1000 + 3600 });
    await outcome(old);
    there.rotateTo('k2');
    expect(await outcome(old)).toBe('id-of-li');
    await clock.pass(KEYS_FRESH_MS);
    expect(await outcome(old)).toBe('invalid');
  });

  it('are asked for when a token names a new one', async () => {
    await outcome(await there.token());
    await clock.pass(COOL_DOWN_MS);
    there.rotateTo('k2');
    expect(await outcome(await there.token())).toBe('id-of-li');
    expect(askedForKeys()).toBe(2);
  });

  it('are not asked for by each token that invents a key', async () => {
    await outcome(await there.token());
    await clock.pass(COOL_DOWN_MS);
    for (let n = 0; n < 20; n += 1) {
      expect(await outcome(await there.token({}, { kid: `made-up-${n}` }))).toBe('invalid');
    }
    expect(askedForKeys()).toBe(2);
  });
});

describe('while a provider is away', () => {
  it('and was never reached, nobody is let in, and it is said when to ask again', async () => {
    there.isAway = true;
    expect(await outcome(await there.token())).toBe(`away, ask again in ${RETRY_MS}`);
  });

  it('it is asked again only after a while, and then everything goes on', async () => {
    there.isAway = true;
    const token = await there.token();
    await outcome(token);
    await clock.pass(RETRY_MS - 1);
    await outcome(token);
    expect(there.asked).toHaveLength(1);
    there.isAway = false;
    await clock.pass(1);
    expect(await outcome(token)).toBe('id-of-li');
  });

  it('the keys that were read go on for an hour, and no longer', async () => {
    await outcome(await there.token());
    there.isAway = true;
    await clock.pass(KEYS_STALE_MS - 1);
    expect(await outcome(await there.token())).toBe('id-of-li');
    await clock.pass(1);
    expect(await outcome(await there.token())).toContain('away');
  });

  it('a token of a new key is not called wrong: it cannot be known', async () => {
    await outcome(await there.token());
    await clock.pass(COOL_DOWN_MS);
    there.rotateTo('k2');
    there.isAway = true;
    expect(await outcome(await there.token())).toContain('away');
  });
});

describe('what a provider says of itself is believed only', () => {
  it.each([
    ['when it names itself as it was named', { issuer: 'https://other.example.org' }],
    ['when it has keys', { jwks_uri: undefined }],
    ['when its keys come over TLS', { jwks_uri: 'http://id.example.org/keys' }],
    ['when its keys lie at an address', { jwks_uri: 'file:///etc/keys' }],
    ['when that has no password in it', { jwks_uri: 'https://a:b@id.example.org/keys' }],
  ])('%s', async (_, changes) => {
    there.description = { ...there.description, ...changes };
    expect(await outcome(await there.token())).toContain('away');
    expect(askedForKeys()).toBe(0);
  });

  it('when it is no larger than such things are', async () => {
    there.description = { ...there.description, padding: 'x'.repeat(262_144) };
    expect(await outcome(await there.token())).toContain('away');
  });
});
