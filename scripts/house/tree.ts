import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The files of a repository, as its rules see them; paths are relative and use `/`. */
export interface Tree {
  readonly files: readonly string[];
  /** The text of a file, also of one that is installed; undefined when it is not there. */
  readonly text: (path: string) => string | undefined;
}

/** What is made here and never committed. */
const madeHere = new Set(['.git', '.cache', 'coverage', 'data', 'dist', 'node_modules']);

export function readTree(root: string): Tree {
  const texts = new Map<string, string>();
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  return {
    files: [...filesUnder(root, '')].sort(),
    text: (path) => {
      if (!texts.has(path) && existsSync(join(root, path))) texts.set(path, read(path));
      return texts.get(path);
    },
  };
}

function* filesUnder(root: string, folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile()) yield path;
    else if (entry.isDirectory() && !isMadeHere(path)) yield* filesUnder(root, path);
  }
}

function isMadeHere(path: string): boolean {
  return madeHere.has(path) || basename(path) === 'node_modules';
}
