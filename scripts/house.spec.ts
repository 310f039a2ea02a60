import { describe, expect, test } from '@jest/globals';
import { dependenciesAreListed } from './house/dependency-rules.ts';
import {
  namesAreKebabCase,
  namesSaySomething,
  oneFacePerLib,
  rolesAreClosed,
  type Rule,
} from './house/name-rules.ts';
import {
  noDefaultExports,
  noMachinePaths,
  noOtherRegistry,
  noTestIsLeftOut,
} from './house/text-rules.ts';
import { readTree } from './house/tree.ts';
import { makeTree, root } from './temporary-tree.ts';

// What is forbidden is put together here, since this file is read by the rules as well.
const machine = ['', 'work', ''].join('/');
const mirror = ['https://', 'registry.example.org'].join('');
const plainHost = ['http://127.0.0', '1:4873/'].join('.');
const only = ['it', 'only("x")'].join('.');
const skip = ['describe', 'skip.each("x")'].join('.');
const disabled = ['x', 'it("x")'].join('');
const lock = (resolved: string) => JSON.stringify({ packages: { a: { resolved } } }, undefined, 1);
const row = (name: string, licence: string) => `| \`${name}\` | for | ${licence} | because |\n`;

/** Each rule with a tree that breaks it, and the paths (and words) that it must name. */
const rules: readonly (readonly [string, Rule, Readonly<Record<string, string>>, string[]])[] = [
  [
    'a suffix is a role of a service',
    rolesAreClosed,
    {
      'apps/mediation/src/dispute.ts': '',
      'apps/mediation/src/dispute.events.spec.ts': '',
      'apps/mediation/src/dispute/dispute.int.spec.ts': '',
      'apps/mediation/src/dispute.refusals.ts': '',
      'apps/mediation/src/dispute.intake.ts': '',
      'apps/mediation/src/dispute.controller.ts': '',
      'apps/mediation/src/dispute/dispute.repository.ts': '',
      'apps/mediation/src/notes.json': '',
      'apps/platform/src/ready.screen.ts': '',
    },
    [
      'apps/mediation/src/dispute.controller.ts',
      'apps/mediation/src/dispute/dispute.repository.ts',
      'apps/mediation/src/notes.json',
    ],
  ],
  [
    'a lib has one face, and no other barrel stands anywhere',
    oneFacePerLib,
    {
      'libs/event/src/index.ts': '',
      'libs/event/src/inner/index.ts': '',
      'libs/views/src/view.ts': '',
      'apps/mediation/src/index.ts': '',
    },
    ['libs/views/src/index.ts', 'apps/mediation/src/index.ts', 'libs/event/src/inner/index.ts'],
  ],
  [
    'names of files and folders are in kebab-case',
    namesAreKebabCase,
    {
      'README.md': '',
      '.ci/run': '',
      'docs/decisions/0001-one-log.md': '',
      'libs/event/src/groupCommit.ts': '',
      'libs/Event/src/index.ts': '',
    },
    ['libs/Event/src/index.ts', 'libs/event/src/groupCommit.ts'],
  ],
  [
    'names say something',
    namesSaySomething,
    {
      'tsconfig.base.json': '',
      'libs/event/src/database.ts': 'export const databaseOfCommons = 1;',
      'libs/event/src/date-utils.ts': '',
      'libs/core/src/index.ts': '',
      'libs/event/src/a.ts': 'export abstract class BaseEvent {}\nconst sharedInside = 1;',
      'libs/event/src/b.ts': 'export async function* eventHelper() {}',
      'libs/event/src/c.ts': "export { type A, b as postManager } from './d.js';",
      'libs/event/src/d.ts': 'export const COMMON_LIMIT = 1;',
    },
    [
      'libs/core/src/index.ts: core',
      'libs/event/src/a.ts: BaseEvent',
      'libs/event/src/b.ts: eventHelper',
      'libs/event/src/c.ts: postManager',
      'libs/event/src/d.ts: COMMON_LIMIT',
      'libs/event/src/date-utils.ts: date-utils.ts',
    ],
  ],
  [
    'nothing is exported as default',
    noDefaultExports,
    {
      'jest.config.mjs': 'export default {};',
      'libs/event/src/a.ts': 'export default 1;',
      'libs/event/src/b.ts': 'const b = 1;\nexport { b as default };',
      'libs/event/src/c.ts': '// Nothing here says export default.\nexport const c = 1;',
    },
    ['libs/event/src/a.ts', 'libs/event/src/b.ts'],
  ],
  [
    'no test is left out',
    noTestIsLeftOut,
    {
      'libs/event/src/a.spec.ts': only,
      'libs/event/src/b.spec.ts': skip,
      'libs/event/src/c.spec.ts': disabled,
      'libs/event/src/d.spec.ts': 'it("x"); exit(1);',
    },
    ['libs/event/src/a.spec.ts', 'libs/event/src/b.spec.ts', 'libs/event/src/c.spec.ts'],
  ],
  [
    'no path of one machine is named',
    noMachinePaths,
    {
      'docs/guide.md': `See ${machine}shared/design.md.`,
      'deploy/compose.yml': ['volume: ', 'home', 'node', 'data'].join('/'),
      'docs/links.md': `See https://example.org${machine} and the net${machine}place.`,
      'scripts/run.mjs': ['', 'home', 'li', 'fengqiao'].join('/'),
    },
    ['docs/guide.md', 'scripts/run.mjs'],
  ],
  [
    'no registry but the public one is named',
    noOtherRegistry,
    {
      '.npmrc': 'ignore-scripts=true\nregistry=x',
      'apps/gateway/src/graph.ts': '// http://grid-registry:4001 and https://registry.npmjs.org/x',
      'docs/guide.md': `npm ci --registry ${mirror}/`,
      'package-lock.json': lock(plainHost),
    },
    ['.npmrc', 'docs/guide.md', 'package-lock.json'],
  ],
  [
    'each dependency is listed with its licence, and nothing else is',
    dependenciesAreListed,
    {
      'package.json': JSON.stringify({
        dependencies: { a: '1', b: '1' },
        devDependencies: { c: '1' },
      }),
      'node_modules/a/package.json': '{ "license": "MIT" }',
      'node_modules/b/package.json': '{ "license": "MIT" }',
      'docs/dependencies.md': row('a', 'MIT') + row('b', 'ISC') + row('gone', 'MIT'),
    },
    [
      'docs/dependencies.md: c is missing',
      'docs/dependencies.md: gone is no dependency',
      'docs/dependencies.md: the licence of b is MIT',
    ],
  ],
];

describe('the house keeps its rules', () => {
  const house = readTree(root);

  test.each(rules)('%s', (_title, rule) => {
    expect(rule(house)).toEqual([]);
  });
});

describe('a mistake is found', () => {
  test.each(rules)('%s', (_title, rule, files, expected) => {
    const tree = makeTree(files);
    const found = rule(readTree(tree.folder));
    tree.remove();
    expect(found.map((line, index) => line.slice(0, expected[index]?.length))).toEqual(expected);
  });

  test('but not in what was installed or made here', () => {
    const text = 'export default 1;';
    const tree = makeTree({ 'node_modules/a/Index.ts': text, 'dist/Index.ts': text });
    expect(readTree(tree.folder).files).toEqual([]);
    tree.remove();
  });
});
