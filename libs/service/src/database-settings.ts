import type { DatabaseSettings } from './databases.js';
import { EVERY, type Setting, SettingInvalid, valueOf } from './setting.js';

export const databaseUrl: Setting<string | null> = {
  name: 'DATABASE_URL',
  default: '',
  meaning:
    'A replica set of MongoDB that keeps the logs, the views and the keys: `mongodb://` with its ' +
    'hosts; the path, `fengqiao` unless given, begins the names of the databases. Empty: all lies ' +
    'in DATA_DIR, which keeps the keys that sign either way ([mongodb.md](mongodb.md)).',
  services: EVERY.filter((name) => name !== 'gateway'),
  parse: mongoAddress,
  expected: 'empty, or an address that begins with mongodb://',
};

export const keysDatabaseUrl: Setting<string | null> = {
  name: 'KEYS_DATABASE_URL',
  default: '',
  meaning:
    'Another server for the keys of persons, with a backup of its own. Empty: a database of their ' +
    'own on the server of DATABASE_URL, without which this is refused.',
  services: EVERY.filter((name) => name !== 'gateway'),
  parse: mongoAddress,
  expected: 'empty, or an address that begins with mongodb://',
};

/** @throws SettingInvalid */
export function databasesOf(env: NodeJS.ProcessEnv): DatabaseSettings {
  const url = valueOf(databaseUrl, env) ?? undefined;
  const keysUrl = valueOf(keysDatabaseUrl, env) ?? undefined;
  if (url === undefined && keysUrl !== undefined) {
    throw new SettingInvalid(
      'KEYS_DATABASE_URL is given, but DATABASE_URL is not: the keys would lie in DATA_DIR',
    );
  }
  return { databaseUrl: url, keysDatabaseUrl: keysUrl };
}

/** Null for none: undefined says that an address is wrong. */
function mongoAddress(text: string): string | null | undefined {
  if (text === '') return null;
  return /^mongodb(?:\+srv)?:\/\/[^/?\s]+(?:\/[A-Za-z0-9_-]{0,24})?(?:\?\S*)?$/.test(text)
    ? text
    : undefined;
}
