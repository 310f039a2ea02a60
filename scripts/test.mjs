// `npm test`: every check, then every test. What it does goes to stderr; what it claims, to stdout.
// All parts run even if an early one fails, since a machine's run should report everything at once.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode, stopCode, watchForTheEnd } from './bootstrap/processes.mjs';
import { say, seconds } from './bootstrap/say.mjs';

const checkLimitMs = 5 * 60_000;
const jestLimitMs = 40 * 60_000;

/** Some tools colour their output for every machine that says CI; a log is to be read plain. */
const plain = process.stderr.isTTY ? {} : { NO_COLOR: '1' };

const checks = [
  ['types', 'node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'],
  ['lint', 'node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'],
  ['format', 'node_modules/prettier/bin/prettier.cjs', '--check', '.'],
  ['boundaries', 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', 'apps', 'libs'],
  ['build', 'scripts/run.mjs', 'build'],
];

function report(name, ok, start) {
  if (stopCode()) process.exit(stopCode());
  say(`${name}: ${ok ? 'passed' : 'FAILED'} in ${seconds(start)}`);
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function runCheck([name, ...command]) {
  const start = performance.now();
  const { code, output } = await runNode(process.execPath, command, {
    env: plain,
    limitMs: checkLimitMs,
  });
  if (code !== 0 && !stopCode()) say(output.trim());
  return report(name, code === 0, start);
}

async function runJest(args) {
  const start = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-test-'));
  const results = join(folder, 'results.json');
  const flags = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    // kafkajs asks for timers in the past, which harms nothing.
    '--disable-warning=TimeoutNegativeWarning',
  ];
  const inherited = process.env.NODE_OPTIONS ?? '';
  const jest = ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${results}`, ...args];
  const { code } = await runNode(process.execPath, jest, {
    stdio: ['ignore', 2, 2],
    env: { ...plain, NODE_OPTIONS: [inherited, ...flags].join(' ').trim() },
    limitMs: jestLimitMs,
  });
  const found = readResults(results);
  rmSync(folder, { recursive: true, force: true });
  report('jest', code === 0, start);
  return countTests(code, found);
}

function readResults(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Without its results jest did not run, and that is one failure to count, not one to report.
    return { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
  }
}

function countTests(code, results) {
  const passed = results.numPassedTests;
  // A suite that could not be loaded has no tests to count: it is one failure by itself.
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  if (results.numPendingTests > 0) leaveOut(`${results.numPendingTests} tests that jest skipped`);
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
}

function leaveOut(what) {
  process.stdout.write(`left out: ${what}\n`);
}

async function main(args) {
  watchForTheEnd();
  const counts = [];
  for (const check of checks) {
    // Arguments choose among the tests. The build stays: end-to-end tests start what it makes.
    if (args.length === 0 || check[0] === 'build') counts.push(await runCheck(check));
    else leaveOut(`${check[0]}, since arguments choose among the tests`);
  }
  counts.push(await runJest(args));
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
  process.exitCode = sum('failed') === 0 ? 0 : 1;
}

await main(process.argv.slice(2));
