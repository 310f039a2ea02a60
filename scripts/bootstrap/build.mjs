import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inRoot } from './paths.mjs';
import { runNode, stopCode } from './processes.mjs';
import { Stop, step } from './say.mjs';

const rooms = ['apps', 'libs'];
const compiler = inRoot('node_modules', '@swc', 'cli', 'bin', 'swc.js');
const stampPath = inRoot('dist', '.built');
/** Tests run from their sources (.swcrc leaves them out), so they make no build stale. */
const source = /(?<!\.spec|\.d)\.[cm]?[jt]sx?$|\.(csv|graphql)$/;
const output = /\.[cm]?js(\.map)?$/;
const foldersLeftOut = new Set(['node_modules', 'dist', 'test']);

function* filesUnder(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) yield path;
    else if (!foldersLeftOut.has(entry.name)) yield* filesUnder(path);
  }
}

const filesIn = (...folders) => folders.flatMap((folder) => [...filesUnder(folder)]);

function sources() {
  return filesIn(...rooms.map((room) => inRoot(room))).filter((path) => source.test(path));
}

/** Which files there are and when each last changed: reading them all would cost too much. */
function fingerprint(files) {
  const hash = createHash('sha256');
  for (const path of [...files, inRoot('.swcrc'), inRoot('package.json')]) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

export function isBuilt() {
  return existsSync(stampPath) && readFileSync(stampPath, 'utf8') === fingerprint(sources());
}

/** A file whose source is gone would still be imported, and would hide the mistake until later. */
function removeOrphans(files) {
  const stem = (path) => path.replace(/\.[cm]?[jt]sx?(\.map)?$/, '');
  const wanted = new Set(files.map((path) => stem(relative(inRoot(), path))));
  for (const path of filesIn(...rooms.map((room) => inRoot('dist', room)))) {
    const isOrphan = !wanted.has(stem(relative(inRoot('dist'), path)));
    if (output.test(path) && isOrphan) rmSync(path);
  }
}

/**
 * Compiles apps and libs into dist. The fingerprint is taken before, so that a file saved in the
 * meantime makes the next run build again; a failed build leaves no stamp.
 */
export async function build(node) {
  const files = sources();
  const stamp = fingerprint(files);
  rmSync(stampPath, { force: true });
  await step('build', `${files.length} files`, async () => {
    const { code, output: printed } = await runNode(node, [
      compiler,
      ...rooms,
      '-d',
      'dist',
      '--copy-files',
    ]);
    if (stopCode()) throw new Stop('stopped while building');
    if (code !== 0) throw new Stop(`the build failed\n${printed.trim()}`);
    removeOrphans(files);
    writeFileSync(stampPath, stamp);
  });
}
