import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { countOn, sampleEvents } from './event-log.conformance.js';
import { LogDamaged, UnknownEvent } from './faults.js';
import { openSqliteLog } from './sqlite-log.js';

let dir: string;

/** A closed log of five entries: `a` has positions 0 to 2, `b` has 3 and 4. */
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fengqiao-log-'));
  const log = open();
  await log.append(countOn('a', 0, 0, 1, 2));
  await log.append(countOn('b', 0, 3, 4));
  await log.close();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function open() {
  return openSqliteLog(dir, { origin: 'sample', events: sampleEvents, now: () => '' });
}

/** Changes the file as somebody could who has access to it. */
function edit(...statements: readonly string[]): void {
  const db = new DatabaseSync(join(dir, 'log.db'));
  try {
    for (const sql of statements) db.exec(sql);
  } finally {
    db.close();
  }
}

const withoutGuards = ['DROP TRIGGER event_kept', 'DROP TRIGGER event_unaltered'];
const setEntry = (value: string) => `UPDATE event SET entry = ${value} WHERE position = 1`;

describe('a mistake cannot change what is recorded', () => {
  it.each([
    ['UPDATE event SET stream = stream', /events are never changed/],
    ["UPDATE event SET entry = '' WHERE position = 1", /events are never changed/],
    ['DELETE FROM event', /events are never deleted/],
    ['DELETE FROM event WHERE position = 4', /events are never deleted/],
  ])('%s', async (sql, told) => {
    expect(() => edit(sql)).toThrow(told);
    const log = open();
    expect(await log.read(0, 10)).toHaveLength(5);
    await log.close();
  });

  it('a position is given once, and so is a version of a stream', () => {
    const insert = (values: string) => () => edit(`INSERT INTO event VALUES (${values})`);
    expect(insert("4, 'c', 0, ''")).toThrow(/UNIQUE/);
    expect(insert("5, 'a', 2, ''")).toThrow(/UNIQUE/);
  });
});

describe('a gap in the positions', () => {
  it.each([0, 1, 3])('at %i keeps the log from opening', (position) => {
    edit(...withoutGuards, `DELETE FROM event WHERE position = ${position}`);
    expect(open).toThrow(LogDamaged);
    expect(open).toThrow(/^sample has gaps in its positions$/);
  });

  it('that the number of entries hides is found by reading', async () => {
    edit(...withoutGuards, 'UPDATE event SET position = -1 WHERE position = 1');
    const log = open();
    await expect(log.read(0, 10)).rejects.toThrow(LogDamaged);
    await expect(log.read(1, 10)).rejects.toThrow(/gap after position 1/);
    expect(await log.read(2, 10)).toHaveLength(3);
    await log.close();
  });
});

describe('an entry that is not what was written is never handed out', () => {
  it.each([
    ['it is no JSON', setEntry('substr(entry, 2)')],
    ['it is empty', setEntry("''")],
    ['it is no object', setEntry("'null'")],
    ['it has no event', setEntry("json_remove(entry, '$.event')")],
    ['its format is another', setEntry("json_set(entry, '$.format', 2)")],
    ['it says another position', setEntry("json_set(entry, '$.position', 2)")],
    ['its event does not fit the schema', setEntry("json_set(entry, '$.event.n', 'x')")],
    ['its event says more than the schema', setEntry("json_set(entry, '$.event.m', 1)")],
  ])('%s', async (_, sql) => {
    edit(...withoutGuards, sql);
    const log = open();
    await expect(log.read(0, 10)).rejects.toThrow(LogDamaged);
    await expect(log.readStream('a')).rejects.toThrow(/entry 1/);
    expect(await log.readStream('b')).toHaveLength(2);
    await log.close();
  });

  it.each([
    ['it was moved to another stream', "UPDATE event SET stream = 'b', version = 2"],
    ['it was moved within its stream', 'UPDATE event SET version = 7'],
  ])('%s', async (_, sql) => {
    edit(...withoutGuards, `${sql} WHERE position = 1`);
    const log = open();
    await expect(log.readStream('a')).rejects.toThrow(LogDamaged);
    await log.close();
  });

  it('it has changed places with one of another stream', async () => {
    const put = (stream: string, position: number) =>
      `UPDATE event SET stream = '${stream}' WHERE position = ${position}`;
    edit(...withoutGuards, put('-', 1), put('a', 4), put('b', 1));
    const log = open();
    await expect(log.readStream('a')).rejects.toThrow(LogDamaged);
    await expect(log.readStream('b')).rejects.toThrow(LogDamaged);
    await log.close();
  });

  it('its type is one that this version does not know: that is named', async () => {
    edit(...withoutGuards, setEntry("json_set(entry, '$.event.type', 'Later')"));
    const log = open();
    await expect(log.read(0, 10)).rejects.toThrow(UnknownEvent);
    await expect(log.read(0, 10)).rejects.toThrow(/Later/);
    await log.close();
  });

  it('the newest is read when the log is opened', () => {
    edit(...withoutGuards, "UPDATE event SET entry = '' WHERE position = 4");
    expect(open).toThrow(LogDamaged);
  });
});

describe('a file that this version cannot read is refused with the reason', () => {
  it('a store format of a later version', async () => {
    edit('PRAGMA user_version = 2');
    expect(open).toThrow(LogDamaged);
    expect(open).toThrow(/^[^\n]*log\.db has store format 2, this version reads 1$/);
    // Refused, it is not held either: the right version may open it.
    edit('PRAGMA user_version = 1');
    await open().close();
  });

  it('a file that is no database', () => {
    for (const name of ['log.db', 'log.db-wal', 'log.db-shm']) {
      rmSync(join(dir, name), { force: true });
    }
    writeFileSync(join(dir, 'log.db'), 'a text that somebody saved under this name\n'.repeat(20));
    expect(open).toThrow(LogDamaged);
    expect(open).toThrow(/^[^\n]*log\.db is not an event log$/);
  });
});
