import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { makeTree, root, type TemporaryTree } from './temporary-tree.ts';

// The cruiser reads the whole compiler before its first file.
jest.setTimeout(60_000);

const dispute = 'apps/mediation/src/dispute';
const cruiser = 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs';

/** Each file of a small house, and what it imports. */
const house: Readonly<Record<string, readonly string[]>> = {
  'scripts/tool.ts': [],
  'libs/event/src/index.ts': ['./event.js'],
  'libs/event/src/event.ts': [],
  'libs/contracts/src/index.ts': ['#libs/event', 'zod', '@nestjs/common', 'node:fs'],
  'libs/calendar/src/index.ts': ['./a.js', '../../event/src/index.js', 'node:crypto'],
  'libs/calendar/src/a.ts': ['./b.js', './nowhere.js'],
  'libs/calendar/src/b.ts': ['./a.js', 'semver'],
  'libs/service/src/index.ts': [
    '../../../apps/volunteers/src/volunteer.js',
    '../../event/src/event.js',
  ],
  'libs/views/src/index.ts': ['fast-check', '../../../scripts/tool.js'],
  'libs/views/src/index.spec.ts': ['fast-check'],
  [`${dispute}.events.ts`]: ['#libs/contracts', 'zod', './dispute.js'],
  [`${dispute}.ts`]: ['./dispute-type.js', '#libs/event', '#libs/calendar', '#libs/service'],
  [`${dispute}.intake.ts`]: ['./dispute.js', '@nestjs/common'],
  'apps/mediation/src/dispute-type.ts': ['node:path', 'zod'],
  [`${dispute}.service.ts`]: ['./dispute.js', './dispute.resolver.js'],
  [`${dispute}.resolver.ts`]: ['./dispute.service.js', './open-disputes.view.js'],
  [`${dispute}.refusals.ts`]: ['./dispute.js', '#libs/service', './dispute.service.js'],
  'apps/mediation/src/open-disputes.view.ts': [
    './dispute.events.js',
    '#libs/views',
    './dispute.js',
  ],
  'apps/mediation/src/summon.reaction.ts': ['./dispute.service.js', './mediation.module.js'],
  'apps/mediation/src/mediation.module.ts': ['./dispute.resolver.js', 'node:sqlite'],
  'apps/mediation/src/main.ts': ['./mediation.module.js', '../../volunteers/src/volunteer.js'],
  'apps/auditor/src/audited-services.ts': [
    '../../mediation/src/open-disputes.view.js',
    '../../mediation/src/dispute.events.js',
    '../../mediation/src/dispute.js',
    '../../mediation/src/mediation.module.js',
  ],
  'apps/volunteers/src/volunteer.ts': [],
  'apps/volunteers/src/volunteer.spec.ts': ['./volunteer.js'],
  'apps/platform/src/main.ts': [
    '../../mediation/src/mediation.module.js',
    '../../volunteers/src/volunteer.spec.js',
  ],
};

/** Every import above that breaks a rule; all others are allowed. */
const broken = `
apps-import-libs: apps/mediation/src/main.ts -> apps/volunteers/src/volunteer.ts
auditor-takes-definitions: apps/auditor/src/audited-services.ts -> ${dispute}.ts
auditor-takes-definitions: apps/auditor/src/audited-services.ts -> apps/mediation/src/mediation.module.ts
declared: libs/calendar/src/b.ts -> node_modules/semver/index.js
deciders-decide: apps/mediation/src/dispute-type.ts -> node_modules/zod/index.js
deciders-decide: apps/mediation/src/dispute-type.ts -> path
deciders-decide: ${dispute}.intake.ts -> node_modules/@nestjs/common/index.js
deciders-decide: ${dispute}.ts -> libs/service/src/index.ts
drivers-stay-in-libs: apps/mediation/src/mediation.module.ts -> node:sqlite
edges-are-ends: ${dispute}.service.ts -> ${dispute}.resolver.ts
events-record: ${dispute}.events.ts -> ${dispute}.ts
lib-by-its-face: libs/service/src/index.ts -> libs/event/src/event.ts
lib-by-its-name: libs/calendar/src/index.ts -> libs/event/src/index.ts
lib-by-its-name: libs/service/src/index.ts -> libs/event/src/event.ts
libs-know-no-app: libs/service/src/index.ts -> apps/volunteers/src/volunteer.ts
modules-wire: apps/mediation/src/summon.reaction.ts -> apps/mediation/src/mediation.module.ts
no-cycle: ${dispute}.resolver.ts -> ${dispute}.service.ts
no-cycle: libs/calendar/src/a.ts -> libs/calendar/src/b.ts
no-development-package-at-work: libs/views/src/index.ts -> node_modules/fast-check/lib/fast-check.js
nothing-needs-scripts: libs/views/src/index.ts -> scripts/tool.ts
platform-takes-sources: apps/platform/src/main.ts -> apps/volunteers/src/volunteer.spec.ts
pure-libs: libs/contracts/src/index.ts -> node_modules/@nestjs/common/index.js
pure-libs-touch-nothing: libs/contracts/src/index.ts -> fs
refusals-explain: ${dispute}.refusals.ts -> ${dispute}.service.ts
resolvable: libs/calendar/src/a.ts -> ./nowhere.js
services-act: ${dispute}.service.ts -> ${dispute}.resolver.ts
views-answer: apps/mediation/src/open-disputes.view.ts -> ${dispute}.ts`;

interface Cruise {
  readonly summary: {
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
}

let tree: TemporaryTree;

beforeAll(() => {
  const texts = Object.entries(house).map(([path, imports]) => {
    return [path, imports.map((name) => `import '${name}';\n`).join('')] as const;
  });
  tree = makeTree(Object.fromEntries(texts), [
    '.dependency-cruiser.cjs',
    'package.json',
    'tsconfig.json',
    'tsconfig.base.json',
  ]);
});

afterAll(() => tree.remove());

test('every import that the walls forbid is found, and no other', () => {
  const args = [join(root, cruiser), 'apps', 'libs', '--output-type', 'json'];
  const { summary } = JSON.parse(cruise(args)) as Cruise;
  const found = summary.violations.map(
    // The packages are linked from the real tree, whose place is no part of the answer.
    ({ rule, from, to }) => `${rule.name}: ${from} -> ${to.replace(/^.*(?=node_modules)/, '')}`,
  );
  expect(found.sort()).toEqual(broken.trim().split('\n').sort());
});

/** The cruiser's exit code is the number of violations, which are what is wanted here. */
function cruise(args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, args, { cwd: tree.folder, encoding: 'utf8' });
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}
