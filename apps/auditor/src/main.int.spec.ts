import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type SealedLog, sealedLog } from '../test/sealed-log.js';

const project = join(import.meta.dirname, '../../..');
let log: SealedLog;

beforeAll(async () => {
  log = await sealedLog(90);
});
afterAll(() => {
  log.remove();
});

/** The built program, as `npm run` starts it: in the project's folder, called from another. */
function verified(args: readonly string[], env: NodeJS.ProcessEnv): string {
  const program = join(project, 'dist/apps/auditor/src/main.js');
  const options = ['--disable-warning=ExperimentalWarning', program, 'verify', ...args];
  return execFileSync(process.execPath, options, {
    cwd: project,
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  });
}

it('finds what its caller names from the folder of the caller', () => {
  expect(verified(['sample'], { INIT_CWD: log.root })).toMatch(/^sample: clean/);
});

it('finds the data folder where every program of the project finds it', () => {
  const elsewhere = join(log.root, 'elsewhere');
  mkdirSync(elsewhere);
  expect(verified([], { INIT_CWD: elsewhere, DATA_DIR: log.root })).toMatch(/^sample: clean/);
});
