import { execFileSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { makeTree, root, type TemporaryTree } from './temporary-tree.ts';

// The type-aware rules read the whole compiler before their first file.
jest.setTimeout(60_000);

const lines = (count: number) => '// A line.\n'.repeat(count);
const impure = [
  "import 'node:fs';",
  "import { Injectable } from '@nestjs/common';",
  'export const now = [new Date(), Date.now(), Math.random(), crypto.randomUUID(), Injectable];',
  'export const later = setTimeout(() => [], 1);',
  'export const claimed = JSON.parse("1") as number;',
].join('\n');
const impureRules = [
  'no-restricted-globals',
  'no-restricted-globals',
  'no-restricted-imports',
  'no-restricted-imports',
  'no-restricted-syntax',
  'no-restricted-syntax',
  'no-restricted-syntax',
  'no-restricted-syntax',
  'no-restricted-syntax',
];
const wiring =
  "import { openSqliteLog } from '#libs/event-log';\nexport const log = openSqliteLog;";
const nest = `
import { Injectable } from '@nestjs/common';
import { DisputeService } from './dispute.service.js';
@Injectable()
export class DisputeResolver {
  constructor(readonly disputes: DisputeService) {}
}`;

/** Path, text, and the rules that the text breaks there. */
const cases: readonly (readonly [path: string, text: string, ...rules: readonly string[]])[] = [
  ['libs/event/src/any.ts', 'export const a: any = 1;', 'no-explicit-any'],
  ['libs/event/src/unused.ts', 'const a = 1;', 'no-unused-vars'],
  ['libs/event/src/default.ts', 'export default 1;', 'no-restricted-syntax'],
  ['libs/event/src/renamed.ts', 'const a = 1;\nexport { a as default };', 'no-restricted-syntax'],
  [
    'libs/event/src/switch.ts',
    'export function f(a: 1 | 2): number {\n  switch (a) {\n    case 1:\n      return 1;\n  }\n  return 0;\n}',
    'switch-exhaustiveness-check',
  ],
  ['libs/event/src/floating.ts', 'Promise.resolve(1);', 'no-floating-promises'],
  [
    'libs/event/src/type.ts',
    "import { Stats } from 'node:fs';\nexport type A = Stats;",
    'consistent-type-imports',
  ],
  ['libs/event/src/console.ts', 'console.log(1);', 'no-console'],
  [
    'libs/event/src/timer.ts',
    "import { setTimeout as wait } from 'node:timers/promises';\nexport const late = [Date.now(), setTimeout(() => void wait(1), 1), performance.now()];",
    'no-restricted-globals',
    'no-restricted-globals',
    'no-restricted-imports',
    'no-restricted-syntax',
  ],
  ['libs/event/src/timer.spec.ts', 'export const late = [Date.now(), setTimeout(() => [], 1)];'],
  ['libs/scheduler/src/timer.ts', 'export const late = [Date.now(), setTimeout(() => [], 1)];'],
  ['apps/platform/src/token.ts', 'console.log(1);'],
  ['libs/event/src/long.ts', lines(301), 'max-lines'],
  ['libs/event/src/long.spec.ts', lines(400)],
  ['libs/event/src/longer.spec.ts', lines(401), 'max-lines'],
  ['scripts/tool.ts', 'export enum A {\n  B,\n}', 'no-restricted-syntax'],
  ['apps/mediation/src/dispute.ts', impure, ...impureRules],
  ['apps/mediation/src/dispute.intake.ts', impure, ...impureRules],
  ['apps/mediation/src/dispute.events.ts', impure, ...impureRules],
  ['apps/mediation/src/disputes.view.ts', impure, ...impureRules],
  ['apps/mediation/src/main.ts', impure],
  ['apps/mediation/src/mediation.module.ts', wiring],
  ['apps/mediation/src/dispute.spec.ts', wiring],
  [
    'apps/mediation/src/dispute.service.ts',
    `${wiring}\nexport class DisputeService {}`,
    'no-restricted-imports',
  ],
  ['apps/mediation/src/dispute.resolver.ts', nest],
];

interface Linted {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[];
}

let tree: TemporaryTree;
let linted: readonly Linted[];

beforeAll(() => {
  const log = ['libs/event-log/src/index.ts', "export const openSqliteLog = () => 'log';"] as const;
  const files = [...cases.map(([path, text]) => [path, text] as const), log];
  const configs = ['eslint.config.mjs', 'package.json', 'tsconfig.json', 'tsconfig.base.json'];
  tree = makeTree(Object.fromEntries(files), configs);
  linted = JSON.parse(lint(tree.folder)) as readonly Linted[];
});

afterAll(() => tree.remove());

test.each(cases)('%s is held to its rules', (path, _text, ...rules) => {
  const found = linted.find(({ filePath }) => relative(tree.folder, filePath) === path);
  const names = found?.messages.map(
    ({ ruleId, message }) => ruleId?.replace(/.*\//, '') ?? message,
  );
  expect(names?.sort()).toEqual(rules);
});

/** ESLint ends with 1 when it finds mistakes, which are what is wanted here. */
function lint(folder: string): string {
  const args = [join(root, 'node_modules/eslint/bin/eslint.js'), '--format', 'json', '.'];
  try {
    return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}
