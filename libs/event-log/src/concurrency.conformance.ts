import fc from 'fast-check';
import { rootAt } from '#libs/transparency';
import type { Commit, CommitOutcome, EventLog, KnownCommand } from './event-log.js';
import {
  ANOTHER,
  commitOf,
  counted,
  countOn,
  FINGERPRINT,
  type LogStore,
  sampleOptions,
} from './sample-commits.conformance.js';
import { leavesOf, treeHash } from './tree.conformance.js';

const ACTORS = ['li-1', 'wang-1'] as const;
const STREAMS = ['a', 'b', 'c'] as const;
const IDS = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `019570c0-0000-7000-9000-00000000000${n}`);

/** One commit before the streams' versions are known: `offBy` is how wrong it is about one. */
interface Attempt {
  readonly actor: string;
  readonly commandId: string;
  readonly fingerprint: string;
  readonly reads: readonly { readonly stream: string; readonly offBy: number }[];
  readonly writes: readonly { readonly stream: string; readonly count: number }[];
}

/** Commits that are asked for in one turn, at one time of a clock that may be wrong. */
interface Turn {
  /** Whether the log is closed and opened again before, if its store keeps it. */
  readonly reopens: boolean;
  readonly second: number;
  readonly attempts: readonly Attempt[];
}

const stream = fc.constantFrom(...STREAMS);
const attempt: fc.Arbitrary<Attempt> = fc.record({
  actor: fc.constantFrom(...ACTORS),
  commandId: fc.constantFrom(...IDS),
  fingerprint: fc.constantFrom(FINGERPRINT, ANOTHER),
  reads: fc.uniqueArray(fc.record({ stream, offBy: fc.constantFrom(0, 0, 0, 0, 1, -1) }), {
    selector: (read) => read.stream,
  }),
  writes: fc.array(fc.record({ stream, count: fc.integer({ min: 1, max: 2 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
});
const turns: fc.Arbitrary<readonly Turn[]> = fc.array(
  fc.record({
    reopens: fc.boolean(),
    second: fc.nat(59),
    attempts: fc.array(attempt, { maxLength: 4 }),
  }),
  { maxLength: 8 },
);

interface ModelEntry {
  readonly stream: string;
  readonly version: number;
  readonly recordedAt: string;
  readonly actor: string;
  readonly commandId: string;
  readonly n: number;
}

/** A log as one would draw it on paper: a list of entries and a list of commands. */
class Model {
  readonly entries: ModelEntry[] = [];
  readonly known = new Map<string, KnownCommand>();

  versionOf(name: string): number {
    return this.entries.filter((entry) => entry.stream === name).length;
  }

  append(commit: Commit, now: string): CommitOutcome {
    const { actor, commandId, fingerprint } = commit;
    const known = this.known.get(`${actor}/${commandId}`);
    if (known !== undefined) return { status: 'known', known };
    const changed = commit.reads.find((read) => this.versionOf(read.stream) !== read.version);
    if (changed !== undefined) return { status: 'conflict', stream: changed.stream };
    const first = this.entries.length;
    const last = this.entries.at(-1)?.recordedAt ?? '';
    const recordedAt = now < last ? last : now;
    for (const { stream: name, events } of commit.writes) {
      for (const event of events) {
        const n = 'n' in event ? Number(event.n) : NaN;
        const version = this.versionOf(name);
        this.entries.push({ stream: name, version, recordedAt, actor, commandId, n });
      }
    }
    const count = this.entries.length - first;
    this.known.set(`${actor}/${commandId}`, { fingerprint, first, count });
    return { status: 'committed', first, count };
  }
}

/** Plays the turns on a log and on the model, which must answer alike. */
async function playBoth({ open, reopen }: LogStore, played: readonly Turn[]) {
  const model = new Model();
  let now = '';
  let n = 0;
  const options = { ...sampleOptions, now: () => now };
  let log = open(options);
  for (const { reopens, second, attempts } of played) {
    if (reopens && reopen !== undefined) {
      await log.close();
      log = reopen(options);
    }
    now = `2026-03-01T00:00:${String(second).padStart(2, '0')}.000Z`;
    // What was read is older than the turn: its commits meet each other's effects.
    const versions = new Map(STREAMS.map((name) => [name as string, model.versionOf(name)]));
    const commits = attempts.map(({ reads, writes, ...asked }) => ({
      ...asked,
      reads: reads.map((read) => ({
        stream: read.stream,
        version: (versions.get(read.stream) ?? 0) + read.offBy,
      })),
      writes: writes.map((write) => ({
        stream: write.stream,
        events: Array.from({ length: write.count }, () => counted((n += 1))),
      })),
    }));
    const appended = log;
    const outcomes = await Promise.all(commits.map((commit) => appended.append(commit)));
    expect(outcomes).toEqual(commits.map((commit) => model.append(commit, now)));
  }
  return { log, model };
}

async function expectSame(log: EventLog, model: Model): Promise<void> {
  const expected = model.entries.map(({ n, ...entry }, position) => ({
    origin: 'sample',
    position,
    ...entry,
    event: counted(n),
  }));
  expect(await log.head()).toBe(expected.length);
  expect(await rootAt(expected.length, log)).toBe(treeHash(await leavesOf(log)));
  expect(await readInPages(log, 3)).toEqual(expected);
  for (const name of STREAMS) {
    const inStream = expected.filter((entry) => entry.stream === name);
    expect(await log.readStream(name)).toEqual(inStream);
    expect(await log.streamEvents(name)).toEqual(inStream.map(({ event }) => event));
  }
  for (const actor of ACTORS) {
    for (const id of IDS) {
      expect(await log.command(actor, id)).toEqual(model.known.get(`${actor}/${id}`));
    }
  }
}

async function readInPages(log: EventLog, size: number) {
  const pages = [];
  for (let from = 0; from < (await log.head()); from += size) pages.push(log.read(from, size));
  return (await Promise.all(pages)).flat();
}

/** What a log answers when many write at once: the same as if they had come one by one. */
export function concurrencyConformance(store: LogStore, runs: number): void {
  it('any sequence of commits, conflicts and repeats is answered as the model answers', async () => {
    const property = fc.asyncProperty(turns, async (played) => {
      const { log, model } = await playBoth(store, played);
      await expectSame(log, model);
      await log.close();
      if (store.reopen === undefined) return;
      const reopened = store.reopen(sampleOptions);
      await expectSame(reopened, model);
      await reopened.close();
    });
    await fc.assert(property, { numRuns: runs });
  }, 60_000);

  it('of many commits in one turn exactly those commit whose expectation is right', async () => {
    const log = store.open(sampleOptions);
    // The k-th on each of five streams expects k/2 events there: every second one is late.
    const commits = Array.from({ length: 600 }, (_, index) => {
      const place = Math.floor(index / 5);
      return countOn(`s-${index % 5}`, Math.floor(place / 2), place);
    });
    const outcomes = await Promise.all(commits.map((commit) => log.append(commit)));
    const right = outcomes.map((_, index) => Math.floor(index / 5) % 2 === 0);
    expect(outcomes.map(({ status }) => status === 'committed')).toEqual(right);
    expect(await log.head()).toBe(300);
    const firsts = outcomes.flatMap((done) => (done.status === 'committed' ? [done.first] : []));
    expect(firsts).toEqual(Array.from({ length: 300 }, (_, position) => position));
    const stream = await log.readStream('s-3');
    expect(stream.map(({ event }) => event)).toEqual(
      Array.from({ length: 60 }, (_, k) => counted(2 * k)),
    );
    await log.close();
  });

  it('what was asked for before the log closes is answered', async () => {
    const log = store.open(sampleOptions);
    const writes = Array.from({ length: 600 }, (_, n) => ({
      stream: `s-${n}`,
      events: [counted(n)],
    }));
    const asked = writes.map((write) => log.append(commitOf({ writes: [write] })));
    await log.close();
    const outcomes = await Promise.all(asked);
    expect(outcomes.every(({ status }) => status === 'committed')).toBe(true);
  });
}
