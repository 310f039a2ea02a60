import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

export type Module = Readonly<Record<string, unknown>>;

/** The repository as generators and the boundary test see it; paths are relative, with slashes. */
export interface Tree {
  /** Every TypeScript source of apps and libs without specs, and the printed schemas; sorted. */
  readonly files: readonly string[];
  readonly read: (path: string) => string;
  readonly load: (path: string) => Promise<Module>;
}

/** Imports the sources themselves: for jest, which compiles them. */
export function sourceTree(root: string): Tree {
  return { ...tree(root), load: (path) => importFile(join(root, path)) };
}

/** Imports what the build made of the sources: plain node cannot compile decorators. */
export function builtTree(root: string): Tree {
  return { ...tree(root), load: (path) => importFile(builtFile(root, path)) };
}

/** The modules whose path fits, without `index.ts`, which only repeats what others export. */
export async function loadAll(tree: Tree, pattern: RegExp): Promise<readonly LoadedFile[]> {
  const files = tree.files.filter((path) => pattern.test(path) && !path.endsWith('/index.ts'));
  return Promise.all(files.map(async (path) => ({ path, module: await tree.load(path) })));
}

export interface LoadedFile {
  readonly path: string;
  readonly module: Module;
}

/** `apps/mediation/src/x.ts` belongs to `mediation`, `libs/service/src/y.ts` to `libs/service`. */
export function ownerOf(path: string): string {
  const [floor, name] = path.split('/');
  return floor === 'apps' ? `${name}` : `${floor}/${name}`;
}

function tree(root: string): Omit<Tree, 'load'> {
  const sources = globSync(['{apps,libs}/*/src/**/*.ts', 'apps/gateway/schema/*.graphql'], {
    cwd: root,
  });
  return {
    files: sources
      .map((path) => path.replaceAll(sep, '/'))
      .filter((path) => !/\.(spec|d)\.ts$/.test(path))
      .sort(),
    read: (path) => readFileSync(join(root, path), 'utf8'),
  };
}

function builtFile(root: string, path: string): string {
  const built = join(root, 'dist', path.replace(/\.ts$/, '.js'));
  if (!existsSync(built)) throw new Error(`${built} is missing: run \`npm run build\` first`);
  return built;
}

function importFile(path: string): Promise<Module> {
  return import(pathToFileURL(path).href);
}
