import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './temporary-tree.ts';

/** About a minute where nothing else runs. */
const LIMIT_MS = 240_000;

test(
  'what was promised holds for five processes on real servers while these are killed',
  () => {
    const program = join(root, 'scripts', 'test-servers.ts');
    const args = ['--disable-warning=ExperimentalWarning', program, '--short'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
      timeout: LIMIT_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status === 0 && stdout.startsWith('left out: ')) {
      // Its reason is a line of `npm test`.
      process.stderr.write(stdout);
      return;
    }
    expect(`${stdout}${status === 0 ? '' : stderr}`).toMatch(
      /^\d+ troubles, \d+ cases, \d+ commands acknowledged, 0 findings\n$/,
    );
    expect(stderr).toContain('first flows over five processes\n');
    expect(stderr).toContain('kill -9 of kafka and of volunteers, which starts without it\n');
  },
  LIMIT_MS,
);
