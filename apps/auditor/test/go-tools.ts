import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Verifiers that others wrote, at versions that stay the same: they must accept what we publish.
 * `fsck` recomputes a whole log from its files; `spicy` checks an inclusion proof.
 */
const TOOLS = [
  'github.com/transparency-dev/tessera/cmd/fsck@v1.0.4',
  'filippo.io/torchwood/cmd/spicy@v0.9.0',
];
/** The first time they are fetched and compiled: 40 s on two idle cores, 5 s from then on. */
export const INSTALL_MS = 280_000;
const RUN_MS = 30_000;
/** What stands behind the beginning of a line: fsck tells whole tiles. */
const LONG = /^(.{300}).+$/gm;

export interface GoTools {
  /** @returns what the tool said, errors as well */
  run(tool: 'fsck' | 'spicy', args: readonly string[]): Promise<string>;
  remove(): void;
}

const execute = promisify(execFile);

/**
 * Installs the tools into a folder of their own.
 *
 * @returns the reason when they cannot be had on this machine
 * @throws when they cannot be had, and REQUIRE_SERVERS says that they must
 */
export async function installGoTools(): Promise<GoTools | string> {
  const bin = mkdtempSync(join(tmpdir(), 'fengqiao-go-'));
  try {
    await execute('go', ['install', TOOLS[0] ?? ''], options(bin, INSTALL_MS));
    await execute('go', ['install', TOOLS[1] ?? ''], options(bin, INSTALL_MS));
  } catch (error) {
    rmSync(bin, { recursive: true });
    const reason = `verifiers in Go: ${lastLine(error)}`;
    if (process.env.REQUIRE_SERVERS === '1') throw new Error(reason, { cause: error });
    process.stderr.write(`left out: ${reason}\n`);
    return reason;
  }
  return {
    remove: () => rmSync(bin, { recursive: true }),
    run: async (tool, args) => {
      const ended = execute(join(bin, tool), [...args], options(bin, RUN_MS));
      // What they say is what counts: fsck ends with 0 whatever it has found.
      const { stdout, stderr } = await ended.catch((error: unknown) => outputOf(error));
      return (stdout + stderr).replace(LONG, '$1');
    },
  };
}

function options(bin: string, timeout: number) {
  return { cwd: bin, timeout, encoding: 'utf8', env: { ...process.env, GOBIN: bin } } as const;
}

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** A tool that ends with a code has said why; one that could not be run at all has not. */
function outputOf(error: unknown): Output {
  if (hasOutput(error)) return error;
  throw error;
}

function lastLine(error: unknown): string {
  const told = hasOutput(error) ? error.stderr.trim() : '';
  return told.split('\n').at(-1) || String(error);
}

function hasOutput(error: unknown): error is Output {
  return typeof error === 'object' && error !== null && 'stdout' in error && 'stderr' in error;
}
