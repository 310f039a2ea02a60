import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './temporary-tree.ts';

const LIMIT_MS = 120_000;

function run(...args: readonly string[]) {
  const program = join(root, 'dist/apps/platform/simulation/main.js');
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: LIMIT_MS,
  });
}

test(
  'says in one line what its seeds came to',
  () => {
    const { status, stdout, stderr } = run('--seed', '3', '--seeds', '2', '--steps', '30');
    expect(stdout).toMatch(
      /^2 seeds from 3, \d+ commands acknowledged, \d+ refused, \d+ events, 0 seeds with findings, /,
    );
    expect([status, stderr]).toEqual([0, '']);
  },
  LIMIT_MS,
);

test(
  'tells a seed that fails by its seed, its step, what disagrees, and how to have it again',
  () => {
    const { status, stdout, stderr } = run('--seed', '1', '--plant', 'shared-counter');
    expect(stdout).toContain('1 seeds with findings');
    expect(stderr).toMatch(/^seed 1, step \d+: \d+ findings\n {2}mediation has parked dispute-/);
    const again = 'npm run simulate -- --seed 1 --plant shared-counter --verbose';
    expect(stderr).toContain(`  the same again: ${again}\n`);
    expect(status).toBe(1);
  },
  LIMIT_MS,
);

test(
  'comes to the same trace in another process, and tells it line by line when asked',
  () => {
    const [one, other] = [run('--seed', '5', '--steps', '40'), run('--seed', '5', '--steps', '40')];
    const traceOf = (stdout: string): string => /trace \w+ of \d+ lines/.exec(stdout)?.[0] ?? '';
    expect(traceOf(one.stdout)).not.toBe('');
    expect(traceOf(other.stdout)).toBe(traceOf(one.stdout));
    const { stderr } = run('--seed', '5', '--steps', '40', '--verbose');
    const lines = /of (\d+) lines/.exec(one.stdout)?.[1];
    expect(stderr.trimEnd().split('\n')).toHaveLength(Number(lines));
  },
  LIMIT_MS,
);

test(
  'leaves files in which an auditor finds nothing',
  () => {
    const { status, stdout, stderr } = run('--seed', '21', '--seeds', '2', '--files');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(', 0 seeds with findings, ');
  },
  LIMIT_MS,
);

test('refuses what it does not know, with its usage', () => {
  const { status, stdout, stderr } = run('--plant', 'nothing');
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain('simulate: nothing is none of the plants\nsimulate [--seed N]');
});
