import { LogDamaged } from '#libs/event-log';
import {
  encodeEntries,
  entriesPath,
  leafHash,
  type OpenedCheckpoint,
  openCheckpoint,
  parseVerifierKey,
  rootAt,
  TILE_WIDTH,
  tilePath,
  tilesOf,
  TreeEdge,
} from '#libs/transparency';
import type { NewestCheckpoint } from '../evidence/newest-checkpoint.js';
import type { LogSource } from '../log-source.js';
import { wholeLog } from '../whole-log.js';
import { ExportDiffers, exportFolder, type ExportFolder } from './export-folder.js';

/** What was published: a log of this size, and how many files were new. */
export interface Exported {
  readonly size: number;
  readonly written: number;
}

/**
 * Publishes a log up to its newest checkpoint as files that any static server can give out
 * (c2sp.org/tlog-tiles). Tiles are computed from the entries; the checkpoint comes last, so that
 * all that it covers is there. What was published before is added to, and never altered.
 *
 * @throws ExportDiffers when the folder holds another log, or another past of this one
 * @throws LogDamaged when the stored entries are not those that were signed
 */
export async function exportLog(
  source: LogSource,
  checkpoint: NewestCheckpoint,
  dir: string,
  onProgress: (done: number) => void = () => undefined,
): Promise<Exported> {
  const log = wholeLog(source);
  const files = exportFolder(dir);
  const before = await publishedBefore(log, checkpoint, files);
  try {
    const tree = await publishEntries(log, checkpoint.size, files, onProgress);
    if (tree.root() !== checkpoint.root) {
      throw new LogDamaged(`its ${checkpoint.size} entries are not those that were signed`);
    }
    for (const { level, index, width } of tilesOf(checkpoint.size)) {
      if (width < TILE_WIDTH) files.add(tilePath(level, index, width), tree.tile(level, width));
    }
    files.add('vkey', `${checkpoint.vkey}\n`);
  } catch (error) {
    files.undo();
    throw error;
  }
  files.replace('checkpoint', checkpoint.note);
  removeOutgrown(before?.size ?? 0, checkpoint.size, files);
  return { size: checkpoint.size, written: files.written };
}

/** The checkpoint that lies in the folder, if any, which the newest one has to continue. */
async function publishedBefore(
  source: LogSource,
  { origin, size, vkey }: NewestCheckpoint,
  files: ExportFolder,
): Promise<OpenedCheckpoint | undefined> {
  const note = files.read('checkpoint');
  if (note === undefined) return undefined;
  const before = opened(note, vkey, origin);
  if (before.size > size) {
    throw new ExportDiffers(`it holds ${before.size} entries, but the log has signed only ${size}`);
  }
  if ((await rootAt(before.size, source)) === before.root) return before;
  throw new ExportDiffers(`its first ${before.size} entries are not those of the log`);
}

function opened(note: string, vkey: string, origin: string): OpenedCheckpoint {
  try {
    return openCheckpoint(note, [parseVerifierKey(vkey)]);
  } catch (cause) {
    throw new ExportDiffers(`the checkpoint in it is none of ${origin}`, { cause });
  }
}

async function publishEntries(
  source: LogSource,
  size: number,
  files: ExportFolder,
  onProgress: (done: number) => void,
): Promise<TreeEdge> {
  const tree = new TreeEdge();
  while (tree.size < size) {
    const from = tree.size;
    const bundle = await bundleOf(source, from, Math.min(TILE_WIDTH, size - from));
    files.add(entriesPath(from / TILE_WIDTH, bundle.length), encodeEntries(bundle));
    for (const tile of bundle.flatMap((entry) => tree.append(leafHash(entry)))) {
      files.add(tilePath(tile.level, tile.index), tile.hashes);
    }
    onProgress(tree.size);
  }
  return tree;
}

/** A source may give fewer entries than it was asked for. */
async function bundleOf(source: LogSource, from: number, width: number): Promise<Uint8Array[]> {
  const bundle: Uint8Array[] = [];
  while (bundle.length < width) {
    const more = await source.entries(from + bundle.length, width - bundle.length);
    bundle.push(...more);
  }
  return bundle;
}

/** What was partial before and is full now: readers of an older checkpoint take the full one. */
function removeOutgrown(before: number, size: number, files: ExportFolder): void {
  for (const { level, index, width } of tilesOf(before)) {
    const isFull = (index + 1) * TILE_WIDTH ** (level + 1) <= size;
    if (width === TILE_WIDTH || !isFull) continue;
    files.remove(`${tilePath(level, index)}.p`);
    if (level === 0) files.remove(`${entriesPath(index)}.p`);
  }
}
