import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openKeyFile } from './key-file.js';
import { KeyConflict, KeysUnreadable, KeyTracesLeft } from './faults.js';
import { Sealing } from './sealing.js';
import { openSqliteKeys } from './sqlite-keys.js';
import { ANNA, BEN, subjectKeysConformance } from './subject-keys.conformance.js';
import type { SubjectKeys } from './subject-keys.js';

/** What another process would hold open is not waited for in a spec. */
const SHORT_MS = 50;

let folder: string;
let dir: string;
let closing: { close(): void }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-keys-'));
  dir = join(folder, 'sample');
  closing = [];
});
afterEach(() => {
  for (const each of closing) each.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (): SubjectKeys => opened(openSqliteKeys(dir, SHORT_MS));
/** The file as another process has it, by hand. */
const byHand = (): DatabaseSync => opened(new DatabaseSync(join(dir, 'keys.db')));

function opened<Store extends { close(): void }>(store: Store): Store {
  closing.push(store);
  return store;
}

function close(store: { close(): void }): void {
  closing = closing.filter((each) => each !== store);
  store.close();
}

const files = () => readdirSync(dir).map((name) => join(dir, name));
const lies = (bytes: Buffer) => files().filter((path) => readFileSync(path).includes(bytes));
const countOf = (db: DatabaseSync) => db.prepare('SELECT count(*) n FROM subject_key').get()?.n;
/** A UUID that sorts anywhere, so that the index over subjects is torn and joined. */
const subject = (n: number) =>
  `${((n * 2_654_435_761) >>> 0).toString(16).padStart(8, '0')}-0000-7000-8000-000000000000`;

describe('keys in SQLite', () => {
  let count = 0;
  subjectKeysConformance(() => openSqliteKeys(join(folder, String((count += 1)))));
});

describe('a key is durable when it was flushed', () => {
  it('and is found again after a restart, as is the key of the log', () => {
    const before = open();
    const key = before.obtain(ANNA);
    before.flush();
    const { logKey } = before;
    close(before);
    const after = open();
    expect(after.find(ANNA)).toEqual(key);
    expect(after.logKey).toEqual(logKey);
  });

  it('what was not flushed went with the crash', () => {
    const before = open();
    before.obtain(ANNA);
    close(before);
    const after = open();
    expect(after.find(ANNA)).toBeUndefined();
    after.flush();
    expect(countOf(byHand())).toBe(0);
  });

  it('all new keys or none: a flush that fails leaves them to the next', () => {
    const keys = open();
    const made = [ANNA, BEN].map((each) => keys.obtain(each));
    const other = byHand();
    other.exec(`CREATE TRIGGER full BEFORE INSERT ON subject_key WHEN new.subject = '${BEN}'
      BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
    expect(() => keys.flush()).toThrow('disk full');
    expect(countOf(other)).toBe(0);
    other.exec('DROP TRIGGER full');
    keys.flush();
    expect(countOf(other)).toBe(2);
    const after = open();
    expect([after.find(ANNA), after.find(BEN)]).toEqual(made);
  });
});

describe('two processes', () => {
  it('find each other’s keys and tombstones at once', () => {
    const [one, two] = [open(), open()];
    expect(two.logKey).toEqual(one.logKey);
    const key = one.obtain(ANNA);
    expect(two.find(ANNA)).toBeUndefined();
    one.flush();
    expect(two.obtain(ANNA)).toEqual(key);
    two.destroy(ANNA);
    expect(one.find(ANNA)).toBe('destroyed');
  });

  it.each<readonly [string, (one: SubjectKeys) => void]>([
    ['made a key for the same new subject', (one) => void (one.obtain(ANNA), one.flush())],
    ['erased a subject whose key is new here', (one) => one.destroy(ANNA)],
  ])('when one %s, the other records nothing more', (_, meddle) => {
    const [one, two] = [open(), open()];
    two.obtain(BEN);
    two.obtain(ANNA);
    meddle(one);
    const left = one.find(ANNA);
    expect(() => two.flush()).toThrow(KeyConflict);
    expect(() => two.flush()).toThrow(KeyConflict);
    expect([one.find(ANNA), one.find(BEN)]).toEqual([left, undefined]);
  });

  it('what one erased, the other neither opens nor seals, though it has the key in memory', async () => {
    const [one, two] = [open(), open()];
    const sealing = new Sealing(two, { flushEachKey: true });
    const sealed = sealing.seal(ANNA, { name: '示例甲' });
    await new Sealing(one).erase(ANNA);
    expect(sealing.open(sealed)).toBeUndefined();
    expect(() => sealing.seal(ANNA, {})).toThrow('destroyed');
  });
});

describe('of a destroyed key', () => {
  it('no byte is left in any file, nor is there any plaintext', () => {
    const keys = open();
    const name = Buffer.from('示例甲');
    new Sealing(keys, { flushEachKey: true }).seal(ANNA, { name: name.toString() });
    const key = keys.obtain(ANNA);
    expect(lies(key)).toEqual([join(dir, 'keys.db-wal')]);
    keys.destroy(ANNA);
    expect(lies(key)).toEqual([]);
    expect(lies(name)).toEqual([]);
    expect(byHand().prepare('SELECT subject, key, destroyed_at FROM subject_key').all()).toEqual([
      {
        subject: ANNA,
        key: null,
        destroyed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    ]);
  });

  it('no copy is left behind among thousands that come and go', () => {
    const keys = open();
    const made: Buffer[] = [];
    for (let n = 0; n < 3000; n += 1) {
      made.push(keys.obtain(subject(n)));
      if (n % 100 === 99) keys.flush();
      if (n % 150 === 149) keys.destroy(subject(n - 75));
    }
    const gone = made.filter((_, n) => keys.find(subject(n)) === 'destroyed');
    const bytes = Buffer.concat(files().map((path) => readFileSync(path)));
    expect(gone).toHaveLength(20);
    expect(gone.filter((key) => bytes.includes(key))).toEqual([]);
    expect(made.filter((key) => bytes.includes(key))).toHaveLength(2980);
  });

  it.each([
    ['journal_mode', 'wal'],
    ['secure_delete', 1],
    ['synchronous', 2],
  ])('what the file promises rests on %s = %s', (setting, value) => {
    const db = opened(openKeyFile(join(dir, 'keys.db'), SHORT_MS));
    expect(db.prepare(`PRAGMA ${setting}`).get()).toEqual({ [setting]: value });
  });

  it('traces are told of while somebody reads, and go with the next try', () => {
    const keys = open();
    const key = keys.obtain(ANNA);
    keys.flush();
    const reader = byHand();
    reader.exec('BEGIN; SELECT * FROM subject_key');
    reader.prepare('SELECT * FROM subject_key').all();
    expect(() => keys.destroy(ANNA)).toThrow(KeyTracesLeft);
    expect(keys.find(ANNA)).toBe('destroyed');
    expect(lies(key)).not.toEqual([]);
    reader.exec('COMMIT');
    keys.destroy(ANNA);
    expect(lies(key)).toEqual([]);
  });

  it.each([
    ['its row cannot be removed', 'DELETE FROM subject_key'],
    ['its key cannot come again', 'UPDATE subject_key SET key = zeroblob(32), destroyed_at = NULL'],
  ])('%s', (_, sql) => {
    open().destroy(ANNA);
    expect(() => byHand().exec(sql)).toThrow('a key is destroyed');
  });
});

describe('the file', () => {
  const modeOf = (path: string) => statSync(path).mode & 0o777;

  it('is its owner’s only, and so is what SQLite puts beside it', () => {
    open();
    expect(modeOf(dir)).toBe(0o700);
    expect(files().map((path) => path.slice(dir.length + 1))).toEqual([
      'keys.db',
      'keys.db-shm',
      'keys.db-wal',
    ]);
    expect(files().map(modeOf)).toEqual([0o600, 0o600, 0o600]);
  });

  it('is made so again when it was put back in another mode', () => {
    close(open());
    chmodSync(join(dir, 'keys.db'), 0o644);
    open();
    expect(files().map(modeOf)).toEqual([0o600, 0o600, 0o600]);
  });

  it('of a newer version is refused, with what to do, and left as it is', () => {
    close(open());
    const other = byHand();
    other.exec('PRAGMA user_version = 2');
    close(other);
    expect(open).toThrow(KeysUnreadable);
    expect(open).toThrow(/keys\.db has store format 2, this version reads 1: run the version/);
    expect(byHand().prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
  });

  it('of something else is refused', () => {
    mkdirSync(dir);
    writeFileSync(join(dir, 'keys.db'), 'not a database, but long enough to be read as one');
    expect(open).toThrow(KeysUnreadable);
    expect(existsSync(join(dir, 'keys.db'))).toBe(true);
  });
});
