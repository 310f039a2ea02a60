import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LeftOut } from './left-out.ts';

const SOURCE = fileURLToPath(new URL('./ferretdb', import.meta.url));
const CACHE = fileURLToPath(new URL('../../.cache/servers', import.meta.url));
/** The first time its modules are fetched and compiled: two minutes on two cores. */
const BUILD_MS = 8 * 60_000;
const ASK_AGAIN_MS = 200;

const execute = promisify(execFile);

/**
 * FerretDB, built once into the cache from the versions that `ferretdb/go.mod` pins.
 *
 * @throws LeftOut when it cannot be built on this machine
 */
export async function ferretdbBinary(): Promise<string> {
  const path = join(CACHE, `ferretdb-${fingerprint()}`);
  mkdirSync(CACHE, { recursive: true });
  const lock = `${path}.building`;
  for (const untilMs = Date.now() + BUILD_MS; ;) {
    if (existsSync(path)) return path;
    if (take(lock)) break;
    if (Date.now() > untilMs) throw new LeftOut(`FerretDB: ${lock} is held by another build`);
    await sleep(ASK_AGAIN_MS);
  }
  try {
    await build(path);
    return path;
  } finally {
    rmSync(lock, { force: true });
  }
}

async function build(path: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  // Without the parts that nothing here asks for, it is half as long.
  const args = ['build', '-trimpath', '-ldflags=-s -w', '-tags=ferretdb_no_postgresql'];
  try {
    process.stderr.write('builds FerretDB, once: this takes a minute or two\n');
    const env = { ...process.env, GOFLAGS: '-mod=readonly -buildvcs=false', CGO_ENABLED: '0' };
    await execute('go', [...args, '-o', draft, '.'], { cwd: SOURCE, timeout: BUILD_MS, env });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new LeftOut(`FerretDB: ${reasonOf(error)}`, { cause: error });
  }
}

/** One build at a time; a lock whose process has ended holds nobody up. */
function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isRunning(holderOf(lock))) rmSync(lock, { force: true });
    return false;
  }
}

function holderOf(lock: string): number {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return NaN;
  }
}

function isRunning(pid: number): boolean {
  // A lock that was just made has no number in it yet.
  if (!(pid > 0)) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const name of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(SOURCE, name)));
  return hash.digest('hex').slice(0, 16);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT') return 'there is no Go on this machine';
  const told = 'stderr' in error ? String(error.stderr).trim() : '';
  return told.split('\n').at(-1) || error.message;
}
