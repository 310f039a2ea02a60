import { settingsCatalogue } from '../../libs/service/src/settings.ts';

/** Of the bus and of the stores on servers, which are not in this tree yet. */
const TO_COME = /^(?:BUS_[A-Z_]+|(?:KEYS_)?DATABASE_URL)$/;

/** Names in an environment that no process reads: a misspelt one would be passed over in silence. */
export function unknownSettings(names: readonly string[]): readonly string[] {
  const known = new Set(settingsCatalogue.map(({ name }) => name));
  return names.filter((name) => !known.has(name) && !TO_COME.test(name));
}
