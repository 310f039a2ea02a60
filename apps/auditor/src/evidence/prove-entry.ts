import { LogDamaged } from '#libs/event-log';
import { formatProof, inclusionProof, leafHash, verifyInclusion } from '#libs/transparency';
import type { LogSource } from '../log-source.js';
import { EventsMissing } from '../whole-log.js';
import type { NewestCheckpoint } from './newest-checkpoint.js';

/** 证据: an entry and the proof (c2sp.org/tlog-proof) that its log holds it. */
export interface Evidence {
  readonly entry: Uint8Array;
  readonly proof: string;
}

/**
 * Proves that the entry at `position` is one of those that a checkpoint covers. The proof is checked
 * before it is handed out: one that nobody would accept is a finding of its own.
 *
 * @param position below the checkpoint's size
 * @throws EventsMissing; LogDamaged when the stored entry, or the tree, is not what was signed
 */
export async function proveEntry(
  source: LogSource,
  { size, root, note }: NewestCheckpoint,
  position: number,
): Promise<Evidence> {
  const [entry] = await source.entries(position, 1);
  if (entry === undefined) throw new EventsMissing(`event ${position} of ${size} is missing`);
  const proof = await inclusionProof(position, size, source);
  if (!verifyInclusion({ leaf: leafHash(entry), index: position, size, proof, root })) {
    throw new LogDamaged(`entry ${position} is not the one that was signed`);
  }
  return { entry, proof: formatProof({ index: position, proof, checkpoint: note }) };
}
