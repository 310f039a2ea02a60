import { posix } from 'node:path';
import type { Tree } from '../house/tree.ts';

/** One fenced block of commands, and what the page says that they print. */
export interface Block {
  readonly page: string;
  readonly line: number;
  readonly commands: string;
  readonly answer?: { readonly language: 'json' | 'text'; readonly text: string };
}

interface Fence {
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

export const pagesOf = ({ files }: Tree): readonly string[] =>
  files.filter((path) => path.endsWith('.md'));

/** The `sh` blocks of a page; the `json` or `text` block that follows one is its answer. */
export function blocksIn(page: string, markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const { line, language, text } of fencesIn(markdown)) {
    const last = blocks.at(-1);
    if (isShell(language)) blocks.push({ page, line, commands: text });
    else if (last && !last.answer && (language === 'json' || language === 'text')) {
      blocks.splice(-1, 1, { ...last, answer: { language, text } });
    }
  }
  return blocks;
}

/** The fenced GraphQL of a page, by its line: examples that are not sent from here. */
export function requestsIn(markdown: string): readonly (readonly [line: number, text: string])[] {
  return fencesIn(markdown)
    .filter(({ language }) => language === 'graphql')
    .map(({ line, text }) => [line, text] as const);
}

/** A block under another name for a shell would otherwise be run by nobody. */
const isShell = (language: string) => /^(?:sh|bash|shell|zsh|console)$/.test(language);

function fencesIn(markdown: string): readonly Fence[] {
  const found = markdown.matchAll(/^```(\w*)\n([^]*?)^```$/gm);
  return [...found].map(({ 1: language = '', 2: text = '', index }) => ({
    line: markdown.slice(0, index).split('\n').length,
    language,
    text,
  }));
}

/** The links of all pages into the repository that lead to nothing there. */
export function brokenLinks(tree: Tree): readonly string[] {
  const folders = new Set(tree.files.flatMap(foldersAbove));
  return pagesOf(tree).flatMap((page) =>
    linksIn(tree.text(page) ?? '')
      .filter((link) => !/^(?:[a-z]+:|#)/.test(link))
      .map((link) => [link, pathOf(page, link)] as const)
      .filter(([, path]) => !tree.files.includes(path) && !folders.has(path))
      .map(([link]) => `${page}: ${link} leads nowhere`),
  );
}

function linksIn(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '`');
  const inline = prose.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g);
  const named = prose.matchAll(/^\[[^\]]+\]: +(\S+)/gm);
  return [...inline, ...named].map(([, link = '']) => link);
}

const pathOf = (page: string, link: string) =>
  posix.join(posix.dirname(page), decodeURI(link.replace(/#.*/, ''))).replace(/\/$/, '');

function foldersAbove(path: string): readonly string[] {
  const folder = posix.dirname(path);
  return folder === '.' ? [folder] : [folder, ...foldersAbove(folder)];
}

/** npm scripts that a page names and `package.json` has not. */
export function unknownScripts(tree: Tree): readonly string[] {
  const { scripts } = JSON.parse(tree.text('package.json') ?? '{}') as { scripts: object };
  return pagesOf(tree).flatMap((page) =>
    [...(tree.text(page) ?? '').matchAll(/npm run (?:--silent )?(\w[\w:-]*)/g)]
      .filter(([, name = '']) => !Object.hasOwn(scripts, name))
      .map(([command]) => `${page}: there is no script for ${command}`),
  );
}

/** The cells of the table whose header begins with `first`, row by row, the header among them. */
export function tableIn(markdown: string, first: string): readonly (readonly string[])[] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${first} `));
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  const rows = lines.slice(start, start + length).filter((line) => !/^[|\s:-]+$/.test(line));
  return rows.map((row) => row.split('|').slice(1, -1).map(plain));
}

const plain = (cell: string) => cell.replaceAll('`', '').trim();
