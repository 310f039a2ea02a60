import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../temporary-tree.ts';

/** Programs of `scripts/deploy/check`: each judges with the code of those who wrote the format. */
export type GoProgram = 'compose' | 'dockerfile' | 'kubernetes';

const SOURCE = join(root, 'scripts/deploy/check');
const CACHE = join(root, '.cache/deploy-check');
/**
 * The first time their modules are fetched and compiled: 100 s on two idle cores. What was built
 * is kept under a hash of its sources.
 */
export const BUILD_MS = 540_000;
const RUN_MS = 30_000;
const OUTPUT_MAX = 16_000_000;

const execute = promisify(execFile);

/**
 * Builds the programs, unless they were built before.
 *
 * @returns what runs one and parses the JSON that it prints; undefined when they cannot be had
 * @throws when they cannot be had, and REQUIRE_SERVERS says that they must
 */
export async function goPrograms(): Promise<GoPrograms | undefined> {
  const folder = join(CACHE, fingerprint());
  try {
    if (!existsSync(folder)) await build(folder);
  } catch (error) {
    const reason = `deployment checks in Go: ${lastLine(error)}`;
    if (process.env.REQUIRE_SERVERS === '1') throw new Error(reason, { cause: error });
    process.stderr.write(`left out: ${reason}\n`);
    return undefined;
  }
  return async (program, args, env = {}) => {
    const options = { cwd: root, timeout: RUN_MS, maxBuffer: OUTPUT_MAX };
    // Only what the test says: a setting of the machine would change what is judged.
    const { stdout } = await execute(join(folder, program), [...args], { ...options, env });
    return JSON.parse(stdout) as unknown;
  };
}

/** A part of what a program printed: it is compared, and a comparison needs no type. */
export type Parsed = ReturnType<typeof JSON.parse>;

export type GoPrograms = (
  program: GoProgram,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
) => Promise<unknown>;

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const path of globSync('**/{*.go,go.mod,go.sum}', { cwd: SOURCE }).sort()) {
    hash.update(`${path}\0`).update(readFileSync(join(SOURCE, path)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Two tests may build at once: each builds aside, and the first that is done is taken. */
async function build(folder: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const aside = mkdtempSync(join(CACHE, 'building-'));
  try {
    const args = ['build', '-trimpath', '-ldflags=-s -w', '-o', `${aside}/`, './...'];
    await execute('go', args, { cwd: SOURCE, timeout: BUILD_MS, maxBuffer: OUTPUT_MAX });
    if (!existsSync(folder)) renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function lastLine(error: unknown): string {
  const told = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return told.split('\n').at(-1) || String(error);
}
