import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { lockFile } from '#libs/event-log';
import { BackupRefused } from './refused.js';

/** The services that have a log in a data folder. */
export function servicesIn(dataDir: string): readonly string[] {
  if (!existsSync(dataDir)) return [];
  return readdirSync(dataDir)
    .filter((name) => existsSync(join(dataDir, name, 'log.db')))
    .sort();
}

/**
 * Makes a folder for its owner only.
 *
 * @throws BackupRefused when that cannot be done, or something is in it
 */
export function makeEmptyFolder(path: string, option: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BackupRefused(`${option} ${path} cannot be made: ${why}`, { cause });
  }
  if (readdirSync(path).length > 0) {
    throw new BackupRefused(`${option} ${path} is not empty: name a new folder`);
  }
}

/** Whether `path` is `folder` or lies in it. */
export function liesIn(path: string, folder: string): boolean {
  return !/^\.\.(?:[/\\]|$)/.test(relative(folder, path));
}

/**
 * Runs `work` while no other process uses these services' folders.
 *
 * @throws DataDirInUse when one does
 */
export async function alone<Answer>(
  dataDir: string,
  services: readonly string[],
  work: () => Promise<Answer>,
): Promise<Answer> {
  const unlocks: (() => void)[] = [];
  try {
    for (const service of services) unlocks.push(lockFile(join(dataDir, service, 'lock.db')));
    return await work();
  } finally {
    for (const unlock of unlocks) unlock();
  }
}
