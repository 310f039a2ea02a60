import type { Rule } from './name-rules.ts';
import type { Tree } from './tree.ts';

const page = 'docs/dependencies.md';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function declared(tree: Tree): readonly string[] {
  const manifest = JSON.parse(tree.text('package.json') ?? '{}') as Manifest;
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
}

/** Rows read: name in backquotes, what for, licence, why no code of our own. */
function listed(tree: Tree): ReadonlyMap<string, string> {
  const rows = (tree.text(page) ?? '').matchAll(/^\| `([^`]+)` *\|[^|]+\|([^|]+)\|[^|]+\|$/gm);
  return new Map([...rows].map(([, name = '', licence = '']) => [name, licence.trim()]));
}

function licence(tree: Tree, name: string): string | undefined {
  const text = tree.text(`node_modules/${name}/package.json`);
  return text === undefined ? undefined : (JSON.parse(text) as { license?: string }).license;
}

/** Each dependency has its row and its licence in docs/dependencies.md, and nothing else has. */
export const dependenciesAreListed: Rule = (tree) => {
  const names = declared(tree);
  const rows = listed(tree);
  const wrong = names.filter((name) => {
    // A package for another platform is not installed here, so its licence cannot be compared.
    const actual = licence(tree, name);
    return rows.has(name) && actual !== undefined && actual !== rows.get(name);
  });
  return [
    ...names.filter((name) => !rows.has(name)).map((name) => `${page}: ${name} is missing`),
    ...[...rows.keys()]
      .filter((name) => !names.includes(name))
      .map((name) => `${page}: ${name} is no dependency`),
    ...wrong.map((name) => `${page}: the licence of ${name} is ${licence(tree, name)}`),
  ];
};
