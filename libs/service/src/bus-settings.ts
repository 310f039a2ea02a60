import { resolve } from 'node:path';
import { EVERY, type Setting, SettingInvalid, valueOf } from './setting.js';

/** Brokers to begin with, as `HOST:PORT`. */
export interface BusUrl {
  readonly isTls: boolean;
  readonly brokers: readonly string[];
}

const SCRAMS = ['sha-256', 'sha-512'] as const;

/** How to reach the brokers. */
export interface BusSettings extends BusUrl {
  readonly user?: {
    readonly name: string;
    readonly password: string;
    readonly scram: (typeof SCRAMS)[number];
  };
  /** A file of certificates. */
  readonly ca?: string;
  readonly partitions: number;
  readonly replicas: number;
  readonly retentionDays: number;
}

export const busSettings = {
  url: busSetting<BusUrl | null>('BUS_URL', {
    default: '',
    meaning:
      'The Kafka brokers that carry events between processes: kafka://HOST:PORT[,HOST:PORT], or ' +
      'kafka+tls:// for an encrypted connection. Empty: the services ask each other for events.',
    parse: busUrlOf,
    expected: 'kafka://HOST:PORT[,HOST:PORT], kafka+tls://HOST:PORT[,HOST:PORT] or empty',
  }),
  user: busSetting('BUS_USER', {
    default: '',
    meaning: 'The name to sign in to the brokers with, by SASL/SCRAM. Empty: no sign-in.',
    parse: (text) => text,
    expected: 'a name',
  }),
  password: busSetting('BUS_PASSWORD', {
    default: '',
    meaning: 'The password of BUS_USER.',
    parse: (text) => text,
    expected: 'a password',
  }),
  scram: busSetting('BUS_SCRAM', {
    default: 'sha-512',
    meaning: 'The SCRAM mechanism of BUS_USER: sha-256 or sha-512.',
    parse: (text) => SCRAMS.find((known) => known === text),
    expected: 'sha-256 or sha-512',
  }),
  ca: busSetting('BUS_CA', {
    default: '',
    meaning:
      'A file with the certificates (PEM) that the brokers’ own are checked with. Empty: those ' +
      'that Node trusts. Only with kafka+tls://.',
    parse: (text) => text,
    expected: 'a file',
  }),
  partitions: busCount('BUS_PARTITIONS', {
    default: '3',
    most: 100,
    meaning:
      'The partitions of each topic. Fixed once a topic is there: another number would send ' +
      'streams elsewhere.',
  }),
  replicas: busCount('BUS_REPLICAS', {
    default: '1',
    most: 9,
    meaning: 'On how many brokers a new topic is kept.',
  }),
  retentionDays: busCount('BUS_RETENTION_DAYS', {
    default: '7',
    most: 3650,
    meaning:
      'For how many days a new topic keeps messages. Who was away for longer catches up from the ' +
      'services.',
  }),
} as const;

/** @throws SettingInvalid */
export function busOf(env: NodeJS.ProcessEnv): { readonly bus?: BusSettings } {
  const url = valueOf(busSettings.url, env);
  const name = valueOf(busSettings.user, env);
  const password = valueOf(busSettings.password, env);
  const scram = valueOf(busSettings.scram, env);
  const ca = valueOf(busSettings.ca, env);
  const partitions = valueOf(busSettings.partitions, env);
  const replicas = valueOf(busSettings.replicas, env);
  const retentionDays = valueOf(busSettings.retentionDays, env);
  if ((name === '') !== (password === '')) {
    throw new SettingInvalid('BUS_USER and BUS_PASSWORD go together: one of them is empty');
  }
  if (url === null) return {};
  if (ca !== '' && !url.isTls) {
    throw new SettingInvalid('BUS_CA is given, but BUS_URL is not kafka+tls://');
  }
  const user = name === '' ? {} : { user: { name, password, scram } };
  const trusted = ca === '' ? {} : { ca: resolve(ca) };
  return { bus: { ...url, ...user, ...trusted, partitions, replicas, retentionDays } };
}

function busSetting<Value>(
  name: string,
  says: Omit<Setting<Value>, 'name' | 'services'>,
): Setting<Value> {
  return { name, ...says, services: EVERY.filter((process) => process !== 'gateway') };
}

function busCount(
  name: string,
  { most, ...says }: { default: string; meaning: string; most: number },
): Setting<number> {
  return busSetting(name, {
    ...says,
    parse: (text) => {
      const isCount = /^[1-9]\d{0,4}$/.test(text) && Number(text) <= most;
      return isCount ? Number(text) : undefined;
    },
    expected: `a whole number from 1 to ${most}`,
  });
}

const BROKER = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]):([1-9]\d{0,4})$/i;

/** Null when there is none; undefined when it is wrong. */
function busUrlOf(text: string): BusUrl | null | undefined {
  if (text === '') return null;
  const [, scheme, list = ''] = /^(kafka|kafka\+tls):\/\/([^/]+)\/?$/.exec(text) ?? [];
  if (scheme === undefined) return undefined;
  const brokers = list.split(',');
  const areBrokers = brokers.every((broker) => {
    const [, port] = BROKER.exec(broker) ?? [];
    return port !== undefined && Number(port) <= 65535;
  });
  return areBrokers ? { isTls: scheme === 'kafka+tls', brokers } : undefined;
}
