import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Options, resolveConfig } from 'prettier';
import { formatted } from './docs/markdown.ts';
import { collectRefusals, errorsPage } from './docs/refusals.ts';
import { collectSettings, settingsPage } from './docs/settings.ts';
import { builtTree, type Tree } from './docs/tree.ts';
import { collectWords, wordsPage } from './docs/words.ts';

interface GeneratedPage {
  readonly path: string;
  readonly text: string;
}

/** Every generated page of `docs/`, as it must stand in the repository. */
export async function generatedPages(
  tree: Tree,
  options: Options,
): Promise<readonly GeneratedPage[]> {
  const pages = [
    { path: 'docs/words.md', text: wordsPage(collectWords(tree)) },
    { path: 'docs/errors.md', text: errorsPage(await collectRefusals(tree)) },
    { path: 'docs/settings.md', text: settingsPage(await collectSettings(tree)) },
  ];
  return Promise.all(
    pages.map(async ({ path, text }) => ({ path, text: await formatted(text, options) })),
  );
}

export async function pageOptions(root: string): Promise<Options> {
  return (await resolveConfig(join(root, 'docs/words.md'))) ?? {};
}

async function writePages(root: string): Promise<void> {
  for (const { path, text } of await generatedPages(builtTree(root), await pageOptions(root))) {
    const state = text === current(root, path) ? 'unchanged' : 'written';
    if (state === 'written') writeFileSync(join(root, path), text);
    process.stdout.write(`${path} ${state}\n`);
  }
}

function current(root: string, path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

if (import.meta.main) await writePages(join(import.meta.dirname, '..'));
