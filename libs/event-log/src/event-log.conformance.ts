import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Commit, CommitOutcome, EventLog } from './event-log.js';
import {
  ANOTHER,
  commitOf,
  counted,
  countOn,
  type LogStore,
  noted,
  sampleOptions,
  TIME,
} from './sample-commits.conformance.js';

/** What every event log promises, whatever it stores its events in. */
export function eventLogConformance({ open }: LogStore): void {
  let log: EventLog;
  let now: string;

  beforeEach(() => {
    now = TIME;
    log = open({ ...sampleOptions, now: () => now });
  });
  afterEach(() => log.close());

  const all = () => log.read(0, 10_000);
  const places = async () => (await all()).map((e) => `${e.position} ${e.stream}/${e.version}`);
  const numbers = async () => (await all()).map(({ event }) => ('n' in event ? event.n : event));
  const append = (commit: Commit): Promise<CommitOutcome> => log.append(commit);

  describe('positions and versions', () => {
    it('an empty log has its head at 0 and nothing to read', async () => {
      expect(await log.head()).toBe(0);
      expect(await all()).toEqual([]);
      expect(await log.readStream('a')).toEqual([]);
    });

    it('positions are commit order, from 0, without gaps', async () => {
      await append(countOn('a', 0, 1, 2));
      await append(countOn('b', 0, 3));
      await append(countOn('a', 2, 4));
      expect(await places()).toEqual(['0 a/0', '1 a/1', '2 b/0', '3 a/2']);
      expect(await log.head()).toBe(4);
    });

    it('a commit is answered with its first position and how many events it added', async () => {
      await append(countOn('a', 0, 1));
      const outcome = await append(countOn('b', 0, 2, 3));
      expect(outcome).toEqual({ status: 'committed', first: 1, count: 2 });
    });

    it('an entry says where, when, by whom and why it was recorded', async () => {
      const commit = { ...countOn('a', 0, 7), cause: 'other@3' };
      await append(commit);
      expect(await all()).toEqual([
        {
          origin: 'sample',
          position: 0,
          stream: 'a',
          version: 0,
          recordedAt: now,
          actor: 'li-1',
          commandId: commit.commandId,
          cause: 'other@3',
          event: { type: 'Counted', n: 7 },
        },
      ]);
    });

    it('an entry without a cause has no such field', async () => {
      await append(countOn('a', 0, 7));
      expect((await all())[0]).not.toHaveProperty('cause');
    });

    it('a text is kept to the character', async () => {
      const event = noted('𠮷"\u0000\n\ud800');
      await append(commitOf({ writes: [{ stream: '街道-1', events: [event] }] }));
      expect((await log.readStream('街道-1'))[0]?.event).toEqual(event);
    });
  });

  describe('a commit is recorded as a whole or not at all', () => {
    const twoStreams = (versionOfB: number) =>
      commitOf({
        reads: [
          { stream: 'a', version: 0 },
          { stream: 'b', version: versionOfB },
        ],
        writes: [
          { stream: 'a', events: [counted(1)] },
          { stream: 'b', events: [counted(2), counted(3)] },
        ],
      });

    it('all its streams follow each other', async () => {
      await append(twoStreams(0));
      expect(await places()).toEqual(['0 a/0', '1 b/0', '2 b/1']);
    });

    it('one stream that changed keeps all of it out', async () => {
      expect(await append(twoStreams(1))).toEqual({ status: 'conflict', stream: 'b' });
      expect(await all()).toEqual([]);
    });

    it('a stream that was only read must not have changed either', async () => {
      await append(countOn('read', 0, 1));
      const reads = [{ stream: 'read', version: 0 }];
      const commit = commitOf({ reads, writes: [{ stream: 'written', events: [counted(2)] }] });
      expect(await append(commit)).toEqual({ status: 'conflict', stream: 'read' });
      expect(await numbers()).toEqual([1]);
    });

    it('a stream said to be longer than it is has changed as well', async () => {
      const outcome = await append(countOn('a', 1, 1));
      expect(outcome).toEqual({ status: 'conflict', stream: 'a' });
    });

    it('a commit that met a conflict may come again under its id', async () => {
      const commit = countOn('a', 1, 1);
      await append(commit);
      const again = { ...commit, reads: [{ stream: 'a', version: 0 }] };
      expect(await append(again)).toMatchObject({ status: 'committed' });
    });

    it('without an event it is refused: a command that changes nothing has no place', async () => {
      for (const writes of [[], [{ stream: 'a', events: [] }]]) {
        await expect(append(commitOf({ writes }))).rejects.toThrow(/without events/);
      }
      expect(await log.head()).toBe(0);
    });

    it('a stream that it names twice goes on where it was', async () => {
      const writes = [1, 2].map((n) => ({ stream: 'a', events: [counted(n)] }));
      await append(commitOf({ writes }));
      expect(await places()).toEqual(['0 a/0', '1 a/1']);
    });
  });

  describe('a command id is committed once', () => {
    it('a second commit with it changes nothing and answers with the first', async () => {
      const commit = countOn('a', 0, 1, 2);
      await append({ ...commit, fingerprint: ANOTHER });
      const other = { ...countOn('b', 0, 9), commandId: commit.commandId };
      const known = { fingerprint: ANOTHER, first: 0, count: 2 };
      expect(await append(other)).toEqual({ status: 'known', known });
      expect(await numbers()).toEqual([1, 2]);
    });

    it('it is known even where the streams have changed since', async () => {
      const commit = countOn('a', 0, 1);
      await append(commit);
      await append(countOn('a', 1, 2));
      expect(await append(commit)).toMatchObject({ status: 'known', known: { first: 0 } });
    });

    it('another actor may use the same id', async () => {
      const commit = countOn('a', 0, 1);
      await append(commit);
      const theirs = { ...countOn('a', 1, 2), commandId: commit.commandId, actor: 'wang-1' };
      expect(await append(theirs)).toMatchObject({ status: 'committed', first: 1 });
      expect(await log.command('li-1', commit.commandId)).toMatchObject({ first: 0 });
      expect(await log.command('wang-1', commit.commandId)).toMatchObject({ first: 1 });
    });

    it('twice in one turn it is committed once', async () => {
      const commit = countOn('a', 0, 1);
      const outcomes = await Promise.all([append(commit), append(commit)]);
      expect(outcomes.map(({ status }) => status)).toEqual(['committed', 'known']);
      expect(await log.head()).toBe(1);
    });

    it('one that was never committed is not known', async () => {
      const commit = countOn('a', 1, 1);
      await append(commit);
      expect(await log.command('li-1', commit.commandId)).toBeUndefined();
    });
  });

  describe('recorded time', () => {
    it('never runs backwards, whatever the clock does', async () => {
      const clock = ['05', '03', '04', '06'].map((second) => `2026-03-01T00:00:${second}.000Z`);
      for (const [index, time] of clock.entries()) {
        now = time;
        await append(countOn('a', index, index));
      }
      const seconds = (await all()).map(({ recordedAt }) => recordedAt.slice(17, 19));
      expect(seconds).toEqual(['05', '05', '05', '06']);
    });
  });

  describe('reading', () => {
    beforeEach(async () => {
      for (let n = 0; n < 5; n += 1) await append(countOn(n % 2 === 0 ? 'even' : 'odd', n >> 1, n));
    });

    it.each([
      [0, 2, [0, 1]],
      [2, 2, [2, 3]],
      [4, 2, [4]],
      [0, 100, [0, 1, 2, 3, 4]],
      [5, 100, []],
      [99, 100, []],
      [0, 0, []],
    ])('from %i on, at most %i: positions %j', async (from, limit, expected) => {
      const page = await log.read(from, limit);
      expect(page.map(({ position }) => position)).toEqual(expected);
    });

    it('a stream is read whole, in its own order, and no other with it', async () => {
      const even = await log.readStream('even');
      expect(even.map(({ version, event }) => [version, event])).toEqual([
        [0, counted(0)],
        [1, counted(2)],
        [2, counted(4)],
      ]);
      expect(await log.readStream('eve')).toEqual([]);
    });

    it('a stream’s events are given without their places as well', async () => {
      expect(await log.streamEvents('odd')).toEqual([counted(1), counted(3)]);
      expect(await log.streamEvents('none')).toEqual([]);
    });

    it.each([
      [0, []],
      [1, [0]],
      [2, [0]],
      [3, [0, 2]],
      [5, [0, 2, 4]],
      [99, [0, 2, 4]],
    ])('a stream as it was before position %i has positions %j', async (before, expected) => {
      const even = await log.readStream('even', before);
      expect(even.map(({ position }) => position)).toEqual(expected);
    });
  });

  describe('a listener', () => {
    it('hears of a commit, after it can be read', async () => {
      const heads: Promise<number>[] = [];
      log.onAppended(() => heads.push(log.head()));
      await append(countOn('a', 0, 1));
      await nextTurn();
      expect(await Promise.all(heads)).toEqual([1]);
    });

    it('does not hear of a conflict, of a repeat, or after it stopped', async () => {
      const commit = countOn('a', 0, 1);
      await append(commit);
      await nextTurn();
      const heard: string[] = [];
      const stop = log.onAppended(() => heard.push('appended'));
      await append(countOn('a', 0, 2));
      await append(commit);
      await nextTurn();
      expect(heard).toEqual([]);
      stop();
      await append(countOn('a', 1, 2));
      await nextTurn();
      expect(heard).toEqual([]);
    });
  });
}
