import { existsSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { type Project, makeProject, waitFor } from './bootstrap/project-fixture.ts';
import { root } from './temporary-tree.ts';

// Each test starts several processes, which takes long on a machine that has much else to do.
jest.setTimeout(30_000);

const main = 'apps/platform/src/main.ts';
const answer = `process.stdout.write('answer ' + process.argv.slice(2).join(' '));`;
const server = `
import { writeFileSync } from 'node:fs';
process.on('SIGTERM', () => { writeFileSync('stopped', 'cleanly'); process.exit(7); });
process.on('SIGINT', () => {});
setInterval(() => {}, 1000);
process.stdout.write('ready ' + process.pid);
`;

const npmRun = `
import { spawn } from 'node:child_process';
const env = { ...process.env, npm_lifecycle_event: process.argv[2] };
spawn(process.execPath, ['scripts/run.mjs', process.argv[2]], { stdio: 'inherit', env });
`;

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
}

const made: Project[] = [];

function project(program: string): Project {
  const fresh = makeProject(program);
  made.push(fresh);
  return fresh;
}

const run = (place: Project, args: readonly string[], env?: NodeJS.ProcessEnv) =>
  place.start(args, env).end();

afterEach(() => {
  for (const each of made.splice(0)) each.remove();
});

describe('a task', () => {
  test('that is unknown is refused in one line, and nothing is installed for it', async () => {
    const place = project(answer);
    const { code, stdout, stderr } = await run(place, ['toString']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^fengqiao: unknown task toString; tasks are: start, .*\n$/);
    expect(place.calls()).toEqual([]);
  });

  test('exists for each npm script, which takes the place of its shell', async () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
    const { stderr } = await run(project(answer), []);
    const tasks = stderr.trim().replace(/^.*: /, '').split(', ');
    // Without `exec` npm's signals would end the shell alone, and npm would not wait for the drain.
    const calls = tasks.map((task) => [task, `exec node scripts/run.mjs ${task}`]);
    expect(scripts).toEqual(Object.fromEntries(calls));
  });

  test('is refused in one line on a Node older than 20', async () => {
    const older = `Object.defineProperty(process, 'versions', { value: { node: '18.20.4' } })`;
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(older)}`;
    const { code, stderr } = await run(project(answer), ['start'], { NODE_OPTIONS });
    expect(code).toBe(1);
    expect(stderr).toBe('fengqiao: Node 20 or newer is needed to start; this is Node 18.20.4\n');
  });

  test('of a fresh clone installs, builds and runs, and stdout holds the answer alone', async () => {
    const place = project(answer);
    const { code, stdout, stderr } = await run(place, ['start', '--root', '4305']);
    expect([code, stdout]).toEqual([0, 'answer --root 4305']);
    expect(place.calls()).toEqual(['npm ci', 'swc']);
    expect(stderr).toMatch(
      /^install: .*\ninstall: done in .*\nbuild: 1 files\nbuild: done in .*\n$/,
    );
  });

  test('finds the tools of the project first in its PATH', async () => {
    const place = project(`process.stdout.write(process.env.PATH);`);
    const { stdout } = await run(place, ['start']);
    expect(stdout.split(delimiter)[1]).toBe(place.path('node_modules', '.bin'));
  });

  test('ends with the exit code of its program', async () => {
    const { code } = await run(project(`process.exitCode = 42;`), ['start']);
    expect(code).toBe(42);
  });
});

describe('installing', () => {
  test('happens once, and so does building', async () => {
    const place = project(answer);
    await run(place, ['start']);
    const { stderr } = await run(place, ['start']);
    expect(stderr).toBe('');
    expect(place.calls()).toEqual(['npm ci', 'swc']);
  });

  test('is left out where a plain `npm ci` has installed the same lock', async () => {
    const place = project(answer);
    await run(place, ['start']);
    rmSync(place.path('node_modules/.fengqiao-installed'));
    await run(place, ['start']);
    expect(place.calls()).toEqual(['npm ci', 'swc']);
  });

  test('happens again when the lock has changed', async () => {
    const place = project(answer);
    await run(place, ['start']);
    place.write('package-lock.json', place.read('package-lock.json').replace('1.0.0', '1.0.1'));
    await run(place, ['start']);
    expect(place.calls()).toEqual(['npm ci', 'swc', 'npm ci']);
  });

  test('happens again when a package has gone missing', async () => {
    const place = project(answer);
    await run(place, ['start']);
    rmSync(place.path('node_modules/alpha'), { recursive: true });
    await run(place, ['start']);
    expect(place.calls()).toEqual(['npm ci', 'swc', 'npm ci']);
  });

  test('that fails says why, and is tried again', async () => {
    const place = project(answer);
    const { code, stderr } = await run(place, ['start'], { FAKE_NPM: 'fail' });
    expect(code).toBe(1);
    expect(stderr).toContain('fengqiao: npm ci ended with exit code 1');
    expect(stderr).toContain('the network is away');
    const { stdout } = await run(place, ['start']);
    expect(stdout).toContain('answer');
  });

  test('that was killed half-way does not look finished, and its npm does not go on', async () => {
    const place = project(answer);
    await run(place, ['start']);
    rmSync(place.path('half-way'));
    rmSync(place.path('node_modules/alpha'), { recursive: true });
    const cutOff = place.start(['start'], { FAKE_NPM: 'hang' });
    await waitFor(() => existsSync(place.path('half-way')), 'the second npm ci');
    cutOff.child.kill('SIGKILL');
    await cutOff.end();
    const { stdout } = await run(place, ['start']);
    expect(stdout).toContain('answer');
    expect(place.calls()).toEqual(['npm ci', 'swc', 'npm ci', 'npm ci']);
  });

  test('is done by one of two runs at a time', async () => {
    const place = project(answer);
    const both = await Promise.all([run(place, ['start']), run(place, ['start'])]);
    expect(both.map(({ stdout }) => stdout.trim())).toEqual(['answer', 'answer']);
    expect(place.calls()).toEqual(['npm ci', 'swc']);
  });
});

describe('building', () => {
  test('happens again when a source has changed, and for that alone', async () => {
    const place = project(answer);
    await run(place, ['start']);
    utimesSync(place.path(main), 1, 1);
    place.write('apps/platform/src/main.spec.ts', 'a test is not built');
    await run(place, ['start']);
    place.write('apps/platform/src/another.spec.ts', 'a test is not built');
    await run(place, ['start']);
    expect(place.calls()).toEqual(['npm ci', 'swc', 'swc']);
  });

  test('removes what was built from a source that is gone', async () => {
    const place = project(answer);
    place.write('libs/event/src/old.ts', '');
    await run(place, ['build']);
    expect(existsSync(place.path('dist/libs/event/src/old.js'))).toBe(true);
    rmSync(place.path('libs/event/src/old.ts'));
    await run(place, ['build']);
    expect(existsSync(place.path('dist/libs/event/src/old.js'))).toBe(false);
    expect(existsSync(place.path('dist/apps/platform/src/main.js'))).toBe(true);
  });

  test('that fails starts nothing, and is tried again', async () => {
    const place = project(answer);
    utimesSync(place.path(main), 1, 1);
    await run(place, ['start']);
    place.write(main, 'SYNTAX ERROR');
    const { code, stdout, stderr } = await run(place, ['start']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/fengqiao: the build failed\n[^]*cannot compile apps/);
    // The very file as before: what the failed build left in dist is still not to be trusted.
    place.write(main, answer);
    utimesSync(place.path(main), 1, 1);
    await run(place, ['start']);
    expect(place.calls()).toEqual(['npm ci', 'swc', 'swc', 'swc']);
  });
});

describe('a running program', () => {
  const running = async (env?: NodeJS.ProcessEnv) => {
    const place = project(server);
    const started = place.start(['start'], env);
    await started.says('ready');
    return { place, started };
  };
  const stopped = (place: Project) =>
    waitFor(() => existsSync(place.path('stopped')), 'a clean shutdown');

  test('ends cleanly when the bootstrap gets SIGTERM, which waits for its exit code', async () => {
    const { place, started } = await running();
    started.child.kill('SIGTERM');
    expect((await started.end()).code).toBe(7);
    expect(place.read('stopped')).toBe('cleanly');
  });

  test('ends cleanly on Ctrl-C, which reaches the whole group', async () => {
    const { started } = await running();
    process.kill(-started.child.pid!, 'SIGINT');
    expect((await started.end()).code).toBe(7);
  });

  test('ends cleanly when the bootstrap is killed', async () => {
    const { place, started } = await running();
    started.child.kill('SIGKILL');
    await stopped(place);
  });

  test('ends cleanly when the npm above the bootstrap is killed', async () => {
    const place = project(server);
    place.write('tools/npm-run.js', npmRun);
    const npm = place.start(['start'], {}, 'tools/npm-run.js');
    await npm.says('ready');
    npm.child.kill('SIGKILL');
    await stopped(place);
  });
});
