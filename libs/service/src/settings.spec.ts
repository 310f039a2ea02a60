import { resolve } from 'node:path';
import { SettingInvalid } from './setting.js';
import { callerPath, readSettings, settingsCatalogue } from './settings.js';

describe('without any setting', () => {
  it('a process listens on this machine only, and keeps its data beside it', () => {
    expect(readSettings('platform', {})).toEqual({
      port: 4000,
      host: '127.0.0.1',
      logFormat: 'text',
      dataDir: resolve('./data'),
      installation: 'fengqiao.localhost',
      databaseUrl: undefined,
      keysDatabaseUrl: undefined,
      mediationDays: 30,
      holidayShift: true,
      consentDays: 3,
      recheckDays: 3,
      serviceUrls: {
        'grid-registry': 'http://127.0.0.1:4001/graphql',
        mediation: 'http://127.0.0.1:4002/graphql',
        volunteers: 'http://127.0.0.1:4003/graphql',
        inspections: 'http://127.0.0.1:4004/graphql',
      },
      signIn: {
        provider: undefined,
        publicUrl: undefined,
        terms: { idleMs: 3_600_000, wholeMs: 43_200_000 },
      },
    });
  });

  it('each process has a port of its own', () => {
    const names = ['gateway', 'grid-registry', 'mediation', 'volunteers', 'inspections'] as const;
    const ports = names.map((name) => readSettings(name, {}).port);
    expect(ports).toEqual([4000, 4001, 4002, 4003, 4004]);
  });

  it('the catalogue tells the same values', () => {
    const told = settingsCatalogue.map((setting) => [setting.name, setting.default]);
    expect(Object.fromEntries(told)).toEqual({
      PORT:
        '4000 (platform), 4000 (gateway), 4001 (grid-registry), 4002 (mediation), ' +
        '4003 (volunteers), 4004 (inspections)',
      HOST: '127.0.0.1',
      LOG_FORMAT: 'text',
      DATA_DIR: './data',
      DATABASE_URL: '',
      KEYS_DATABASE_URL: '',
      INSTALLATION: 'fengqiao.localhost',
      MEDIATION_DAYS: '30',
      HOLIDAY_SHIFT: 'on',
      CONSENT_WORKING_DAYS: '3',
      RECHECK_WORKING_DAYS: '3',
      REGISTRY_URL: 'http://127.0.0.1:4001/graphql',
      MEDIATION_URL: 'http://127.0.0.1:4002/graphql',
      VOLUNTEERS_URL: 'http://127.0.0.1:4003/graphql',
      INSPECTIONS_URL: 'http://127.0.0.1:4004/graphql',
      BUS_URL: '',
      BUS_USER: '',
      BUS_PASSWORD: '',
      BUS_SCRAM: 'sha-512',
      BUS_CA: '',
      BUS_PARTITIONS: '3',
      BUS_REPLICAS: '1',
      BUS_RETENTION_DAYS: '7',
      OIDC_ISSUER: '',
      OIDC_AUDIENCE: 'fengqiao',
      OIDC_TOKEN_TYPE: 'at+jwt',
      OIDC_SUBJECT_CLAIM: 'sub',
      OIDC_GRANTS_CLAIM: 'grants',
      OIDC_SYSTEMS: '',
      OIDC_TOKEN_MINUTES: '60',
      OIDC_CLIENT_ID: '',
      OIDC_CLIENT_SECRET: '',
      PUBLIC_URL: '',
      SESSION_IDLE_MINUTES: '60',
      SESSION_HOURS: '12',
    });
  });
});

it('a path is that of whoever calls a script, which npm runs elsewhere', () => {
  expect(callerPath('copy', { INIT_CWD: '/srv' })).toBe('/srv/copy');
  expect(callerPath('/copy', { INIT_CWD: '/srv' })).toBe('/copy');
  expect(callerPath('copy', {})).toBe(resolve('copy'));
});

describe('a setting is taken as it is written', () => {
  it.each([
    ['PORT', '0', { port: 0 }],
    ['PORT', '65535', { port: 65535 }],
    ['HOST', '0.0.0.0', { host: '0.0.0.0' }],
    ['HOST', '::1', { host: '::1' }],
    ['LOG_FORMAT', 'json', { logFormat: 'json' }],
    ['INSTALLATION', 'hunan.example/shaoyang', { installation: 'hunan.example/shaoyang' }],
    ['HOST', 'fengqiao.example', { host: 'fengqiao.example' }],
    [
      'DATABASE_URL',
      'mongodb://a,b/x?replicaSet=r',
      { databaseUrl: 'mongodb://a,b/x?replicaSet=r' },
    ],
    ['DATABASE_URL', '', { databaseUrl: undefined }],
    ['DATA_DIR', '/srv/data', { dataDir: '/srv/data' }],
    ['DATA_DIR', 'elsewhere', { dataDir: resolve('elsewhere') }],
    ['MEDIATION_DAYS', '1', { mediationDays: 1 }],
    ['MEDIATION_DAYS', '999', { mediationDays: 999 }],
    ['HOLIDAY_SHIFT', 'off', { holidayShift: false }],
    ['CONSENT_WORKING_DAYS', '99', { consentDays: 99 }],
    ['RECHECK_WORKING_DAYS', '1', { recheckDays: 1 }],
    [
      'REGISTRY_URL',
      'https://r.example',
      { serviceUrls: { 'grid-registry': 'https://r.example' } },
    ],
    ['MEDIATION_URL', 'http://m.example:81', { serviceUrls: { mediation: 'http://m.example:81' } }],
    ['VOLUNTEERS_URL', 'http://v.example', { serviceUrls: { volunteers: 'http://v.example' } }],
    ['INSPECTIONS_URL', 'http://i.example', { serviceUrls: { inspections: 'http://i.example' } }],
  ])('%s=%s', (name, text, expected) => {
    expect(readSettings('platform', { [name]: text })).toMatchObject(expected);
  });
});

it('a server for the keys alone is refused: they would lie in files, unnoticed', () => {
  const env = { DATABASE_URL: 'mongodb://a', KEYS_DATABASE_URL: 'mongodb://k' };
  expect(readSettings('mediation', env)).toMatchObject({ keysDatabaseUrl: 'mongodb://k' });
  const alone = () => readSettings('mediation', { ...env, DATABASE_URL: '' });
  expect(alone).toThrow(SettingInvalid);
  expect(alone).toThrow(/^KEYS_DATABASE_URL is given, but DATABASE_URL is not: /);
});

describe('a wrong setting shows no password', () => {
  it.each([
    ['DATABASE_URL', 'mongodb://fengqiao:hide/this@db1/fengqiao'],
    ['DATABASE_URL', 'mongodb://fengqiao:hide@this@db1/fengqiao/x'],
    ['DATABASE_URL', 'mongo://fengqiao:hidethis@db1/fengqiao'],
    ['DATABASE_URL', 'fengqiao:hidethis@db1'],
    ['DATABASE_URL', 'mongodb://db1/a/b?tlsCertificateKeyFilePassword=hidethis'],
    ['BUS_URL', 'kafka://fengqiao:hidethis@kafka:9092'],
    ['REGISTRY_URL', 'ftp://fengqiao:hidethis@registry/graphql'],
  ])('%s=%s', (name, text) => {
    const read = () => readSettings('mediation', { [name]: text });
    expect(read).toThrow(SettingInvalid);
    expect(read).not.toThrow(/hide|this/);
  });
});

describe('a wrong setting is one line that names it', () => {
  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80a'],
    ['PORT', ''],
    ['PORT', '4e3'],
    ['PORT', ' 80'],
    ['LOG_FORMAT', 'JSON'],
    ['HOST', ''],
    ['HOST', 'a b'],
    ['HOST', 'http://a'],
    ['DATABASE_URL', 'postgres://a'],
    ['DATABASE_URL', 'mongodb://'],
    ['KEYS_DATABASE_URL', 'mongodb://a/b/c'],
    ['DATA_DIR', ''],
    ['DATA_DIR', '  '],
    ['MEDIATION_DAYS', '0'],
    ['MEDIATION_DAYS', '1000'],
    ['MEDIATION_DAYS', '1.5'],
    ['MEDIATION_DAYS', 'a month'],
    ['HOLIDAY_SHIFT', 'yes'],
    ['CONSENT_WORKING_DAYS', '0'],
    ['RECHECK_WORKING_DAYS', '100'],
    ['REGISTRY_URL', 'r.example'],
    ['REGISTRY_URL', 'ftp://r.example'],
    ['MEDIATION_URL', 'http://'],
    ['MEDIATION_URL', 'two\nlines'],
  ])('%s=%j', (name, text) => {
    const read = () => readSettings('gateway', { [name]: text });
    expect(read).toThrow(SettingInvalid);
    expect(read).toThrow(new RegExp(`^${name} is "[^\\n]*": it must be [^\\n]+$`));
  });
});
