import { SettingInvalid } from './setting.js';
import { readSettings } from './settings.js';

const ISSUER = 'https://id.example.org/realms/fengqiao';
const read = (env: NodeJS.ProcessEnv) => readSettings('platform', env).signIn;

it('without an issuer no provider is trusted, whatever else is set', () => {
  expect(read({ OIDC_AUDIENCE: 'api', OIDC_SYSTEMS: 'reports' }).provider).toBeUndefined();
});

it('an issuer alone is enough: RFC 9068 says the rest', () => {
  expect(read({ OIDC_ISSUER: ISSUER }).provider).toEqual({
    issuer: ISSUER,
    audience: 'fengqiao',
    tokenType: 'at+jwt',
    subjectClaim: 'sub',
    grantsClaim: 'grants',
    systems: {},
    maxAgeS: 3600,
    client: undefined,
  });
});

it.each([
  ['OIDC_TOKEN_TYPE', 'JWT', { tokenType: 'JWT' }],
  ['OIDC_SUBJECT_CLAIM', 'ext.account-id', { subjectClaim: 'ext.account-id' }],
  ['OIDC_SYSTEMS', 'reports,bridge=0b6f', { systems: { reports: 'reports', bridge: '0b6f' } }],
  ['OIDC_TOKEN_MINUTES', '5', { maxAgeS: 300 }],
  ['OIDC_CLIENT_ID', 'desk', { client: { id: 'desk', secret: '' } }],
])('%s=%s', (name, text, expected) => {
  expect(read({ OIDC_ISSUER: ISSUER, [name]: text }).provider).toMatchObject(expected);
});

it.each([
  ['PUBLIC_URL', 'https://fq.example.org', { publicUrl: 'https://fq.example.org' }],
  ['PUBLIC_URL', 'http://localhost:4000', { publicUrl: 'http://localhost:4000' }],
  ['SESSION_IDLE_MINUTES', '15', { terms: { idleMs: 900_000 } }],
  ['SESSION_HOURS', '1', { terms: { wholeMs: 3_600_000 } }],
])('%s=%s', (name, text, expected) => {
  expect(read({ [name]: text })).toMatchObject(expected);
});

describe('a wrong setting is one line that names it', () => {
  it.each([
    ['OIDC_ISSUER', 'id.example.org'],
    ['OIDC_ISSUER', 'http://id.example.org'],
    ['OIDC_ISSUER', 'https://li:secret@id.example.org'],
    ['OIDC_ISSUER', 'https://id.example.org/#a'],
    ['OIDC_TOKEN_TYPE', 'jwt'],
    ['OIDC_SUBJECT_CLAIM', ''],
    ['OIDC_GRANTS_CLAIM', 'a..b'],
    ['OIDC_SYSTEMS', 'reports,'],
    ['OIDC_SYSTEMS', 'a=b=c'],
    ['OIDC_SYSTEMS', 'service:mediation'],
    ['OIDC_TOKEN_MINUTES', '0'],
    ['PUBLIC_URL', 'https://fq.example.org/'],
    ['PUBLIC_URL', 'http://fq.example.org'],
    ['SESSION_IDLE_MINUTES', '1.5'],
    ['SESSION_HOURS', '1000'],
  ])('%s=%j', (name, text) => {
    expect(() => read({ [name]: text })).toThrow(SettingInvalid);
    expect(() => read({ [name]: text })).toThrow(new RegExp(`^${name} is "`));
  });

  it('and does not show what is secret', () => {
    expect(() => read({ OIDC_CLIENT_SECRET: 'se cret' })).toThrow(
      /^OIDC_CLIENT_SECRET is wrong: it must be/,
    );
  });

  it('when ID tokens would pass for access tokens', () => {
    expect(() => read({ OIDC_AUDIENCE: 'desk', OIDC_CLIENT_ID: 'desk' })).toThrow('must differ');
  });
});
