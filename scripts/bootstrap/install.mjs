import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inRoot } from './paths.mjs';
import { runNode, stopCode } from './processes.mjs';
import { findRuntime } from './runtime.mjs';
import { Stop, step } from './say.mjs';

const lockPath = inRoot('package-lock.json');
const npmsOwnRecord = inRoot('node_modules', '.package-lock.json');
const stampPath = inRoot('node_modules', '.fengqiao-installed');

function readOrEmpty(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function readLock() {
  const text = readOrEmpty(lockPath);
  if (!text) throw new Stop('package-lock.json is missing; it says what to install');
  const packages = Object.entries(JSON.parse(text).packages).filter(([path]) => path !== '');
  return { hash: createHash('sha256').update(text).digest('hex'), packages };
}

/** Packages for other platforms are optional and are rightly absent here. */
const mayBeAbsent = (entry) => entry.optional || entry.link;

/** Whether npm's own record of its last finished run says what the lock says. */
function npmInstalledThis(packages) {
  const text = readOrEmpty(npmsOwnRecord);
  if (!text) return false;
  const found = JSON.parse(text).packages;
  return packages.every(([path, wanted]) => {
    const there = found[path];
    if (!there) return mayBeAbsent(wanted);
    return there.version === wanted.version && there.integrity === wanted.integrity;
  });
}

/** True when a finished run has installed this very lock, and nothing has gone missing since. */
export function isInstalled() {
  const { hash, packages } = readLock();
  if (readOrEmpty(stampPath) !== hash && !npmInstalledThis(packages)) return false;
  const isThere = (path) => existsSync(inRoot(path, 'package.json'));
  return !!findRuntime() && packages.every(([path, entry]) => mayBeAbsent(entry) || isThere(path));
}

/** npm as a Node program: the one that runs this script, else the one beside this Node. */
function findNpm() {
  const caller = process.env.npm_execpath ?? '';
  if (basename(caller) === 'npm-cli.js') return caller;
  const prefix = dirname(dirname(process.execPath));
  const places = ['lib/node_modules/npm', 'share/nodejs/npm'].map((place) => join(prefix, place));
  const npm = places.map((place) => join(place, 'bin', 'npm-cli.js')).find(existsSync);
  if (!npm) throw new Stop('npm was not found beside this Node; run `npm ci` once, then try again');
  return npm;
}

/** Installs exactly what the lock says. Any earlier mark goes first: a cut-off run has none. */
export async function install() {
  const { hash, packages } = readLock();
  const npm = findNpm();
  rmSync(stampPath, { force: true });
  rmSync(npmsOwnRecord, { force: true });
  // `--include=dev`: the compiler is a development dependency, also under NODE_ENV=production.
  // The log level is named because `npm run --silent` would hide the reason of a failure.
  const options = ['--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'];
  const args = [npm, 'ci', ...options, '--loglevel=error'];
  await step('install', `${packages.length} packages at most, about a minute`, async () => {
    const { code, output } = await runNode(process.execPath, args);
    if (stopCode()) throw new Stop('stopped while installing');
    if (code !== 0) throw new Stop(`npm ci ended with exit code ${code}\n${output.trim()}`);
    mkdirSync(dirname(stampPath), { recursive: true });
    writeFileSync(stampPath, hash);
  });
}
