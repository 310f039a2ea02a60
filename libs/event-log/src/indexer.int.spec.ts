import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { leafHash, TreeEdge } from '#libs/transparency';
import { LogFolders } from '../test/log-folder.js';
import { commandNumber } from './command-key.js';
import { encodeEntry, type Entry } from './entry.js';
import { Indexer } from './indexer.js';
import { type LogIndex, openLogIndex } from './log-index.js';
import { LogState } from './log-state.js';
import { FINGERPRINT } from './sample-commits.conformance.js';

const folders = new LogFolders();
afterAll(() => folders.remove());

/** A hundred events on ten streams, each of them a command. */
const entries: readonly Entry[] = Array.from({ length: 100 }, (_, position) => ({
  ...{
    position,
    previous: position < 10 ? null : position - 10,
    version: Math.floor(position / 10),
  },
  ...{ recordedAtMs: 0, commandId: `c-${position}`, index: 0, count: 1, fingerprint: FINGERPRINT },
  ...{ actor: 'li-1', cause: null, stream: `s-${position % 10}`, type: 'Counted', typeVersion: 1 },
  payload: '{"n":1}',
}));
const bytesAt = (position: number) => encodeEntry(entries[position]!);

let path: string;
const indexes: LogIndex[] = [];

beforeEach(() => {
  const dir = folders.next();
  mkdirSync(dir);
  path = join(dir, 'index.db');
});
afterEach(() => {
  for (const index of indexes.splice(0)) index.close();
});

/** What one process has: its own connection, and its own memory of the log. */
function openIndexer() {
  const index = openLogIndex(path);
  indexes.push(index);
  const older = {
    headOf: index.headOf,
    firstOf: () => undefined,
    entryAt: (at: number) => entries[at]!,
  };
  const state = new LogState(older, new TreeEdge());
  const indexer = new Indexer(index, state, bytesAt, index.mark().position);
  const absorb = (from: number, to: number) => {
    for (const entry of entries.slice(from, to)) {
      state.absorb(entry, encodeEntry(entry));
      indexer.note(entry);
    }
  };
  return { index, state, indexer, absorb };
}

const headsIn = (index: LogIndex) => entries.slice(0, 10).map(({ stream }) => index.headOf(stream));
const headsAt = (size: number) =>
  entries
    .slice(size - 10, size)
    .toSorted((a, b) => (a.stream < b.stream ? -1 : 1))
    .map(({ position, version }) => ({ position, version }));

it('the index tells of what was noted, and of where it ends', () => {
  const { index, indexer, absorb } = openIndexer();
  absorb(0, 37);
  indexer.finish();
  absorb(37, 80);
  indexer.finish();
  expect(index.mark()).toEqual({ position: 80, leaf: leafHash(bytesAt(79)) });
  expect(headsIn(index)).toEqual(headsAt(80));
  for (const { actor, commandId, position } of entries.slice(0, 80)) {
    expect(index.candidates(commandNumber(actor, commandId))).toContain(position);
  }
});

it('one that is stopped in the middle has added nothing, and begins again', () => {
  const { index, indexer, absorb } = openIndexer();
  absorb(0, 50);
  indexer.finish();
  absorb(50, 100);
  index.begin();
  indexer.stop();
  expect(index.mark().position).toBe(50);
  indexer.finish();
  expect(index.mark().position).toBe(100);
});

it('one that hears late of what another has indexed goes on behind that', () => {
  const [ahead, behind] = [openIndexer(), openIndexer()];
  behind.absorb(0, 50);
  ahead.absorb(0, 80);
  ahead.indexer.finish();
  // The index tells of more than this one has read of the log.
  behind.indexer.follow();
  behind.absorb(50, 100);
  expect(headsAt(100)).toEqual(
    entries.slice(0, 10).map(({ stream }) => behind.state.headOf(stream)),
  );
  behind.indexer.finish();
  expect(behind.index.mark()).toEqual({ position: 100, leaf: leafHash(bytesAt(99)) });
  expect(headsIn(behind.index)).toEqual(headsAt(100));
  for (const { actor, commandId, position } of entries) {
    expect(behind.index.candidates(commandNumber(actor, commandId))).toEqual([position]);
  }
});

it('a second connection leaves what is there', () => {
  const { indexer, absorb, index } = openIndexer();
  absorb(0, 50);
  indexer.finish();
  const second = openIndexer();
  expect([index.mark().position, second.index.mark().position]).toEqual([50, 50]);
});
