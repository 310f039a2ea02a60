import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { isNativeError } from 'node:util/types';
import { hashFile } from './hash-file.js';

/** A package pinned to its bytes: `integrity` is what package-lock.json would hold. */
export type PinnedPackage = {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
};

/** npm could not deliver a package; `reason` is its error code, or what the system said. */
export class NpmFailed extends Error {
  override readonly name = 'NpmFailed';
  readonly code = 'NPM_FAILED';
}

export type PackOptions = {
  readonly into: string;
  /** The command that runs npm, without its arguments. */
  readonly npm: readonly string[];
  readonly timeoutMs: number;
};

// npm's own defaults keep a machine without a network waiting for more than a minute.
const QUICK_TO_GIVE_UP = ['--fetch-retries=1', '--fetch-retry-mintimeout=500'];

const run = promisify(execFile);

/** How to run npm here: pnpm and yarn set npm_execpath too, but their `pack` is another command. */
export function npmCommand(npmExecPath = process.env.npm_execpath): readonly string[] {
  const isNpm = npmExecPath !== undefined && basename(npmExecPath) === 'npm-cli.js';
  return isNpm ? [process.execPath, npmExecPath] : ['npm'];
}

/** The name that npm gives to a package's tarball; of an unscoped package only. */
export function tarballName({ name, version }: PinnedPackage): string {
  return `${name}-${version}.tgz`;
}

/** Lets npm put the package's tarball into a folder and returns its path, not verified yet. */
export async function packTarball(wanted: PinnedPackage, options: PackOptions): Promise<string> {
  const [command = 'npm', ...before] = options.npm;
  const what = `${wanted.name}@${wanted.version}`;
  const how = ['--ignore-scripts', '--prefer-offline', '--loglevel=error', ...QUICK_TO_GIVE_UP];
  const args = [...before, 'pack', what, ...how, '--pack-destination', options.into];
  try {
    await run(command, args, { cwd: options.into, timeout: options.timeoutMs });
  } catch (error) {
    throw new NpmFailed(reasonOf(error, options.timeoutMs), { cause: error });
  }
  return join(options.into, tarballName(wanted));
}

/** Whether a file's bytes are those of the package. */
export async function isIntact(path: string, { integrity }: PinnedPackage): Promise<boolean> {
  const digest = await hashFile(path, 'sha512');
  return `sha512-${digest.toString('base64')}` === integrity;
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!isNativeError(error)) return String(error);
  if ('killed' in error && error.killed === true) return `no answer within ${timeoutMs / 1000} s`;
  const stderr = 'stderr' in error ? String(error.stderr) : '';
  const said = /^npm (?:error|ERR!) code (\S+)/m.exec(stderr);
  if (said?.[1] !== undefined) return said[1];
  return 'code' in error ? `exit code ${String(error.code)}` : error.message;
}
