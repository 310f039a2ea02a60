import type { RecoveryEpoch } from '#libs/event-log';
import {
  decodeEntries,
  entriesPath,
  NoteInvalid,
  parseCheckpoint,
  TILE_WIDTH,
  tilePath,
} from '#libs/transparency';
import { CannotRun } from '../command.js';
import type { LogSource } from '../log-source.js';
import type { Published } from './published-files.js';

/**
 * An export or an address: it has one checkpoint, and nothing beyond it.
 *
 * @throws CannotRun when it shows no checkpoint; NoteInvalid, CheckpointInvalid when that is none
 */
export async function openPublishedSource(
  service: string,
  published: Published,
): Promise<LogSource> {
  const { place } = published;
  const note = await textOf(published, 'checkpoint');
  if (note === undefined)
    throw new CannotRun(`${place} shows no checkpoint: it has signed nothing`);
  const vkey = (await textOf(published, 'vkey'))?.trim();
  const { size } = claimOf(note);
  const read = async (path: string) => {
    const bytes = await published.read(path);
    if (bytes === undefined) throw new CannotRun(`${place} does not show ${path}`);
    return bytes;
  };
  return {
    service,
    origin: service,
    place,
    head: async () => size,
    entries: async (from, limit) => bundled(read, from, { limit, size }),
    tile: async (level, index, width) => read(tilePath(level, index, width)),
    epochs: async () => (vkey === undefined ? [] : [onlyEpoch(vkey)]),
    checkpoints: async () => [{ epoch: 1, size, note }],
    close: async () => undefined,
  };
}

/** What a note says, before anybody has checked who signed it. */
export function claimOf(note: string): ReturnType<typeof parseCheckpoint> {
  const end = note.lastIndexOf('\n\n') + 1;
  if (end === 0) throw new NoteInvalid('no empty line separates its text from its signatures');
  return parseCheckpoint(note.slice(0, end));
}

/** An export does not tell of the log's names before its last recovery. */
function onlyEpoch(vkey: string): RecoveryEpoch {
  const origin = vkey.split('+')[0] ?? '';
  return { epoch: 1, origin, vkey, size: 0, reason: null, lostNote: null, openedAt: '' };
}

async function textOf({ read }: Published, path: string): Promise<string | undefined> {
  return (await read(path))?.toString('utf8');
}

/** What of one bundle lies at `from` and after it: the caller asks again for more. */
async function bundled(
  read: (path: string) => Promise<Buffer>,
  from: number,
  { limit, size }: { readonly limit: number; readonly size: number },
): Promise<readonly Uint8Array[]> {
  const index = Math.floor(from / TILE_WIDTH);
  const start = index * TILE_WIDTH;
  if (from >= size) return [];
  const bundle = decodeEntries(await read(entriesPath(index, Math.min(TILE_WIDTH, size - start))));
  return bundle.slice(from - start, Math.min(from - start + limit, size - start));
}
