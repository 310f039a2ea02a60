import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  formatOf,
  openReadOnly,
  openStoredCheckpoints,
  openStoredEvents,
  openStoredIndex,
  PREVIOUS_UNIT,
  schemaDifferences,
  STORE_FORMATS,
  StoreUnreadable,
  tellsOfDamage,
} from './index.js';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fengqiao-stored-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Writes a file as its service makes it, and rows into it. */
function write(file: keyof typeof SCHEMAS, ...statements: readonly string[]): void {
  const db = new DatabaseSync(join(dir, file));
  db.exec(`${SCHEMAS[file]}; PRAGMA user_version = ${STORE_FORMATS[file]}`);
  for (const sql of statements) db.exec(sql);
  db.close();
}

const guards = (table: string) => `
  CREATE TRIGGER ${table}_kept BEFORE DELETE ON ${table}
    BEGIN SELECT RAISE(ABORT, '${table}s are never deleted'); END;
  CREATE TRIGGER ${table}_unaltered BEFORE UPDATE ON ${table}
    BEGIN SELECT RAISE(ABORT, '${table}s are never changed'); END;`;
const SCHEMAS = {
  'log.db': `
    CREATE TABLE event ( position INTEGER PRIMARY KEY, previous INTEGER,
      entry BLOB NOT NULL ) STRICT;
    CREATE TABLE tile (id INTEGER PRIMARY KEY, root BLOB NOT NULL, hashes BLOB NOT NULL) STRICT;
    ${guards('event')} ${guards('tile')}`,
  'index.db': `
    CREATE TABLE head ( stream TEXT PRIMARY KEY, position INTEGER NOT NULL,
      version INTEGER NOT NULL ) STRICT, WITHOUT ROWID;
    CREATE TABLE command ( number INTEGER NOT NULL, position INTEGER NOT NULL,
      PRIMARY KEY (number, position) ) STRICT, WITHOUT ROWID;
    CREATE TABLE mark ( id INTEGER PRIMARY KEY CHECK (id = 0), position INTEGER NOT NULL,
      leaf BLOB NOT NULL ) STRICT`,
  'checkpoints.db': `
    CREATE TABLE checkpoint ( epoch INTEGER NOT NULL, size INTEGER NOT NULL, note TEXT NOT NULL,
      PRIMARY KEY (epoch, size) ) STRICT, WITHOUT ROWID;
    CREATE TABLE epoch ( epoch INTEGER PRIMARY KEY, origin TEXT NOT NULL, vkey TEXT NOT NULL,
      size INTEGER NOT NULL, reason TEXT, lost_note TEXT, opened_at TEXT NOT NULL ) STRICT`,
} as const;

describe('events', () => {
  it('are read as they lie, joined and row by row', () => {
    write('log.db', `INSERT INTO event VALUES (0, NULL, x'0102'), (1, 0, x'03'), (2, 1, x'04')`);
    const events = openStoredEvents(dir);
    const [entries, numbers] = events.joined(0, 3);
    expect([...(entries ?? [])]).toEqual([1, 2, 0, 3, 0, 4]);
    expect(numbers).toBe([2 - PREVIOUS_UNIT, 1, 1 + PREVIOUS_UNIT].join(','));
    expect(events.rows(1, 3).map(([position, , previous]) => [position, previous])).toEqual([
      [1, 0],
      [2, 1],
    ]);
    expect(events.joined(7, 9)).toEqual([null, null]);
    events.close();
  });

  it('that name a position below 0 before them do not pass for those that name none', () => {
    write('log.db', `INSERT INTO event VALUES (0, NULL, x'01'), (1, -1, x'01'), (2, -9, x'01')`);
    const events = openStoredEvents(dir);
    expect(events.joined(0, 3)[1]).toBe(
      [-1, -2, -10].map((previous) => 1 + previous * PREVIOUS_UNIT).join(','),
    );
    events.close();
  });

  it('end where they can be one log: a row far away is a stray', () => {
    write(
      'log.db',
      `INSERT INTO event VALUES (0, NULL, x'01'), (-3, 0, x'01'), (${2 ** 40}, 0, x'01')`,
    );
    const events = openStoredEvents(dir);
    expect(events.extent()).toEqual({ head: 1, strays: ['-3', `${2 ** 40}`] });
    events.close();
  });

  it('have tiles: those beyond the counts of their levels are strays', () => {
    write(
      'log.db',
      `INSERT INTO tile VALUES (0, x'0a', x'0b'), (1, x'0c', x'0d'), (${2 ** 40}, x'0e', x'0f')`,
    );
    const events = openStoredEvents(dir);
    expect([...(events.tile(1, 0)?.root ?? [])]).toEqual([0x0e]);
    expect(events.tileRoots(0, 0, 2).map((root) => root[0])).toEqual([0x0a, 0x0c]);
    expect([events.strayTiles([2, 1]), events.strayTiles([1]), events.strayTiles([])]).toEqual([
      [],
      ['1', `${2 ** 40}`],
      ['0', '1', `${2 ** 40}`],
    ]);
    events.close();
  });
});

describe('what was signed', () => {
  it('is read by epoch and size, and what belongs nowhere is odd', () => {
    write(
      'checkpoints.db',
      `INSERT INTO epoch VALUES (1, 'o', 'k', 0, NULL, NULL, 't')`,
      `INSERT INTO checkpoint VALUES (1, 3, 'three'), (1, 9, 'nine'), (1, -1, 'less'), (2, 3, 'none')`,
    );
    const signed = openStoredCheckpoints(dir);
    signed?.freeze();
    expect(signed?.between(1, 0, 9).map(({ note }) => note)).toEqual(['three', 'nine']);
    expect(signed?.between(1, 3, 8)).toEqual([]);
    expect(signed?.odd(8).map(({ note }) => note)).toEqual(['less', 'nine', 'none']);
    expect([signed?.count(), signed?.newestSize(), signed?.epochs()[0]?.origin]).toEqual([
      4,
      9,
      'o',
    ]);
    signed?.close();
  });

  it('is nothing where there is no file', () => {
    expect([openStoredCheckpoints(dir), openStoredIndex(dir)]).toEqual([undefined, undefined]);
  });
});

it('an index is read in pages, each row once and in its order', () => {
  const numbers = Array.from({ length: 9_500 }, (_, number) => number);
  write(
    'index.db',
    `INSERT INTO head VALUES ('b', 2, 0), ('a', 1, 0)`,
    `INSERT INTO command VALUES ${numbers.map((number) => `(${number >> 1}, ${number})`).join(', ')}`,
  );
  const index = openStoredIndex(dir);
  expect([...(index?.heads() ?? [])].flat()).toEqual([
    ['a', 1, 0],
    ['b', 2, 0],
  ]);
  expect([...(index?.commands() ?? [])].flat().map(([, position]) => position)).toEqual(numbers);
  expect([...(index?.commandColumns() ?? [])].map(([, positions]) => positions).join()).toEqual(
    numbers.join(),
  );
  expect([index?.headOf('b'), index?.headOf('c'), index?.marks()]).toEqual([2, undefined, []]);
  expect([index?.hasCommand(4, 9), index?.hasCommand(4, 10)]).toEqual([true, false]);
  index?.close();
});

it('commands are read to their end, whatever stands in their place', () => {
  const many = Array.from({ length: 4_000 }, () => `('9', ',')`).join();
  write(
    'index.db',
    'DROP TABLE command; CREATE TABLE command (number, position)',
    `INSERT INTO command VALUES ${many}`,
    `INSERT INTO command VALUES (x'00', NULL)`,
  );
  const index = openStoredIndex(dir);
  expect([...(index?.commandColumns() ?? [])].length).toBeLessThan(5);
  index?.close();
});

describe('what a file is made of', () => {
  const differences = (file: keyof typeof SCHEMAS) => {
    const db = openReadOnly(join(dir, file));
    const found = schemaDifferences(file, db).map(({ kind, statement }) => `${kind}: ${statement}`);
    const format = formatOf(db);
    db.close();
    return [format, found];
  };

  it.each(['log.db', 'index.db', 'checkpoints.db'] as const)('%s is as it was made', (file) => {
    write(file);
    expect(differences(file)).toEqual([STORE_FORMATS[file], []]);
  });

  it('tells what is missing and what is more, whatever its name', () => {
    write('log.db', 'DROP TRIGGER tile_kept', 'ANALYZE', 'CREATE TABLE more (a)');
    const [, found] = differences('log.db');
    expect(found).toEqual([
      expect.stringMatching(/^missing: CREATE TRIGGER tile_kept/),
      expect.stringMatching(/^unknown: CREATE TABLE sqlite_stat1/),
      'unknown: CREATE TABLE more (a)',
    ]);
  });
});

function faultOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('a file that cannot be read', () => {
  const opened = () => openReadOnly(join(dir, 'log.db'));

  it('is not there, or is a folder', () => {
    expect(opened).toThrow(new StoreUnreadable(`${dir}/log.db is not there`));
    mkdirSync(join(dir, 'log.db'));
    expect(opened).toThrow(new StoreUnreadable(`${dir}/log.db is a folder, not a database`));
  });

  it('is damaged when what is in it says so', () => {
    writeFileSync(join(dir, 'log.db'), 'no database, and long enough to be looked at'.repeat(99));
    expect(tellsOfDamage(faultOf(opened))).toBe(true);
    expect([new StoreUnreadable(''), new Error(''), undefined].map(tellsOfDamage)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('leaves nothing beside it when it is read', () => {
    write('log.db');
    chmodSync(join(dir, 'log.db'), 0o400);
    opened().close();
    expect(readdirSync(dir)).toEqual(['log.db']);
  });
});
