import { leafHash, TILE_WIDTH, TreeEdge } from '#libs/transparency';
import { commandNumber } from './command-key.js';
import { decodeEntry, type Entry } from './entry.js';
import { LogDamaged } from './faults.js';
import { Indexer, INDEX_RUN } from './indexer.js';
import type { LogFile } from './log-file.js';
import type { IndexMark, LogIndex } from './log-index.js';
import { LogState } from './log-state.js';
import { storedEdge } from './stored-tree.js';

/** What a writer needs in memory to go on with a log. */
export interface Memory {
  readonly state: LogState;
  readonly indexer: Indexer;
}

/**
 * Reads from the files what a writer keeps in memory: the tree's right edge, and every event that
 * the index does not tell of.
 *
 * @param leads whether this writer is the one that fills the index
 * @throws LogDamaged when the files contradict themselves
 */
export function openLogState(file: LogFile, index: LogIndex, leads: boolean): Memory {
  // The index first: it never tells of more than the log holds by then.
  const mark = index.mark();
  return file.ofOneMoment(() => readState(file, index, mark, leads));
}

function readState(file: LogFile, index: LogIndex, indexed: IndexMark, leads: boolean): Memory {
  const head = file.head();
  if (file.tileCount(0) !== Math.floor(head / TILE_WIDTH)) {
    throw new LogDamaged(`${file.path} has ${head} events, but not the tiles over them`);
  }
  const entryAt = (position: number) => bytesAt(file, position);
  const mark = usableMark(indexed, { file, index, leads, head });
  // What is younger than the mark is remembered below: of commands, the index alone knows the rest.
  const state = new LogState(
    olderEvents(file, index),
    storedEdge(file, head),
    index.newestCommand(),
  );
  const indexer = new Indexer(index, state, entryAt, mark);
  if (head > 0) state.remember(entryOf(file, head - 1));
  for (let from = mark; from < head; from += INDEX_RUN) {
    for (const [at, [position, bytes]] of file.page(from, INDEX_RUN).entries()) {
      if (position !== from + at) throw new LogDamaged(`${file.path} has a gap before ${position}`);
      const entry = decodeEntry(position, bytes);
      state.remember(entry);
      indexer.note(entry);
    }
    // Only after the loss of an index is there so much: then it is made anew before work begins.
    if (leads && head - from > INDEX_RUN) indexer.finish();
  }
  return { state, indexer };
}

/**
 * Nothing is known of a log that contradicts itself, and nothing may be added to it; whoever asks
 * for a stream or a command is told why, instead of that there is none.
 */
export function closedLogState(file: LogFile, index: LogIndex, fault: Error): Memory {
  const refuse = (): never => {
    throw fault;
  };
  const older = { headOf: refuse, firstOf: refuse, entryAt: refuse };
  const state = new LogState(older, new TreeEdge());
  return { state, indexer: new Indexer(index, state, (position) => bytesAt(file, position), 0) };
}

export function bytesAt(file: LogFile, position: number): Uint8Array {
  const bytes = file.entry(position);
  if (bytes === undefined) throw new LogDamaged(`${file.path} has no event ${position}`);
  return bytes;
}

function entryOf(file: LogFile, position: number): Entry {
  return decodeEntry(position, bytesAt(file, position));
}

interface OpeningLog {
  readonly file: LogFile;
  readonly index: LogIndex;
  readonly leads: boolean;
  readonly head: number;
}

/** An index that tells of another log, or of more than this one holds, is of no use. */
function usableMark({ position, leaf }: IndexMark, log: OpeningLog): number {
  const { file, index, leads, head } = log;
  const isOurs =
    position === 0 || (position <= head && leafHash(bytesAt(file, position - 1)) === leaf);
  if (isOurs) return position;
  if (!leads) throw new LogDamaged(`the index beside ${file.path} tells of another log`);
  index.clear();
  return 0;
}

function olderEvents(file: LogFile, index: LogIndex) {
  const entryAt = (position: number) => entryOf(file, position);
  return {
    headOf: (stream: string) => index.headOf(stream),
    firstOf: (actor: string, commandId: string) =>
      index.candidates(commandNumber(actor, commandId)).find((position) => {
        const entry = entryAt(position);
        return entry.actor === actor && entry.commandId === commandId;
      }),
    entryAt,
  };
}
