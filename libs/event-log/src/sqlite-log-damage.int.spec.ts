import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootAt } from '#libs/transparency';
import { ask, edit, LogFolders, put, WITHOUT_GUARDS } from '../test/log-folder.js';
import { decodeEntry, encodeEntry, type Entry } from './entry.js';
import { LogDamaged, LogReadOnly, UnknownEvent } from './faults.js';
import { openLogFile } from './log-file.js';
import { countOn, growTo, sampleOptions } from './sample-commits.conformance.js';
import { openLease } from './lease.js';
import { openSqliteLog, type SqliteLog } from './sqlite-log.js';
import { leavesOf, treeHash } from './tree.conformance.js';

const folders = new LogFolders();
const opened: SqliteLog[] = [];
let dir: string;

/** A closed log of five entries: `a` has positions 0 to 2, `b` has 3 and 4. */
beforeEach(async () => {
  dir = folders.next();
  const log = open();
  await log.append(countOn('a', 0, 0, 1, 2));
  await log.append(countOn('b', 0, 3, 4));
  await log.close();
});
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close().catch(() => undefined);
});
afterAll(() => folders.remove());

function open(): SqliteLog {
  const log = openSqliteLog(dir, sampleOptions);
  opened.push(log);
  return log;
}

/** Puts other bytes in the place of an entry, past the guards. */
function alter(position: number, change: (entry: Buffer) => Uint8Array): void {
  const [row] = ask(dir, `SELECT entry FROM event WHERE position = ${position}`);
  edit(dir, WITHOUT_GUARDS);
  const bytes = change(Buffer.from(row!.entry as Uint8Array));
  put(dir, `UPDATE event SET entry = ? WHERE position = ${position}`, bytes);
}
const saying = (parts: Partial<Entry>) => (bytes: Buffer) =>
  encodeEntry({ ...decodeEntry(1, bytes), ...parts });

/** The log opens, but takes nothing, and says why; what it knows too little of it does not tell. */
async function expectClosed(log: SqliteLog, reason: RegExp): Promise<void> {
  expect(log.readOnly).toMatch(reason);
  await expect(log.append(countOn('c', 0, 1))).rejects.toThrow(LogReadOnly);
  await expect(log.append(countOn('c', 0, 1))).rejects.toThrow(reason);
  await expect(log.readStream('b')).rejects.toThrow(LogReadOnly);
  await expect(log.streamEvents('b')).rejects.toThrow(reason);
  await expect(log.command('li-1', 'any')).rejects.toThrow(reason);
}

describe('a mistake cannot change what is recorded', () => {
  it.each([
    ["UPDATE event SET entry = x''", /events are never changed/],
    ['UPDATE event SET position = 9 WHERE position = 4', /events are never changed/],
    ['DELETE FROM event', /events are never deleted/],
    ['DELETE FROM event WHERE position = 4', /events are never deleted/],
    ['UPDATE tile SET root = hashes', /tiles are never changed/],
    ['DELETE FROM tile', /tiles are never deleted/],
    ["INSERT INTO event (position, entry) VALUES (4, x'')", /UNIQUE/],
    ["INSERT INTO event (position, entry) VALUES ('x', x'')", /./],
    ["INSERT INTO event (position, entry) VALUES (5, 'text')", /./],
  ])('%s', async (sql, told) => {
    const log = open();
    await growTo(log, 300);
    expect(() => edit(dir, [sql])).toThrow(told);
    expect(await rootAt(300, log)).toBe(treeHash(await leavesOf(log)));
  });
});

describe('a gap in the positions', () => {
  it.each([0, 1, 3])('at %i keeps the log from being written', async (position) => {
    edit(dir, [...WITHOUT_GUARDS, `DELETE FROM event WHERE position = ${position}`]);
    const log = open();
    await expectClosed(log, /log\.db has a gap/);
    await expect(log.read(0, 10)).rejects.toThrow(LogDamaged);
    await expect(log.entries(0, 10)).rejects.toThrow(/sample has a gap/);
    expect(await log.head()).toBe(5);
    expect(await log.read(4, 10)).toHaveLength(1);
  });

  it('among many events is found as well', async () => {
    const log = open();
    await growTo(log, 700);
    await log.close();
    edit(dir, [...WITHOUT_GUARDS, 'DELETE FROM event WHERE position = 100']);
    await expectClosed(open(), /log\.db has a gap/);
  });

  it('at its end is one that the tiles tell of', async () => {
    const log = open();
    await growTo(log, 300);
    await log.close();
    edit(dir, [...WITHOUT_GUARDS, 'DELETE FROM event WHERE position >= 250']);
    await expectClosed(open(), /log\.db has 250 events, but not the tiles over them$/);
  });

  it('that appears while the log is in use closes it', async () => {
    const log = open();
    edit(dir, [...WITHOUT_GUARDS, 'DELETE FROM event WHERE position = 4']);
    await expect(log.append(countOn('c', 0, 1))).rejects.toThrow(LogDamaged);
    expect(log.readOnly).toMatch(/sample has lost events while it was in use/);
    await expect(log.append(countOn('c', 0, 1))).rejects.toThrow(LogReadOnly);
    expect(ask(dir, 'SELECT max(position) AS last FROM event')).toEqual([{ last: 3 }]);
  });
});

describe('what another process has added', () => {
  /** Adds copies of an entry past every rule, at positions that they say. */
  function add(...positions: readonly number[]): void {
    const file = openLogFile(join(dir, 'log.db'), { readOnly: false });
    const entry = decodeEntry(4, file.entry(4)!);
    file.begin();
    for (const position of positions) {
      file.addEntry(position, 3, encodeEntry({ ...entry, position, previous: 3 }));
    }
    file.commit();
    file.close();
  }

  it.each([
    ['with a gap in front of it', [6]],
    ['with a gap within', [5, 7]],
  ])('%s closes the log, and nothing is added to it', async (_, positions) => {
    const log = open();
    add(...positions);
    await expect(log.append(countOn('c', 0, 1))).rejects.toThrow(LogDamaged);
    await expectClosed(log, /has a gap before (?:position )?[67]$/);
    const rows = ask(dir, 'SELECT position FROM event WHERE position > 4');
    expect(rows.map(({ position }) => position)).toEqual(positions);
  });
});

describe('an entry that is not what was written is never handed out', () => {
  it.each<[string, (entry: Buffer) => Uint8Array]>([
    ['it is empty', () => new Uint8Array()],
    ['it is cut', (entry) => entry.subarray(0, -1)],
    ['it is longer', (entry) => Buffer.concat([entry, Buffer.of(0)])],
    ['it is none', (entry) => Buffer.from(entry).reverse()],
    ['it says another position', saying({ position: 2 })],
  ])('%s: the log is closed, since it cannot be gone on with', async (_, change) => {
    alter(1, change);
    const log = open();
    await expectClosed(log, /entry 1/);
    await expect(log.read(0, 10)).rejects.toThrow(LogDamaged);
    await expect(log.read(0, 10)).rejects.toThrow(/entry 1/);
    expect(await log.read(2, 10)).toHaveLength(3);
  });

  it.each([
    ['its payload is no JSON', '{"n":'],
    ['its payload is no object', 'null'],
  ])('%s', async (_, payload) => {
    alter(1, saying({ payload }));
    const log = open();
    await expect(log.read(0, 10)).rejects.toThrow(LogDamaged);
    await expect(log.readStream('a')).rejects.toThrow(/entry 1 is not what was written/);
    expect(await log.readStream('b')).toHaveLength(2);
  });

  it.each<[string, Partial<Entry>]>([
    ['it was moved to another stream', { stream: 'b', version: 2, previous: 4 }],
    ['it was moved within its stream', { version: 7 }],
    ['it says that it is the first', { version: 0 }],
  ])('%s', async (_, parts) => {
    alter(1, saying(parts));
    const log = open();
    await expect(log.readStream('a')).rejects.toThrow(LogDamaged);
    await expect(log.readStream('a')).rejects.toThrow(/sample has a gap in a/);
    await expect(log.streamEvents('a')).rejects.toThrow(/sample has a gap in a/);
  });

  it.each([
    ['to itself', 'previous = 2 WHERE position = 2'],
    ['around in a circle', 'previous = 2 WHERE position = 1'],
    ['past one', 'previous = 0 WHERE position = 2'],
    ['to another stream', 'previous = 3 WHERE position = 2'],
    ['nowhere', 'previous = NULL WHERE position = 2'],
    ['to what is not there', 'previous = 99 WHERE position = 2'],
  ])('a stream that was led %s', async (_, change) => {
    edit(dir, [...WITHOUT_GUARDS, `UPDATE event SET ${change}`]);
    const log = open();
    await expect(log.readStream('a')).rejects.toThrow(LogDamaged);
    expect(await log.readStream('b')).toHaveLength(2);
  });

  it.each<[string, Partial<Entry>, RegExp]>([
    ['type', { type: 'Later' }, /event type Later is not declared/],
    ['version of its type', { typeVersion: 2 }, /Counted version 2/],
  ])('its %s is one that this version does not know: that is named', async (_, parts, told) => {
    alter(1, saying(parts));
    const log = open();
    await expect(log.read(0, 10)).rejects.toThrow(UnknownEvent);
    await expect(log.read(0, 10)).rejects.toThrow(told);
  });

  it('its leaf format is a later one: the log is closed until that version runs', async () => {
    alter(4, (entry) => Buffer.from(entry).fill(2, 1, 2));
    await expectClosed(open(), /leaf format 2 was found, .*: run the version that wrote it$/);
  });
});

describe('a tile that is not what was written', () => {
  beforeEach(async () => {
    const log = open();
    await growTo(log, 600);
    await log.close();
  });

  it.each([
    ['is missing', 'DELETE FROM tile WHERE id = 1', /not the tiles over them$/],
    ['is one too many', "INSERT INTO tile VALUES (2, x'', x'')", /not the tiles over them$/],
    ['is another’s', 'UPDATE tile SET id = 77 WHERE id = 0', /lacks hashes of level 1$/],
    ['has no root', "UPDATE tile SET root = x'00' WHERE id = 0", /has a tile that is none$/],
  ])('%s: the log is closed', async (_, sql, reason) => {
    edit(dir, [...WITHOUT_GUARDS, sql]);
    await expectClosed(open(), reason);
  });
});

describe('the index beside a log', () => {
  /** Puts the index of a longer log in the place of this one's. */
  const takeAnothers = async () => {
    const others = folders.next();
    const log = openSqliteLog(others, sampleOptions);
    await growTo(log, 9_000, 3);
    await log.close();
    expect(ask(others, 'SELECT position FROM mark', 'index.db')).toEqual([{ position: 8_192 }]);
    cpSync(join(others, 'index.db'), join(dir, 'index.db'));
  };

  it('may be deleted', async () => {
    rmSync(join(dir, 'index.db'));
    const log = open();
    expect(await log.append(countOn('a', 2, 9))).toEqual({ status: 'conflict', stream: 'a' });
    expect(await log.append(countOn('a', 3, 9))).toMatchObject({ first: 5 });
    expect(existsSync(join(dir, 'index.db'))).toBe(true);
  });

  it('is made anew when it tells of another log', async () => {
    await takeAnothers();
    const log = open();
    expect(log.readOnly).toBeUndefined();
    expect(ask(dir, 'SELECT count(*) AS n FROM head', 'index.db')).toEqual([{ n: 0 }]);
    expect(await log.readStream('s-1')).toEqual([]);
    expect(await log.append(countOn('s-1', 0, 9))).toMatchObject({ first: 5 });
  }, 20_000);

  it('is made anew when it tells of more than the log holds', async () => {
    const before = open();
    await growTo(before, 9_000, 3);
    await before.close();
    edit(dir, [...WITHOUT_GUARDS, 'DELETE FROM event WHERE position >= 8000']);
    edit(dir, ['DELETE FROM tile WHERE id BETWEEN 31 AND 40']);
    const log = open();
    expect(log.readOnly).toBeUndefined();
    const { length } = await log.readStream('s-1');
    expect(await log.append(countOn('s-1', length, 9))).toMatchObject({ first: 8_000 });
  }, 20_000);

  it('that is another log’s is left alone by who does not lead, and told', async () => {
    await takeAnothers();
    const lease = openLease(dir);
    const second = open();
    expect([lease.isHeld, second.leads]).toEqual([true, false]);
    await expectClosed(second, /the index beside .*log\.db tells of another log$/);
    lease.release();
  }, 20_000);

  it('that is no database is named, with what to do', () => {
    writeFileSync(join(dir, 'index.db'), 'a text that somebody saved here\n'.repeat(40));
    expect(open).toThrow(LogDamaged);
    expect(open).toThrow(/^[^\n]*index\.db is no index: remove it, and it is made anew$/);
    // Nothing is left open: the last who closes a database removes its write-ahead log.
    expect(existsSync(join(dir, 'log.db-wal'))).toBe(false);
    rmSync(join(dir, 'index.db'));
    expect(open().leads).toBe(true);
  });
});

describe('a file that this version cannot go on with', () => {
  it('a store format of a later version is read and not written', async () => {
    edit(dir, ['PRAGMA user_version = 3']);
    const log = open();
    await expectClosed(log, /store format 3, this version writes 2; run the version that wrote it/);
    expect(await log.read(0, 10)).toHaveLength(5);
    await log.close();
    edit(dir, ['PRAGMA user_version = 2']);
    expect(await open().append(countOn('a', 3, 1))).toMatchObject({ status: 'committed' });
  });

  it('a store format of an earlier version is refused', () => {
    edit(dir, ['PRAGMA user_version = 1']);
    expect(open).toThrow(LogDamaged);
    expect(open).toThrow(/^[^\n]*log\.db has store format 1, this version reads 2$/);
    // Refused, it is not held either: the right version may open it.
    edit(dir, ['PRAGMA user_version = 2']);
    expect(open().leads).toBe(true);
  });

  it('a file that is no database', () => {
    for (const name of ['log.db', 'log.db-wal', 'log.db-shm'])
      rmSync(join(dir, name), { force: true });
    writeFileSync(join(dir, 'log.db'), 'a text that somebody saved under this name\n'.repeat(20));
    expect(open).toThrow(LogDamaged);
    expect(open).toThrow(/^[^\n]*log\.db is not an event log$/);
  });
});
