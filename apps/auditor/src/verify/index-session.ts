import { openStoredIndex, type StoredIndex } from '#libs/stored-log';
import { type HashKey, KeyedHash } from './keyed-hash.js';
import { RowSum, type Sum } from './row-sum.js';
import { readNumbers } from './read-numbers.js';
import { encodedStream } from './stream-encoding.js';

const TWO_32 = 2 ** 32;
/** More than a page of commands has. */
const PAGE_MAX = 8_192;

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

/** Sums are of 32 bits: what has more would pass for something else. */
function isShort(value: number): boolean {
  return value >= 0 && value < TWO_32;
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
      if (!(isShort(position) && isShort(version))) rows.add(0, 0, 0, 0);
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
  const [numbers, positions] = [new Float64Array(PAGE_MAX), new Float64Array(PAGE_MAX)];
  for (const page of index?.commandColumns() ?? []) {
    const count = readNumbers(page[0], numbers);
    readNumbers(page[1], positions);
    for (let row = 0; row < count; row += 1) {
      const number = numbers[row] ?? 0;
      const position = positions[row] ?? 0;
      // Nothing is beyond 32 bits, unless somebody wrote it: then it has to make a difference.
      const beyond = Math.floor(position / TWO_32);
      const upper = Math.floor(number / TWO_32);
      // The remainder by `%` would cost more than all else here.
      rows.add(upper, number - upper * TWO_32, position, beyond);
    }
    commandCount += count;
  }
  return { commands: rows.sum, commandCount };
}
