import type { LogSource } from '../log-source.js';
import { newestCheckpoint } from './newest-checkpoint.js';
import { proveEntry } from './prove-entry.js';

/**
 * Which of these events the newest checkpoint covers; each was proven to be the one that was signed.
 *
 * @throws EventsMissing, LogDamaged when one is not
 */
export async function signedAmong(
  source: LogSource,
  events: readonly { readonly position: number }[],
): Promise<ReadonlySet<number>> {
  const checkpoint = await newestCheckpoint(source);
  const signed = new Set<number>();
  for (const { position } of events) {
    if (checkpoint === undefined || position >= checkpoint.size) continue;
    await proveEntry(source, checkpoint, position);
    signed.add(position);
  }
  return signed;
}
