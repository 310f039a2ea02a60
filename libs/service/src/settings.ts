import { resolve } from 'node:path';
import { busOf, type BusSettings, busSettings } from './bus-settings.js';
import { databasesOf, databaseUrl, keysDatabaseUrl } from './database-settings.js';
import { EVERY, PORTS, type ProcessName, type Setting, valueOf } from './setting.js';
import { readSignIn, type SignInSettings, signInSettings } from './sign-in-settings.js';

export { type ProcessName, SettingInvalid } from './setting.js';
export type { BusSettings } from './bus-settings.js';

/** Whether there is a service of this name: a process with a log. */
export function isServiceName(name: string): boolean {
  return Object.hasOwn(PORTS, name) && name !== 'platform' && name !== 'gateway';
}

const dataDir: Setting<string> = {
  name: 'DATA_DIR',
  default: './data',
  meaning: 'The folder of the logs, the views, the accounts and the key that signs tokens.',
  services: EVERY,
  parse: (text) => (text.trim() === '' ? undefined : resolve(text)),
  expected: 'a folder',
};
const installation: Setting<string> = {
  name: 'INSTALLATION',
  default: 'fengqiao.localhost',
  meaning:
    'The name of this installation in the checkpoints of its logs, such as a domain and a ' +
    'prefecture: choose it before the first event, since what is signed bears it for good.',
  services: EVERY.filter((name) => name !== 'gateway'),
  parse: (text) => (/^[a-z0-9][a-z0-9.-]*(?:\/[a-z0-9.-]+)*$/.test(text) ? text : undefined),
  expected: 'lower-case letters, digits, dots and hyphens, in parts divided by /',
};
const host: Setting<string> = {
  name: 'HOST',
  default: '127.0.0.1',
  meaning: 'The address to listen on.',
  services: EVERY,
  parse: (text) => (/^[\w.:-]+$/.test(text) ? text : undefined),
  expected: 'an IP address or a host name',
};
const logFormat: Setting<'text' | 'json'> = {
  name: 'LOG_FORMAT',
  default: 'text',
  meaning:
    'The form of the messages on stderr: text for people, json (an object on each line) for ' +
    'machines that collect them.',
  services: EVERY,
  parse: (text) => (text === 'text' || text === 'json' ? text : undefined),
  expected: 'text or json',
};
const mediationDays = daysSetting('MEDIATION_DAYS', 'mediation', {
  default: '30',
  digits: 3,
  meaning:
    'Calendar days to mediate in, from the day all parties agreed. Source: usually one month ' +
    '(Rules on People’s Mediation 2002, art. 33); 30 days (Shenzhen 2022). Local rules may differ.',
});
const holidayShift: Setting<boolean> = {
  name: 'HOLIDAY_SHIFT',
  default: 'on',
  meaning:
    'Whether the time to mediate in, when its last day is a holiday, ends on the first working ' +
    'day after it: on or off. Source: Civil Code art. 203; where local rules count otherwise, off.',
  services: ['platform', 'mediation'],
  parse: (text) => (text === 'on' || text === 'off' ? text === 'on' : undefined),
  expected: 'on or off',
};
const consentDays = daysSetting('CONSENT_WORKING_DAYS', 'mediation', {
  default: '3',
  digits: 2,
  meaning:
    'Working days for the parties to say whether they want mediation, from the report. Source: ' +
    'a default of this project; no law names one. Consent counts after them as before.',
});
const recheckDays = daysSetting('RECHECK_WORKING_DAYS', 'inspections', {
  default: '3',
  digits: 2,
  meaning:
    'Working days to recheck a hazard in, once it was put right. Source: Rules on fire control ' +
    'supervision and inspection (order 120 of the Ministry of Public Security). Local rules may ' +
    'differ.',
});
const serviceUrls = {
  'grid-registry': urlSetting('REGISTRY_URL', 'grid-registry'),
  mediation: urlSetting('MEDIATION_URL', 'mediation'),
  volunteers: urlSetting('VOLUNTEERS_URL', 'volunteers'),
  inspections: urlSetting('INSPECTIONS_URL', 'inspections'),
} as const;

/** Every setting, for docs/settings.md. */
export const settingsCatalogue: readonly Omit<Setting<unknown>, 'parse' | 'expected'>[] = [
  {
    name: 'PORT',
    default: Object.entries(PORTS)
      .map(([name, port]) => `${port} (${name})`)
      .join(', '),
    meaning: 'The port to listen on, 0 for any free one.',
    services: EVERY,
  },
  host,
  logFormat,
  dataDir,
  installation,
  databaseUrl,
  keysDatabaseUrl,
  mediationDays,
  holidayShift,
  consentDays,
  recheckDays,
  ...Object.values(serviceUrls),
  ...Object.values(busSettings),
  ...signInSettings,
];

export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly logFormat: 'text' | 'json';
  readonly dataDir: string;
  readonly installation: string;
  /** Where the stores are; undefined for files in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly keysDatabaseUrl: string | undefined;
  readonly mediationDays: number;
  /** Whether a term whose last day is a holiday ends after it. */
  readonly holidayShift: boolean;
  readonly consentDays: number;
  readonly recheckDays: number;
  /** Where each service is that runs as a process of its own. */
  readonly serviceUrls: Readonly<Record<keyof typeof serviceUrls, string>>;
  /** Absent: no broker carries events. */
  readonly bus?: BusSettings;
  readonly signIn: SignInSettings;
}

/**
 * The settings of one process, from its environment.
 *
 * @throws SettingInvalid naming the first setting that is wrong
 */
export function readSettings(name: ProcessName, env: NodeJS.ProcessEnv): Settings {
  return {
    port: valueOf(portSetting(name), env),
    host: valueOf(host, env),
    logFormat: valueOf(logFormat, env),
    dataDir: valueOf(dataDir, env),
    installation: valueOf(installation, env),
    ...databasesOf(env),
    mediationDays: valueOf(mediationDays, env),
    holidayShift: valueOf(holidayShift, env),
    consentDays: valueOf(consentDays, env),
    recheckDays: valueOf(recheckDays, env),
    serviceUrls: {
      'grid-registry': valueOf(serviceUrls['grid-registry'], env),
      mediation: valueOf(serviceUrls.mediation, env),
      volunteers: valueOf(serviceUrls.volunteers, env),
      inspections: valueOf(serviceUrls.inspections, env),
    },
    ...busOf(env),
    signIn: readSignIn((setting) => valueOf(setting, env)),
  };
}

/**
 * A path as the caller of an npm script means it: npm runs every script in the repository's folder,
 * and says from where it was called.
 */
export function callerPath(path: string, env: NodeJS.ProcessEnv): string {
  return resolve(env['INIT_CWD'] ?? '.', path);
}

function portSetting(name: ProcessName): Setting<number> {
  return {
    name: 'PORT',
    default: String(PORTS[name]),
    meaning: 'The port to listen on, 0 for any free one.',
    services: EVERY,
    parse: (text) => (/^\d{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : undefined),
    expected: 'a port from 0 to 65535',
  };
}

/** Whole days from 1 on, of so many digits at most, in one service. */
function daysSetting(
  name: string,
  service: ProcessName,
  { digits, ...says }: { default: string; meaning: string; digits: number },
): Setting<number> {
  const days = new RegExp(`^[1-9]\\d{0,${digits - 1}}$`);
  return {
    name,
    ...says,
    services: ['platform', service],
    parse: (text) => (days.test(text) ? Number(text) : undefined),
    expected: `a whole number of days from 1 to ${10 ** digits - 1}`,
  };
}

function urlSetting(name: string, service: Exclude<ProcessName, 'platform'>): Setting<string> {
  return {
    name,
    default: `http://127.0.0.1:${PORTS[service]}/graphql`,
    meaning:
      `Where ${service} is when it runs as a process of its own: for the gateway, and for the ` +
      'other services, which ask it for events.',
    services: EVERY.filter((name) => name !== 'platform' && name !== service),
    parse: (text) => (/^https?:\/\//.test(text) && URL.canParse(text) ? text : undefined),
    expected: 'an http or https address',
  };
}
