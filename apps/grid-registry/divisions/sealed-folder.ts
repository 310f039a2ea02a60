import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { hashFile } from './hash-file.js';

/** A folder that is either complete, with exactly the bytes it was filled with, or of no use. */
export type SealedFolder = { readonly dir: string; readonly files: readonly string[] };

/** Puts the files into `content`; what it leaves in `scratch` is thrown away. */
export type Fill = (content: string, scratch: string) => Promise<void>;

// The format of sha256sum, so that an operator can check the folder by hand.
const SEAL = 'SHA256SUMS';
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/** Whether every file is there and still has the bytes it was sealed with. */
export async function isSealed(folder: SealedFolder): Promise<boolean> {
  try {
    return (await readFile(join(folder.dir, SEAL), 'utf8')) === (await checksums(folder));
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Fills the folder beside its place and moves it there in one step, so that neither a crash nor a
 * second process at the same work ever leaves half a folder in the place of a whole one.
 */
export async function fillSealed(folder: SealedFolder, fill: Fill): Promise<void> {
  await mkdir(dirname(folder.dir), { recursive: true });
  await removeAbandoned(folder.dir);
  const scratch = await mkdtemp(`${folder.dir}.partial-`);
  try {
    const content = join(scratch, 'content');
    await mkdir(content);
    await fill(content, scratch);
    const sums = await checksums({ ...folder, dir: content });
    await writeFile(join(content, SEAL), sums);
    await moveIntoPlace(content, folder, join(scratch, 'broken'));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function moveIntoPlace(content: string, folder: SealedFolder, aside: string): Promise<void> {
  if (await isSealed(folder)) return; // Another process was faster, and may be reading already.
  try {
    await rename(folder.dir, aside);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await rename(content, folder.dir);
}

async function checksums({ dir, files }: SealedFolder): Promise<string> {
  let sums = '';
  for (const file of files) {
    const digest = await hashFile(join(dir, file), 'sha256');
    sums += `${digest.toString('hex')}  ${file}\n`;
  }
  return sums;
}

/** Younger ones are spared: they may belong to a process that is at work now. */
async function removeAbandoned(dir: string): Promise<void> {
  const siblings = await readdir(dirname(dir));
  for (const name of siblings.filter((each) => each.startsWith(`${basename(dir)}.partial-`))) {
    const path = join(dirname(dir), name);
    const madeMs = await mtimeOf(path);
    if (Date.now() - madeMs > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}

/** A folder that its own process has just removed counts as young. */
async function mtimeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return Infinity;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return isNativeError(error) && 'code' in error && error.code === 'ENOENT';
}
