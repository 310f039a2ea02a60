import { settingsCatalogue } from '../../libs/service/src/settings.ts';

/** Names in an environment that no process reads: a misspelt one would be passed over in silence. */
export function unknownSettings(names: readonly string[]): readonly string[] {
  const known = new Set(settingsCatalogue.map(({ name }) => name));
  return names.filter((name) => !known.has(name));
}
