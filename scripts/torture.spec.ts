import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './temporary-tree.ts';

/** Six kills take about three seconds; a machine that has much else to do takes longer. */
const LIMIT_MS = 60_000;

function run(...args: readonly string[]) {
  const program = join(root, 'scripts', 'torture.ts');
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: LIMIT_MS,
  });
}

test(
  'says in one line what it did and found, and tells its seed and progress beside',
  () => {
    const { status, stdout, stderr } = run('--kills', '6', '--seed', '42', '--writers', '2');
    expect(stdout).toMatch(
      /^6 kills, \d+ commits acknowledged, \d+ events, \d+ checkpoints, 0 findings, seed 42\n$/,
    );
    expect(stderr).toContain('torture: 2 writers, 6 kills, seed 42, in ');
    expect(stderr).toContain('torture: audited: clean\n');
    expect(stderr).toMatch(/torture: checked \d+ events, \d+ checkpoints: 0 findings\n/);
    expect(status).toBe(0);
  },
  LIMIT_MS,
);

test.each([
  ['--kills', '0'],
  ['--seed', '1.5'],
  ['--writers', '17'],
])('refuses %s %s in one line', (name, value) => {
  const { status, stdout, stderr } = run(name, value);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(new RegExp(`^torture: ${name} must be 1 to \\d+: npm run torture`));
});
