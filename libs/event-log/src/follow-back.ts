import type { StreamEntry } from './entry.js';
import { CHAIN_RUN } from './joined-entries.js';
import type { LogFile } from './log-file.js';

/**
 * An event, the one that its entry names as the one before it, and so on: as far as the file leads
 * there. None when it leads on from an entry that names no other.
 *
 * @throws LogDamaged where another entry lies than the one that was named
 */
export function followBack<Fields extends StreamEntry>(
  file: Pick<LogFile, 'chain'>,
  newest: number,
  decode: (position: number, entry: Uint8Array) => Fields,
): Fields[] {
  const found: Fields[] = [];
  let next: number | null = newest;
  while (next !== null) {
    const run = file.chain(next);
    for (const bytes of run) {
      if (next === null) return [];
      const entry: Fields = decode(next, bytes);
      found.push(entry);
      next = before(entry);
    }
    if (run.length < CHAIN_RUN) break;
  }
  return found;
}

/** Whatever an entry says, the way leads back and comes to an end. */
function before({ position, previous }: StreamEntry): number | null {
  return previous !== null && previous < position ? previous : null;
}
