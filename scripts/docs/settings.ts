import { z } from 'zod';
import { byText, page, table } from './markdown.ts';
import type { Tree } from './tree.ts';

const SETTINGS_FILE = 'libs/service/src/settings.ts';

const catalogueSchema = z.array(
  z.object({
    name: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
    default: z.string(),
    meaning: z.string().min(1),
    services: z.array(z.string()).readonly(),
  }),
);

export type Setting = z.infer<typeof catalogueSchema>[number];

export async function collectSettings(tree: Tree): Promise<readonly Setting[]> {
  if (!tree.files.includes(SETTINGS_FILE)) return [];
  const { settingsCatalogue } = await tree.load(SETTINGS_FILE);
  return catalogueSchema.parse(settingsCatalogue);
}

export function settingsPage(settings: readonly Setting[]): string {
  const sorted = [...settings].sort(byText((setting) => setting.name));
  return page({
    title: 'Settings',
    source: `\`${SETTINGS_FILE}\``,
    body: table(
      ['Name', 'Default', 'Meaning', 'Read by'],
      sorted.map(({ name, default: initial, meaning, services }) => [
        `\`${name}\``,
        initial === '' ? 'none' : `\`${initial}\``,
        meaning,
        services.join(', '),
      ]),
    ),
  });
}
