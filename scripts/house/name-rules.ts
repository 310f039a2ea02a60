import type { Tree } from './tree.ts';

/** A rule answers one line for each mistake: the path, and what is wrong there. */
export type Rule = (tree: Tree) => readonly string[];

const inService = /^apps\/(?!(?:platform|gateway|auditor|web)\/)[^/]+\/src\/(?:.*\/)?([^/]+)$/;
const role = '(?:events|service|resolver|view|views|reaction|timer|module|schema|refusals|guards)';
/** A long life is split by its stages; another stage is added here, a technical kind never is. */
const stage = '(?:closing|duty|finding|intake|recheck|rectification|roster|settlement|term)';
const level = '(?:\\.(?:int|e2e))?\\.spec';
const roleFile = new RegExp(`^[^.]+(?:\\.${role}|\\.${stage})?(?:${level})?\\.ts$`);

/** The suffix is the role, and a new one is an architectural decision. */
export const rolesAreClosed: Rule = ({ files }) =>
  files
    .filter((path) => !roleFile.test(inService.exec(path)?.[1] ?? 'outside.ts'))
    .map((path) => `${path}: its suffix is no role of a service`);

/** One index.ts per lib is its public face, and there are no other barrels. */
export const oneFacePerLib: Rule = ({ files }) => {
  const libs = new Set(files.flatMap((path) => /^libs\/[^/]+(?=\/)/.exec(path)?.[0] ?? []));
  const faces = new Set([...libs].map((lib) => `${lib}/src/index.ts`));
  const missing = [...faces].filter((face) => !files.includes(face));
  const barrels = files.filter((path) => /^(?:apps|libs)\/(?:.*\/)?index\.ts$/.test(path));
  return [
    ...missing.map((face) => `${face}: is missing`),
    ...barrels.filter((path) => !faces.has(path)).map((path) => `${path}: is a second face`),
  ];
};

const kebab = /^\.?[a-z0-9]+(?:[-.][a-z0-9]+)*$/;
/** Names that tools and readers look for, such as README.md and LICENSE. */
const customary = /^(?:[A-Z]+(?:_[A-Z]+)*(?:\.md)?|Dockerfile)$/;

export const namesAreKebabCase: Rule = ({ files }) =>
  files
    .filter((path) => !path.split('/').every((part) => kebab.test(part) || customary.test(part)))
    .map((path) => `${path}: is not in kebab-case`);

const empty = /^(?:managers?|helpers?|utils?|utility|utilities|bases?|common|core|shared)$/;
const exported =
  /^export (?:declare |abstract |async )*(?:class|function\*?|const|let|type|interface|enum) (\w+)/gm;
const exportedList = /^export (?:type )?\{([^}]*)\}/gm;

function exportedNames(text: string): readonly string[] {
  const lists = [...text.matchAll(exportedList)].flatMap(([, list = '']) => list.split(','));
  return [
    ...[...text.matchAll(exported)].map(([, name = '']) => name),
    ...lists.map((entry) => entry.trim().split(/\s+/).at(-1) ?? ''),
  ];
}

const words = (name: string) => name.split(/[-._]|(?<=[a-z0-9])(?=[A-Z])/);
const saysNothing = (name: string) => words(name).some((word) => empty.test(word.toLowerCase()));

/** A name that fits everything tells nothing: it would collect what has no place. */
export const namesSaySomething: Rule = ({ files, text }) =>
  files
    .filter((path) => /^(?:apps|libs|scripts)\//.test(path))
    .flatMap((path) => {
      const code = /\.(?:ts|mjs)$/.test(path) ? (text(path) ?? '') : '';
      return [...path.split('/'), ...exportedNames(code)]
        .filter(saysNothing)
        .map((name) => `${path}: ${name} says nothing; name what it does`);
    });
