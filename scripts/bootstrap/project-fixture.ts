import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A small project in a temporary folder, with the real bootstrap and an npm that is a stand-in. */
export interface Project {
  readonly path: (...parts: readonly string[]) => string;
  readonly write: (path: string, text: string) => void;
  readonly read: (path: string) => string;
  /** What the stand-ins for npm and the compiler were asked to do, in order. */
  readonly calls: () => readonly string[];
  /** Runs `script` (the bootstrap, unless named) in the background, in a group of its own. */
  readonly start: (args: readonly string[], env?: NodeJS.ProcessEnv, script?: string) => Running;
  readonly remove: () => void;
}

export interface Running {
  readonly child: ChildProcess;
  readonly output: () => { readonly stdout: string; readonly stderr: string };
  /** Settles once standard output holds `text`; a bootstrap that ends before is a failure. */
  readonly says: (text: string) => Promise<void>;
  readonly end: () => Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const scripts = dirname(dirname(fileURLToPath(import.meta.url)));
const lock = { packages: { '': {}, 'node_modules/alpha': { version: '1.0.0', integrity: 'a' } } };

/** Makes what `npm ci` would; FAKE_NPM=fail or hang stops half-way, before anything is removed. */
const fakeNpm = `
import { appendFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
appendFileSync('calls.log', 'npm ' + process.argv[2] + '\\n');
if (process.env.FAKE_NPM === 'fail') throw new Error('the network is away');
if (!process.env.FAKE_NPM) rmSync('node_modules', { recursive: true, force: true });
mkdirSync('node_modules/alpha', { recursive: true });
writeFileSync('node_modules/alpha/package.json', '{}');
writeFileSync('half-way', '');
if (process.env.FAKE_NPM === 'hang') await new Promise((done) => setTimeout(done, 60_000));
mkdirSync('node_modules/@swc/cli/bin', { recursive: true });
writeFileSync('node_modules/@swc/cli/package.json', '{ "type": "module" }');
cpSync('tools/swc.js', 'node_modules/@swc/cli/bin/swc.js');
cpSync('package-lock.json', 'node_modules/.package-lock.json');
`;

/** "Compiles" by copying; a source that holds SYNTAX ERROR fails as the compiler does. */
const fakeCompiler = `
import { appendFileSync, cpSync, globSync, readFileSync } from 'node:fs';
appendFileSync('calls.log', 'swc\\n');
for (const path of globSync('{apps,libs}/**/*.ts')) {
  if (readFileSync(path, 'utf8').includes('SYNTAX ERROR')) throw new Error('cannot compile ' + path);
  cpSync(path, 'dist/' + path.replace(/ts$/, 'js'));
}
`;

/** A project as cloned: nothing installed, nothing built; `program` is what `start` runs. */
export function makeProject(program: string): Project {
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-project-'));
  const path = (...parts: readonly string[]) => join(folder, ...parts);
  const read = (name: string) => readFileSync(path(name), 'utf8');
  const write = (name: string, text: string) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  for (const part of ['run.mjs', 'bootstrap']) {
    cpSync(join(scripts, part), path('scripts', part), { recursive: true });
  }
  write('package.json', '{ "type": "module" }');
  write('package-lock.json', JSON.stringify(lock));
  write('.swcrc', '{}');
  write('calls.log', '');
  write('tools/npm-cli.js', fakeNpm);
  write('tools/swc.js', fakeCompiler);
  write('apps/platform/src/main.ts', program);
  return {
    path,
    read,
    write,
    calls: () => read('calls.log').split('\n').filter(Boolean),
    start: (args, env = {}, script = 'scripts/run.mjs') => start(folder, [script, ...args], env),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function start(
  folder: string,
  args: readonly string[],
  { NODE_OPTIONS = '', ...env }: NodeJS.ProcessEnv,
): Running {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    // A group of its own, so that a test can send what Ctrl-C sends without ending itself.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_OPTIONS,
      npm_execpath: join(folder, 'tools', 'npm-cli.js'),
      ...env,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    output: () => ({ stdout, stderr }),
    says: (text) => waitFor(() => stdout.includes(text), `output "${text}"`),
    end: async () => ({ code: await ended, stdout, stderr }),
  };
}

/** Polls for at most ten seconds, since another process cannot call back. */
export async function waitFor(isTrue: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 10_000; !isTrue();) {
    if (Date.now() > end) throw new Error(`waited 10 s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
