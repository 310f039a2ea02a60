import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export interface TemporaryTree {
  readonly folder: string;
  readonly remove: () => void;
}

/**
 * A small house in a temporary folder, for rules to find mistakes in: `files` by path, and from the
 * repository copies of `configs` and its packages.
 */
export function makeTree(
  files: Readonly<Record<string, string>>,
  configs: readonly string[] = [],
): TemporaryTree {
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-tree-'));
  for (const name of configs) copyFileSync(join(root, name), join(folder, name));
  if (configs.length > 0) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
