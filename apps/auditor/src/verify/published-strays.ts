import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { entriesPath, HASH_BYTES, parseTilePath, TILE_WIDTH, tilePath } from '#libs/transparency';
import { epochFolders } from '../sources/log-place.js';
import type { Findings } from './findings.js';

/** What an export holds beside its tiles. */
const OTHERS: ReadonlySet<string> = new Set(['checkpoint', 'vkey']);

type Address = NonNullable<ReturnType<typeof parseTilePath>>;

/**
 * Looks for files of an exported folder that the checkpoint does not cover. Tiles that were not
 * full at an older checkpoint may still lie there: they must begin what is there now.
 */
export function checkStrays(dir: string, size: number, findings: Findings): void {
  const epochs = epochFolders(dir);
  for (const epoch of epochs) {
    findings.notice(`folder ${epoch}`, 'is the log after a recovery: verify it by itself');
  }
  for (const path of filesIn(dir)) {
    if (OTHERS.has(path) || epochs.some((epoch) => path.startsWith(`${epoch}/`))) continue;
    const address = parseTilePath(path);
    const now = address && coveringPath(address, size);
    if (address === undefined || now === undefined) {
      findings.manipulation(`file ${path}`, 'is none that the checkpoint covers');
    } else if (now !== path && !beginsWith(join(dir, now), join(dir, path), address)) {
      findings.manipulation(`file ${path}`, `is not the beginning of ${now}`);
    }
  }
}

function filesIn(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(dir, join(parentPath, name)).split(sep).join('/'))
    .sort();
}

/** Where the tile lies that holds all of this one at the present size; undefined if there is none. */
function coveringPath({ level, index, width }: Address, size: number): string | undefined {
  const nodes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  const present = Math.min(TILE_WIDTH, nodes - index * TILE_WIDTH);
  if (width > present) return undefined;
  return level === 'entries' ? entriesPath(index, present) : tilePath(level, index, present);
}

function beginsWith(now: string, before: string, { level, width }: Address): boolean {
  try {
    const older = readFileSync(before);
    const isWhole = level === 'entries' || older.length === width * HASH_BYTES;
    return isWhole && readFileSync(now).subarray(0, older.length).equals(older);
  } catch {
    // The one that is missing is told of already.
    return false;
  }
}
