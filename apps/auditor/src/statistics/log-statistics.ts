import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { decodeEntry, type RecoveryEpoch } from '#libs/event-log';
import { hashToBase64 } from '#libs/transparency';
import { newestCheckpoint } from '../evidence/newest-checkpoint.js';
import type { LogSource } from '../log-source.js';
import { countEntries, type EntryCounts } from './count-entries.js';

/** 日志概况: how much a log holds, of what, and how far it is signed. */
export interface LogStatistics extends EntryCounts {
  readonly service: string;
  readonly place: string;
  /** Null when nothing is signed. */
  readonly checkpoint: SignedState | null;
  /** Events that no checkpoint covers yet. */
  readonly unsigned: number;
  readonly epochs: readonly RecoveryEpoch[];
  /** Bytes of each file in the service's folder, where there is one. */
  readonly files: Readonly<Record<string, number>>;
}

interface SignedState {
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly vkey: string;
  /** 8 hexadecimal digits. */
  readonly keyId: string;
  /** When the last event that it covers was recorded: a note does not tell when it was signed. */
  readonly until: string | null;
}

export async function logStatistics(
  source: LogSource,
  onProgress: (done: number, total: number) => void,
): Promise<LogStatistics> {
  const { service, place, dir } = source;
  const checkpoint = await signedState(source);
  const counts = await countEntries(source, onProgress);
  return {
    service,
    place,
    ...counts,
    checkpoint,
    unsigned: counts.events - (checkpoint?.size ?? 0),
    epochs: await source.epochs(),
    files: dir === undefined ? {} : filesIn(dir),
  };
}

async function signedState(source: LogSource): Promise<SignedState | null> {
  const checkpoint = await newestCheckpoint(source);
  if (checkpoint === undefined) return null;
  const { origin, size, root, vkey } = checkpoint;
  const keyId = vkey.split('+')[1] ?? '';
  return {
    origin,
    size,
    root: hashToBase64(root),
    vkey,
    keyId,
    until: await timeAt(source, size - 1),
  };
}

async function timeAt(source: LogSource, position: number): Promise<string | null> {
  const [bytes] = position < 0 ? [] : await source.entries(position, 1);
  if (bytes === undefined) return null;
  return new Date(decodeEntry(position, bytes).recordedAtMs).toISOString();
}

function filesIn(dir: string): Readonly<Record<string, number>> {
  const files = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map(({ name }) => [name, statSync(join(dir, name)).size]));
}
