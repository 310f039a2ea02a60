import { createHash } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ask, LogFolders } from '../test/log-folder.js';
import type { Commit, EventLog } from './event-log.js';
import { encodeEntry } from './entry.js';
import { INDEX_RUN } from './indexer.js';
import { openLease } from './lease.js';
import { openLogFile } from './log-file.js';
import { openLogIndex } from './log-index.js';
import {
  commitOf,
  counted,
  countOn,
  FINGERPRINT,
  growTo,
  sampleOptions,
} from './sample-commits.conformance.js';
import { openSqliteLog, SqliteLog } from './sqlite-log.js';

const folders = new LogFolders();
const opened: SqliteLog[] = [];
let dir: string;

beforeEach(() => {
  dir = folders.next();
});
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
});
afterAll(() => folders.remove());

function open(): SqliteLog {
  const log = openSqliteLog(dir, sampleOptions);
  opened.push(log);
  return log;
}

async function close(log: SqliteLog): Promise<void> {
  opened.splice(opened.indexOf(log), 1);
  await log.close();
}

/** The first position that the index does not tell of. */
const markOf = (folder = dir) =>
  Number(ask(folder, 'SELECT position FROM mark', 'index.db')[0]?.position ?? 0);

/** Waits until the first run is in the index, at most 5 s. */
async function untilIndexed(): Promise<void> {
  for (let waited = 0; markOf() === 0 && waited < 5_000; waited += 50) await pause(50);
  expect(markOf()).toBe(INDEX_RUN);
}

/** Digits that look random and are the same on every run. */
const digest = (n: number) => createHash('sha256').update(`${n}`).digest('hex');
const uuidOf = (hex: string, version: string) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;

/** The n-th commit of a log that has seen every kind of name. */
function variedCommit(n: number): Commit {
  const time = (0x0195_70c0_0000 + n * 7).toString(16).padStart(12, '0');
  const inTime = uuidOf(`${time}${digest(n)}`, '7');
  const random = uuidOf(digest(n), '4');
  const commandId = [inTime, random, `load-${n}`, `命令-${n}`, `${n}`][n % 5]!;
  // Each stream is written again much later; some come only once.
  const old = Math.floor(n / 3) % 400;
  const stream = [
    `visit-${inTime}`,
    `visit-${old}`,
    `网格-${old}`,
    `area-街道${old}`,
    `${old}`,
    random,
  ][n % 6]!;
  const actor = n % 2 === 0 ? 'li-1' : '操作员';
  return commitOf({ commandId, actor, writes: [{ stream, events: [counted(n)] }] });
}

/** Appends the commits `from` to `to`, the streams' versions checked by the log. */
async function grow(log: EventLog, versions: Map<string, number>, from: number, to: number) {
  const commits = Array.from({ length: to - from }, (_, index) => variedCommit(from + index));
  const asked = commits.map((commit) => {
    const { stream } = commit.writes[0]!;
    const version = versions.get(stream) ?? 0;
    versions.set(stream, version + 1);
    return log.append({ ...commit, reads: [{ stream, version }] });
  });
  const outcomes = await Promise.all(asked);
  expect(outcomes.filter(({ status }) => status !== 'committed')).toEqual([]);
}

/** Numbers all over a range, its ends among them. */
const spread = (size: number, count: number) =>
  Array.from({ length: count }, (_, index) => Math.floor((index * (size - 1)) / (count - 1)));

async function expectKnown(log: EventLog, versions: ReadonlyMap<string, number>, size: number) {
  for (const n of spread(size, 80)) {
    const { actor, commandId, writes } = variedCommit(n);
    const { stream } = writes[0]!;
    expect(await log.command(actor, commandId)).toEqual({
      fingerprint: FINGERPRINT,
      first: n,
      count: 1,
    });
    expect(await log.command(`${actor}x`, commandId)).toBeUndefined();
    const version = versions.get(stream)!;
    const late = countOn(stream, version - 1, 0);
    expect(await log.append(late)).toEqual({ status: 'conflict', stream });
    expect(await log.readStream(stream)).toHaveLength(version);
  }
  for (const n of spread(size, 20)) {
    const { actor, commandId } = variedCommit(size + n);
    expect(await log.command(actor, commandId)).toBeUndefined();
  }
  expect(await log.readStream('visit-00000000-0000-7000-8000-000000000000')).toEqual([]);
  expect(await log.readStream('visit-zzz')).toEqual([]);
}

describe('over many events of every kind of name', () => {
  it('heads and commands are found, old and new, each time that it is opened', async () => {
    const versions = new Map<string, number>();
    const marks: number[] = [];
    let size = 0;
    for (const next of [5_000, INDEX_RUN, INDEX_RUN + 1, 17_500]) {
      const log = open();
      if (size > 0) await expectKnown(log, versions, size);
      await grow(log, versions, size, next);
      size = next;
      await expectKnown(log, versions, size);
      await close(log);
      marks.push(markOf());
    }
    expect(marks[0]).toBe(0);
    expect(marks.at(-1)! % INDEX_RUN).toBe(0);
    expect(size - marks.at(-1)!).toBeLessThan(2 * INDEX_RUN);
    await expectKnown(open(), versions, size);

    // An older copy of the index, or none, is brought up to the log.
    await close(opened[0]!);
    const [older, none] = [folders.next(), folders.next()];
    for (const copy of [older, none]) cpSync(dir, copy, { recursive: true });
    rmSync(join(none, 'index.db'));
    dir = none;
    await expectKnown(open(), versions, size);
    expect(markOf()).toBeGreaterThanOrEqual(size - INDEX_RUN);
    await close(opened[0]!);
    dir = older;
    const log = open();
    await grow(log, versions, size, size + INDEX_RUN);
    await close(log);
    cpSync(join(none, 'index.db'), join(older, 'index.db'));
    await expectKnown(open(), versions, size + INDEX_RUN);
  }, 60_000);
});

describe('the index', () => {
  it('keeps up with large commits, so that memory does not fill', async () => {
    const log = open();
    await growTo(log, 40_000, 50);
    await log.append(countOn('a', 0, 1));
    expect(markOf()).toBeGreaterThanOrEqual(40_000 - 2 * INDEX_RUN);
  }, 20_000);

  it('goes on while nobody writes', async () => {
    const log = open();
    await growTo(log, INDEX_RUN + 10, 50);
    await untilIndexed();
    expect(await log.readStream('s-7')).toHaveLength(164);
  }, 10_000);

  it('is followed by who does not lead, and gone on with after a takeover', async () => {
    const [leader, follower] = [open(), open()];
    const versions = new Map<string, number>();
    for (let size = 0; size < 10_000; size += 1_250) {
      await grow(size % 2_500 === 0 ? leader : follower, versions, size, size + 1_250);
    }
    await untilIndexed();
    await pause(120);
    await expectKnown(follower, versions, 10_000);
    await close(leader);
    for (let waited = 0; !follower.leads && waited < 3_000; waited += 50) await pause(50);
    expect(follower.leads).toBe(true);
    await grow(follower, versions, 10_000, 18_000);
    await expectKnown(follower, versions, 18_000);
    await close(follower);
    await expectKnown(open(), versions, 18_000);
  }, 60_000);
});

describe('while another process appends', () => {
  /** A file of which `head` and what is read after it are not of the same moment, if they need not be. */
  function disturbedFile(more: number) {
    const file = openLogFile(join(dir, 'log.db'), { readOnly: false });
    const other = openLogFile(join(dir, 'log.db'), { readOnly: false });
    let left = 1;
    return {
      ...file,
      head: () => {
        const head = file.head();
        if (left > 0) appendRaw(other, head, more);
        left -= 1;
        return head;
      },
      close: () => {
        other.close();
        file.close();
      },
    };
  }

  function appendRaw(file: ReturnType<typeof openLogFile>, head: number, more: number): void {
    file.begin();
    for (let position = head; position < head + more; position += 1) {
      const stream = `raw-${position}`;
      const entry = {
        ...{ position, previous: null, version: 0, recordedAtMs: 0, index: 0, count: 1 },
        ...{ commandId: `raw-${position}`, fingerprint: FINGERPRINT },
        ...{
          actor: 'li-1',
          cause: null,
          stream,
          type: 'Counted',
          typeVersion: 1,
          payload: '{"n":1}',
        },
      };
      file.addEntry(position, null, encodeEntry(entry));
    }
    file.commit();
  }

  it('a log that is being opened takes no event in twice', async () => {
    await growTo(open(), 100);
    await close(opened[0]!);
    const index = openLogIndex(join(dir, 'index.db'));
    const log = new SqliteLog(disturbedFile(50), index, openLease(dir), sampleOptions);
    opened.push(log);
    expect(log.readOnly).toBeUndefined();
    await growTo(log, INDEX_RUN + 500);
    await untilIndexed();
    const [last] = await log.read(INDEX_RUN - 1, 1);
    const heads = ask(dir, 'SELECT max(position) AS newest FROM head', 'index.db');
    expect(heads).toEqual([{ newest: last!.position }]);
    for (const position of [99, 100, 149]) {
      const [{ commandId } = { commandId: '' }] = await log.read(position, 1);
      expect(await log.command('li-1', commandId)).toBeDefined();
    }
  }, 20_000);

  it('a log that is being opened is not taken for one that lacks tiles', async () => {
    await growTo(open(), 250);
    await close(opened[0]!);
    // Events without their tile: what another process would add both of, in one commit.
    const file = disturbedFile(10);
    const log = new SqliteLog(
      { ...file, tileCount: (level) => file.tileCount(level) },
      openLogIndex(join(dir, 'index.db')),
      openLease(dir),
      sampleOptions,
    );
    opened.push(log);
    expect(log.readOnly).toBeUndefined();
  });
});
