import { SUBJECT } from '#libs/access';
import { isSafeAddress, type ProviderSettings, type SessionTerms } from '#libs/sign-in';
import { EVERY, type Setting, SettingInvalid } from './setting.js';

const HTTPS = 'an https address, or an http one of this machine, without a fragment';
const CLAIM = 'the name of a claim, or a path of names with dots';
const AT_GATEWAY = ['platform', 'gateway'];

const issuer: Setting<string> = {
  name: 'OIDC_ISSUER',
  default: '',
  meaning:
    'The OpenID provider that signs people in, as it names itself; its keys are found by ' +
    'discovery. Without it, people have local accounts only.',
  services: EVERY,
  parse: (text) => (text === '' || isSafeAddress(text) ? text : undefined),
  expected: HTTPS,
};
const audience = textSetting({
  name: 'OIDC_AUDIENCE',
  default: 'fengqiao',
  meaning: 'The audience that the provider’s access tokens must name: this platform.',
  services: EVERY,
});
const tokenType: Setting<string> = {
  name: 'OIDC_TOKEN_TYPE',
  default: 'at+jwt',
  meaning:
    'The type in the header of the provider’s access tokens: at+jwt (RFC 9068), or JWT for ' +
    'providers that do not tell them apart.',
  services: EVERY,
  parse: (text) => (text === 'at+jwt' || text === 'JWT' ? text : undefined),
  expected: 'at+jwt or JWT',
};
const subjectClaim = claimSetting({
  name: 'OIDC_SUBJECT_CLAIM',
  default: 'sub',
  meaning:
    'The claim that says who somebody is, as every event will record it: an id, never a name or ' +
    'an e-mail address.',
});
const grantsClaim = claimSetting({
  name: 'OIDC_GRANTS_CLAIM',
  default: 'grants',
  meaning: 'The claim with what a system may do: a list of ROLE@AREA, as in reader@4305.',
});
const systems: Setting<Readonly<Record<string, string>>> = {
  name: 'OIDC_SYSTEMS',
  default: '',
  meaning:
    'The clients whose tokens (client credentials) are those of systems, with commas between: ' +
    'CLIENT, or CLIENT=SUBJECT where the provider gives a client’s token another subject than ' +
    'its id.',
  services: EVERY,
  parse: systemsIn,
  expected: 'clients such as reports,kafka-bridge=0b6f4c1e, of visible characters',
};
const maxAge = minutesSetting({
  name: 'OIDC_TOKEN_MINUTES',
  default: '60',
  meaning:
    'The provider’s access tokens are refused so long after they were issued, whatever end they ' +
    'name: such a token cannot be called back.',
  services: EVERY,
});
const clientId = textSetting({
  name: 'OIDC_CLIENT_ID',
  default: '',
  meaning: 'The client that the provider knows this platform’s sign-in page as (/sign-in).',
  services: AT_GATEWAY,
});
const clientSecret = textSetting({
  isSecret: true,
  name: 'OIDC_CLIENT_SECRET',
  default: '',
  meaning: 'The secret of that client; without it the client is a public one, with PKCE alone.',
  services: AT_GATEWAY,
});
const publicUrl: Setting<string> = {
  name: 'PUBLIC_URL',
  default: '',
  meaning:
    'Where people reach the gateway, without a path, as in https://fq.example.org: for the ' +
    'provider’s way back, and for cookies. Without it, http://HOST:PORT.',
  services: AT_GATEWAY,
  parse: (text) =>
    text === '' || (isSafeAddress(text) && new URL(text).origin === text) ? text : undefined,
  expected: `${HTTPS}, and without a path`,
};
const idle = minutesSetting({
  name: 'SESSION_IDLE_MINUTES',
  default: '60',
  meaning: 'A session ends after so long without a request.',
  services: EVERY,
});
const whole: Setting<number> = {
  name: 'SESSION_HOURS',
  default: '12',
  meaning: 'A session ends after so long in all.',
  services: EVERY,
  parse: (text) => (/^[1-9]\d{0,2}$/.test(text) ? Number(text) : undefined),
  expected: 'a whole number of hours from 1 to 999',
};

/** The settings of sign-in, for the catalogue. */
export const signInSettings: readonly Setting<unknown>[] = [
  issuer,
  audience,
  tokenType,
  subjectClaim,
  grantsClaim,
  systems,
  maxAge,
  clientId,
  clientSecret,
  publicUrl,
  idle,
  whole,
];

/** Who signs people in, and for how long. */
export interface SignInSettings {
  readonly provider: ProviderSettings | undefined;
  readonly publicUrl: string | undefined;
  readonly terms: SessionTerms;
}

/** @throws SettingInvalid */
export function readSignIn(valueOf: <Value>(setting: Setting<Value>) => Value): SignInSettings {
  const provider: ProviderSettings = {
    issuer: valueOf(issuer),
    audience: valueOf(audience),
    tokenType: valueOf(tokenType),
    subjectClaim: valueOf(subjectClaim),
    grantsClaim: valueOf(grantsClaim),
    systems: valueOf(systems),
    maxAgeS: 60 * valueOf(maxAge),
    client: clientOf(valueOf(clientId), valueOf(clientSecret)),
  };
  if (provider.client?.id === provider.audience) {
    throw new SettingInvalid(
      'OIDC_AUDIENCE is OIDC_CLIENT_ID: it must differ, or ID tokens would pass for access tokens',
    );
  }
  return {
    provider: provider.issuer === '' ? undefined : provider,
    publicUrl: valueOf(publicUrl) || undefined,
    terms: { idleMs: 60_000 * valueOf(idle), wholeMs: 3_600_000 * valueOf(whole) },
  };
}

function clientOf(id: string, secret: string): ProviderSettings['client'] {
  return id === '' ? undefined : { id, secret };
}

function systemsIn(text: string): Readonly<Record<string, string>> | undefined {
  const parts = text === '' ? [] : text.split(',').map((part) => part.split('='));
  const pairs = parts.map(([client = '', subject = client]) => [client, subject] as const);
  const isRight = parts.every(({ length }) => length <= 2);
  const areNamed = pairs.every((pair) => pair.every((name) => SUBJECT.test(name)));
  return isRight && areNamed ? Object.fromEntries(pairs) : undefined;
}

type Says = Pick<Setting<unknown>, 'name' | 'default' | 'meaning' | 'services' | 'isSecret'>;

function textSetting(says: Says): Setting<string> {
  return {
    ...says,
    parse: (text) => (/^[\x21-\x7e]{0,512}$/.test(text) ? text : undefined),
    expected: 'at most 512 visible characters of ASCII',
  };
}

function claimSetting(says: Omit<Says, 'services'>): Setting<string> {
  return {
    ...says,
    services: EVERY,
    parse: (text) => (/^[\w-]+(?:\.[\w-]+)*$/.test(text) ? text : undefined),
    expected: CLAIM,
  };
}

function minutesSetting(says: Says): Setting<number> {
  return {
    ...says,
    parse: (text) => (/^[1-9]\d{0,3}$/.test(text) ? Number(text) : undefined),
    expected: 'a whole number of minutes from 1 to 9999',
  };
}
