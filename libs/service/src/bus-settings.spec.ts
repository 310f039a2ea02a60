import { resolve } from 'node:path';
import { readSettings, SettingInvalid } from './settings.js';

const busOf = (env: Record<string, string>) => readSettings('mediation', env).bus;
const rest = { partitions: 3, replicas: 1, retentionDays: 7 };

it('without an address no broker carries events', () => {
  expect(busOf({})).toBeUndefined();
  expect(readSettings('mediation', {})).not.toHaveProperty('bus');
});

it.each([
  ['kafka://127.0.0.1:9092', { isTls: false, brokers: ['127.0.0.1:9092'] }],
  [
    'kafka+tls://a.example.org:1,b-2:65535/',
    { isTls: true, brokers: ['a.example.org:1', 'b-2:65535'] },
  ],
  ['kafka://[::1]:9092', { isTls: false, brokers: ['[::1]:9092'] }],
])('%s names the brokers to begin with', (url, brokers) => {
  expect(busOf({ BUS_URL: url })).toEqual({ ...brokers, ...rest });
});

it.each([
  'http://127.0.0.1:9092',
  'kafka://127.0.0.1',
  'kafka://127.0.0.1:65536',
  'kafka://one:9092,',
  'kafka://user:secret@one:9092',
  'kafka://one:9092/topic',
])('refuses %s as BUS_URL', (url) => {
  expect(() => busOf({ BUS_URL: url })).toThrow(SettingInvalid);
  expect(() => busOf({ BUS_URL: url })).toThrow(/^BUS_URL is /);
});

it('takes who signs in, whom it trusts, and how topics are made', () => {
  const env = {
    BUS_URL: 'kafka+tls://one:9093',
    BUS_USER: 'fengqiao',
    BUS_PASSWORD: 'secret',
    BUS_SCRAM: 'sha-256',
    BUS_CA: 'ca.pem',
    BUS_PARTITIONS: '12',
    BUS_REPLICAS: '3',
    BUS_RETENTION_DAYS: '30',
  };
  expect(busOf(env)).toEqual({
    isTls: true,
    brokers: ['one:9093'],
    user: { name: 'fengqiao', password: 'secret', scram: 'sha-256' },
    ca: resolve('ca.pem'),
    partitions: 12,
    replicas: 3,
    retentionDays: 30,
  });
});

it.each([
  [{ BUS_USER: 'fengqiao' }, /^BUS_USER and BUS_PASSWORD go together/],
  [{ BUS_PASSWORD: 'secret' }, /^BUS_USER and BUS_PASSWORD go together/],
  [{ BUS_URL: 'kafka://one:9092', BUS_CA: 'ca.pem' }, /^BUS_CA is given/],
  [{ BUS_SCRAM: 'plain' }, /^BUS_SCRAM is "plain"/],
  [{ BUS_PARTITIONS: '0' }, /^BUS_PARTITIONS is "0"/],
  [{ BUS_REPLICAS: '10' }, /^BUS_REPLICAS is "10"/],
  [{ BUS_RETENTION_DAYS: '1.5' }, /^BUS_RETENTION_DAYS is "1.5"/],
])('refuses %j', (env, why) => {
  expect(() => busOf(env as Record<string, string>)).toThrow(why);
});
