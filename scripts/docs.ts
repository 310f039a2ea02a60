import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Options, resolveConfig } from 'prettier';
import { asyncApiText, collectAsyncApi } from './docs/asyncapi.ts';
import { accessPage } from './docs/access.ts';
import { collectEvents, eventsPage, writtenPath, writtenText } from './docs/events.ts';
import { formatted } from './docs/markdown.ts';
import { collectRefusals, errorsPage } from './docs/refusals.ts';
import { collectSettings, settingsPage } from './docs/settings.ts';
import { builtTree, type Tree } from './docs/tree.ts';
import { collectWords, wordsPage } from './docs/words.ts';

interface GeneratedPage {
  readonly path: string;
  readonly text: string;
}

/**
 * Every generated page of `docs/`, as it must stand in the repository.
 *
 * @param read what stands in a file now: of the events, what was written down once must stay
 */
export async function generatedPages(
  tree: Tree,
  options: Options,
  read: (path: string) => string | undefined,
): Promise<readonly GeneratedPage[]> {
  const events = await collectEvents(tree, read);
  const asyncApi = await collectAsyncApi(tree);
  const pages = [
    { path: 'docs/words.md', text: wordsPage(collectWords(tree)) },
    { path: 'docs/errors.md', text: errorsPage(await collectRefusals(tree)) },
    { path: 'docs/access.md', text: await accessPage(tree) },
    { path: 'docs/settings.md', text: settingsPage(await collectSettings(tree)) },
    { path: 'docs/events.md', text: eventsPage(events) },
    ...events.map(({ service, written }) => ({
      path: writtenPath(service),
      text: writtenText(written),
    })),
    ...(asyncApi ? [{ path: 'docs/asyncapi.yaml', text: asyncApiText(asyncApi) }] : []),
  ];
  return Promise.all(
    pages.map(async ({ path, text }) => ({ path, text: await formatted(path, text, options) })),
  );
}

export async function pageOptions(root: string): Promise<Options> {
  return (await resolveConfig(join(root, 'docs/words.md'))) ?? {};
}

async function writePages(root: string): Promise<void> {
  const read = (path: string): string | undefined => current(root, path);
  mkdirSync(join(root, 'docs/events'), { recursive: true });
  const options = await pageOptions(root);
  for (const { path, text } of await generatedPages(builtTree(root), options, read)) {
    const state = text === read(path) ? 'unchanged' : 'written';
    if (state === 'written') writeFileSync(join(root, path), text);
    process.stdout.write(`${path} ${state}\n`);
  }
}

export function current(root: string, path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

if (import.meta.main) await writePages(join(import.meta.dirname, '..'));
