import { openStoredIndex, type StoredIndex } from '#libs/stored-log';
import { type HashKey, KeyedHash } from './keyed-hash.js';
import { RowSum, type Sum } from './row-sum.js';
import { encodedStream } from './stream-encoding.js';

const TWO_32 = 2 ** 32;

/** Up to where an index tells of the log, and the leaf hash of the last event before. */
export interface IndexMark {
  readonly position: number;
  readonly leaf: Uint8Array;
}

/** What an index holds, in sums that are compared with those of the log (see `EntryColumns`). */
export interface IndexSums {
  readonly heads: Sum;
  readonly headCount: number;
  readonly commands: Sum;
  readonly commandCount: number;
}

/** An index as it was when the session began, whatever is added to it meanwhile. */
export interface IndexSession {
  /** Undefined when there is no index, or none that tells of anything. */
  readonly mark: IndexMark | undefined;
  sums(): IndexSums;
  close(): void;
}

export function openIndexSession(dir: string, key: HashKey): IndexSession {
  const index = openStoredIndex(dir);
  return {
    mark: index?.marks()[0],
    sums: () => ({ ...headsOf(index, key), ...commandsOf(index, key) }),
    close: () => index?.close(),
  };
}

function headsOf(
  index: StoredIndex | undefined,
  key: HashKey,
): Pick<IndexSums, 'heads' | 'headCount'> {
  const hash = new KeyedHash(key);
  const rows = new RowSum(key);
  let headCount = 0;
  for (const page of index?.heads() ?? []) {
    for (const [stream, position, version] of page) {
      const name = encodedStream(stream);
      hash.use(name);
      hash.ofBytes(0, name.length);
      rows.add(hash.low, hash.high, position, version);
    }
    headCount += page.length;
  }
  return { heads: rows.sum, headCount };
}

function commandsOf(
  index: StoredIndex | undefined,
  key: HashKey,
): Pick<IndexSums, 'commands' | 'commandCount'> {
  const rows = new RowSum(key);
  let commandCount = 0;
  for (const page of index?.commands() ?? []) {
    for (const [number, position] of page) {
      rows.add(Math.floor(number / TWO_32), number % TWO_32, position, 0);
    }
    commandCount += page.length;
  }
  return { commands: rows.sum, commandCount };
}
