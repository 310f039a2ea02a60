import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, jest, test } from '@jest/globals';
import { makeTree, root, type TemporaryTree } from './temporary-tree.ts';

// Each test starts seven processes, which takes long on a machine that has much else to do.
jest.setTimeout(30_000);

const checks = {
  types: 'node_modules/typescript/bin/tsc',
  lint: 'node_modules/eslint/bin/eslint.js',
  format: 'node_modules/prettier/bin/prettier.cjs',
  boundaries: 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
  build: 'scripts/run.mjs',
};
type Check = keyof typeof checks;

const passes = { passed: 3, failed: 0, broken: 0, skipped: 0 };

/** A stand-in for jest that writes the results of a run and tells its arguments. */
function jestThat(found: typeof passes): string {
  const results = {
    numPassedTests: found.passed,
    numFailedTests: found.failed,
    numRuntimeErrorTestSuites: found.broken,
    numPendingTests: found.skipped,
  };
  return `
const args = process.argv.slice(2);
console.error('jest got ' + args.filter((arg) => !arg.includes('results.json')).join(' '));
const file = args.find((arg) => arg.startsWith('--outputFile=')).slice('--outputFile='.length);
require('fs').writeFileSync(file, '${JSON.stringify(results)}');
process.exitCode = ${found.failed + found.broken > 0 ? 1 : 0};`;
}

const trees: TemporaryTree[] = [];
afterEach(() => trees.splice(0).forEach((tree) => tree.remove()));

interface Given {
  readonly failing?: readonly Check[];
  readonly jest?: string;
  readonly args?: readonly string[];
}

/** Runs the real test command in a house whose tools are stand-ins. */
function runTests({ failing = [], jest: runner = jestThat(passes), args = [] }: Given) {
  const own = ['test.mjs', ...readdirSync(join(root, 'scripts/bootstrap')).map(inBootstrap)];
  const tools = Object.entries(checks).map(([name, path]) => {
    return [path, failing.includes(name as Check) ? mistake(name) : ''] as const;
  });
  const tree = makeTree({
    ...Object.fromEntries(own.map((name) => [`scripts/${name}`, source(name)])),
    ...Object.fromEntries(tools),
    'node_modules/jest/bin/jest.js': runner,
  });
  trees.push(tree);
  const command = [join(tree.folder, 'scripts/test.mjs'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return { status, answer: stdout.trimEnd().split('\n'), stderr };
}

const inBootstrap = (name: string) => `bootstrap/${name}`;
const source = (name: string) => readFileSync(join(root, 'scripts', name), 'utf8');
const mistake = (name: string) => `console.log('mistake in ${name}'); process.exitCode = 1;`;

test('counts every check and every test, and says so in the last line alone', () => {
  const { status, answer, stderr } = runTests({});
  expect([status, answer]).toEqual([0, ['8 passed, 0 failed']]);
  const names = [...stderr.matchAll(/^(\w+): passed in [\d.]+ s$/gm)].map(([, name]) => name);
  expect(names).toEqual([...Object.keys(checks), 'jest']);
});

test('runs everything even if the first check fails, and shows what failed', () => {
  const { status, answer, stderr } = runTests({ failing: ['types', 'build'] });
  expect([status, answer]).toEqual([1, ['6 passed, 2 failed']]);
  expect(stderr).toMatch(/mistake in types\ntypes: FAILED in [^]*mistake in build\nbuild: FAILED/);
});

test('counts failed tests, and a suite that could not be loaded as one more', () => {
  const runner = jestThat({ ...passes, failed: 2, broken: 1 });
  const { status, answer } = runTests({ jest: runner });
  expect([status, answer]).toEqual([1, ['8 passed, 3 failed']]);
});

test('counts a jest that could not run as one failure', () => {
  const { status, answer } = runTests({ jest: 'throw new Error("no jest today")' });
  expect([status, answer]).toEqual([1, ['5 passed, 1 failed']]);
});

test('says which tests jest left out', () => {
  const { answer } = runTests({ jest: jestThat({ ...passes, skipped: 4 }) });
  expect(answer).toEqual(['left out: 4 tests that jest skipped', '8 passed, 0 failed']);
});

test('passes arguments to jest and says which checks it leaves out for them', () => {
  const { status, answer, stderr } = runTests({ args: ['libs/event', '-t', 'a name'] });
  expect(status).toBe(0);
  expect(answer).toEqual([
    ...['types', 'lint', 'format', 'boundaries'].map(
      (name) => `left out: ${name}, since arguments choose among the tests`,
    ),
    '4 passed, 0 failed',
  ]);
  expect(stderr).toContain('jest got --json libs/event -t a name\n');
});
