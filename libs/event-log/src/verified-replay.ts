import type { EventSchemas } from '#libs/contracts';
import type { Recorded } from '#libs/event';
import { leafHash, TreeEdge } from '#libs/transparency';
import { readRecorded } from './event-codec.js';
import type { ProvableLog } from './event-log.js';
import { LogDamaged } from './faults.js';
import type { Committed } from './log-signer.js';

/** Larger pages only cost memory (reference measurements). */
const PAGE = 256;

/**
 * Replays the events that a checkpoint covers. Each stored entry is hashed as it is read, and the
 * tree over all of them must have the root that was signed: until the promise resolves, what was
 * handed out is not proven.
 *
 * @throws LogDamaged when entries are missing, or are not those that were signed
 */
export async function replayVerified(
  log: ProvableLog,
  events: EventSchemas,
  { size, root }: Committed,
  handle: (page: readonly Recorded[]) => void | Promise<void>,
): Promise<void> {
  const tree = new TreeEdge();
  while (tree.size < size) {
    const from = tree.size;
    const entries = await log.entries(from, Math.min(PAGE, size - from));
    if (entries.length === 0)
      throw new LogDamaged(`${log.origin} ends at ${from} of ${size} events`);
    const page = readRecorded(log.origin, events, from, entries);
    for (const bytes of entries) tree.append(leafHash(bytes));
    await handle(page);
  }
  if (tree.root() !== root) {
    throw new LogDamaged(
      `the first ${size} events of ${log.origin} are not those that were signed`,
    );
  }
}
