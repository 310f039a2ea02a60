import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type SealedLog, sealedLog, streamOf } from './sealed-log.js';
import { Copy, flipped, hex, notReported, type Tampering } from './tampering.js';

let log: SealedLog;
let tried = 0;

beforeAll(async () => {
  log = await sealedLog();
});
afterAll(() => {
  log.remove();
  process.stderr.write(`tampering with hashes and the index: ${tried} changes tried\n`);
});

async function expectAllReported(tamperings: readonly Tampering[]): Promise<void> {
  tried += tamperings.length;
  expect(await notReported(log, tamperings)).toEqual([]);
}

/** SQLite itself refuses such names; whoever writes the file does not ask it. */
function renamedToHide({ dir }: Copy, file: string): void {
  const db = new DatabaseSync(join(dir, file), { defensive: false });
  db.exec(`PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET name = 'sqlite_zz', sql = replace(sql, ' zz', ' sqlite_zz'),
      tbl_name = replace(tbl_name, 'zz', 'sqlite_zz') WHERE name = 'zz';`);
  db.close();
}

/** Changes one value of one row by a function of its bytes. */
function rewritten(column: 'root' | 'hashes', id: number, change: (bytes: Buffer) => Uint8Array) {
  return (copy: Copy): void =>
    copy.edit('log', (db) => {
      const row = db.prepare(`SELECT ${column} AS bytes FROM tile WHERE id = ?`).get(id);
      const bytes = change(Buffer.from(row?.bytes as Uint8Array));
      db.prepare(`UPDATE tile SET ${column} = ? WHERE id = ?`).run(bytes, id);
    });
}

const tile = (id: number): string => `WHERE id = ${id}`;
const changes: readonly (readonly [string, (bytes: Buffer) => Uint8Array])[] = [
  ['a hash more', (bytes) => Buffer.concat([bytes, bytes.subarray(0, 32)])],
  ['a byte more in front', (bytes) => Buffer.concat([Buffer.of(0), bytes])],
  ['a byte less', (bytes) => bytes.subarray(0, -1)],
  ['half of it', (bytes) => bytes.subarray(0, bytes.length / 2)],
  ['nothing of it', () => Buffer.alloc(0)],
  ['zeros', (bytes) => Buffer.alloc(bytes.length)],
  ['its bytes the other way round', (bytes) => Buffer.from(bytes).reverse()],
];

describe('the hashes that are kept', () => {
  it('of which one has a bit flipped: the entry is what was signed, the hash is not', async () => {
    const offsets = Array.from({ length: 40 }, (_, index) => index * 204 + (index % 32));
    await expectAllReported(
      offsets.flatMap((at) =>
        [0, 1].map((id) => ({
          name: `byte ${at} of tile ${id}`,
          change: rewritten('hashes', id, (bytes) => flipped(bytes, at)),
          found: new RegExp(
            `leaf hash ${id * 256 + Math.floor(at / 32)} is not that of its entry, which is`,
          ),
        })),
      ),
    );
  });

  it('of which a root has a bit flipped', async () => {
    await expectAllReported(
      Array.from({ length: 32 }, (_, at) => ({
        name: `byte ${at}`,
        change: rewritten('root', at % 2, (bytes) => flipped(bytes, at)),
        found: new RegExp(`tile 0/${at % 2} the root kept of it`),
      })),
    );
  });

  it.each(changes)('with %s', async (name, change) => {
    await expectAllReported(
      [0, 1].flatMap((id) =>
        (['root', 'hashes'] as const).map((column) => ({
          name: `${column} of ${id}, ${name}`,
          change: rewritten(column, id, change),
          found: new RegExp(
            `tile 0/${id} |leaf hash ${id === 0 ? '\\d' : '2\\d\\d|leaf hash [345]'}`,
          ),
        })),
      ),
    );
  });

  it('of which two have changed places', async () => {
    const swapHashes = (bytes: Buffer) =>
      Buffer.concat([bytes.subarray(32, 64), bytes.subarray(0, 32), bytes.subarray(64)]);
    const swapRows = (columns: string) => (copy: Copy) =>
      copy.log(
        `UPDATE tile SET (${columns}) = (SELECT ${columns} FROM tile AS other WHERE other.id = 1 - tile.id)`,
      );
    await expectAllReported([
      {
        name: 'in a tile',
        change: rewritten('hashes', 1, swapHashes),
        found: /leaf hash 256 is not.*/,
      },
      { name: 'tiles', change: swapRows('root, hashes'), found: /tile 0\/0 the root/ },
      { name: 'roots', change: swapRows('root'), found: /tile 0\/0 the root/ },
      { name: 'hashes', change: swapRows('hashes'), found: /leaf hash 0 / },
    ]);
  });

  it('whose rows are missing, elsewhere, or too many', async () => {
    const insert = (id: string) => (copy: Copy) =>
      copy.log(`INSERT INTO tile SELECT ${id}, root, hashes FROM tile ${tile(0)}`);
    const strays = ['2', '-1', '255', `${2 ** 40}`, `${2 ** 41 + 1}`, '9223372036854775807'];
    await expectAllReported([
      ...[0, 1].map((id) => ({
        name: `without ${id}`,
        change: (copy: Copy) => copy.log(`DELETE FROM tile ${tile(id)}`),
        found: new RegExp(`tile 0/${id} is missing`),
      })),
      ...strays.map((id) => ({
        name: `one more at ${id}`,
        change: insert(id),
        found: new RegExp(`tile row ${id} lies where no tile`),
      })),
      ...strays.map((id) => ({
        name: `moved to ${id}`,
        change: (copy: Copy) => copy.log(`UPDATE tile SET id = ${id} ${tile(1)}`),
        found: new RegExp(`tile row ${id} lies where no tile`),
      })),
    ]);
  });
});

describe('what the file is made of', () => {
  const db = (sql: string) => (copy: Copy) => copy.edit('log', (each) => each.exec(sql));

  it('guards that are gone, tables and indexes that no log has', async () => {
    const dropped = ['event_kept', 'event_unaltered', 'tile_kept', 'tile_unaltered'];
    await expectAllReported([
      ...dropped.map((guard) => ({
        name: `without ${guard}`,
        change: (copy: Copy) => copy.edit('log', () => undefined, [guard]),
        found: new RegExp(`log.db lacks: CREATE TRIGGER ${guard}`),
      })),
      {
        name: 'a table',
        change: db('CREATE TABLE more (x)'),
        found: /log.db has what no log has: CREATE TABLE more/,
      },
      {
        name: 'an index',
        change: db('CREATE INDEX early ON event (previous)'),
        found: /has what no log has: CREATE INDEX early/,
      },
      {
        name: 'a trigger',
        change: (copy) => copy.index('CREATE TRIGGER t AFTER INSERT ON head BEGIN SELECT 1; END'),
        found: /index.db has what no log has/,
      },
      {
        name: 'a view',
        change: (copy) => copy.checkpoints('CREATE VIEW v AS SELECT 1'),
        found: /checkpoints.db has what no log has/,
      },
      {
        name: 'format',
        change: db('PRAGMA user_version = 1'),
        found: /says that it has store format 1/,
      },
      {
        name: 'a table that bears a name as of SQLite',
        change: (copy) => {
          db('CREATE TABLE zz (a)')(copy);
          renamedToHide(copy, 'log.db');
        },
        found: /log.db has what no log has: CREATE TABLE sqlite_zz/,
      },
      {
        name: 'a trigger that does',
        change: (copy) => {
          copy.checkpoints('CREATE TRIGGER zz AFTER INSERT ON epoch BEGIN SELECT 1; END');
          renamedToHide(copy, 'checkpoints.db');
        },
        found: /checkpoints.db has what no log has: CREATE TRIGGER sqlite_zz/,
      },
      {
        name: 'format of the checkpoints',
        change: (copy) => copy.checkpoints('PRAGMA user_version = 0'),
        found: /checkpoints.db says that it has store format 0, not 1/,
      },
      {
        name: 'format of the index',
        change: (copy) => copy.index('PRAGMA user_version = 99'),
        found: /index.db says that it has format 99, not 1: delete it, it is made anew/,
      },
      {
        name: 'no tiles',
        change: (copy) =>
          copy.edit('log', (each) => each.exec('DROP TABLE tile'), dropped.slice(2)),
        found: /cannot be read: no such table: tile/,
      },
    ]);
  });

  it('checkpoints of a newer version are not judged', async () => {
    const copy = new Copy(log);
    copy.checkpoints('PRAGMA user_version = 99');
    await expect(copy.verify()).rejects.toThrow(
      'checkpoints.db has store format 99: run the version that wrote it',
    );
    copy.remove();
  });

  it('files that are gone, cut or nothing but zeros', async () => {
    const gone = (file: string) => (copy: Copy) => rmSync(join(copy.dir, file));
    const cut = (file: string, bytes: number) => (copy: Copy) =>
      truncateSync(join(copy.dir, file), bytes);
    await expectAllReported([
      {
        name: 'log.db',
        change: gone('log.db'),
        found: /log.db is missing, and had 600 entries when it was signed last/,
      },
      {
        name: 'checkpoints.db',
        change: gone('checkpoints.db'),
        exit: 2,
        found: /entries 0 to 599 are under no checkpoint/,
      },
      {
        name: 'cut log',
        change: cut('log.db', 40_960),
        found: /cannot be read: database disk image is malformed/,
      },
      { name: 'empty log', change: cut('log.db', 0), found: /cannot be read: no such table/ },
      { name: 'cut checkpoints', change: cut('checkpoints.db', 4096), found: /cannot be read/ },
      { name: 'cut index', change: cut('index.db', 8192), found: /index.db.* cannot be read/ },
    ]);
  });
});

describe('the index', () => {
  const stream = streamOf(2);
  const change =
    (...sql: readonly string[]) =>
    (copy: Copy) =>
      copy.index(...sql);
  const reported = (name: string, sql: string, found: RegExp): Tampering => ({
    name,
    change: change(sql),
    found,
  });
  const first = '(SELECT number FROM command ORDER BY position LIMIT 1)';

  it('whose heads of streams are others', async () => {
    const head = `WHERE stream = '${stream}'`;
    const named = new RegExp(`index.db head ${stream} `);
    await expectAllReported([
      reported('position', `UPDATE head SET position = position - 1 ${head}`, named),
      reported('an older event', `UPDATE head SET (position, version) = (4, 0) ${head}`, named),
      reported('version', `UPDATE head SET version = version + 1 ${head}`, named),
      reported('32 bits on', `UPDATE head SET position = position + ${2 ** 32} ${head}`, named),
      reported('higher', `UPDATE head SET version = version + ${2 ** 32} ${head}`, named),
      reported('beyond', `UPDATE head SET position = 599 ${head}`, named),
      reported('below', `UPDATE head SET position = -1 ${head}`, named),
      reported(
        'no number',
        `UPDATE head SET position = ${2n ** 60n} ${head}`,
        /index.db cannot be read/,
      ),
      reported('missing', `DELETE FROM head ${head}`, named),
      reported('all missing', 'DELETE FROM head', /index.db head 街道-1 is missing/),
      reported('renamed', `UPDATE head SET stream = 'team-x' ${head}`, /index.db head team-x /),
      reported('a letter more', `UPDATE head SET stream = stream || 'x' ${head}`, named),
      reported('one more', `INSERT INTO head VALUES ('team-1', 4, 0)`, /index.db head team-1 /),
      reported('without a name', `INSERT INTO head VALUES ('', 4, 0)`, /index.db head {2}entry 4/),
      reported(
        'changed places',
        `UPDATE head SET position = (SELECT position FROM head AS other WHERE other.stream <> head.stream LIMIT 1)`,
        /index.db head/,
      ),
    ]);
  });

  it('whose commands are others', async () => {
    const at = `WHERE number = ${first}`;
    await expectAllReported([
      ...[0, 5, 12, 13, 30, 52].map((bit) =>
        reported(
          `bit ${bit} of a number`,
          `UPDATE command SET number = (number | ${2 ** bit}) - (number & ${2 ** bit}) ${at}`,
          /index.db command \d+ (?:does not begin at|lacks)/,
        ),
      ),
      reported(
        'position',
        `UPDATE command SET position = position + 1 ${at}`,
        /index.db command \d+ does not begin at entry 1/,
      ),
      reported(
        '32 bits on',
        `UPDATE command SET position = position + ${2 ** 32} ${at}`,
        /index.db command \d+ does not begin at entry 4294967296/,
      ),
      reported(
        'missing',
        `DELETE FROM command ${at}`,
        /index.db command \d+ lacks the one that begins at entry 0/,
      ),
      reported('all missing', 'DELETE FROM command', /index.db command \d+ lacks/),
      reported(
        'one more',
        `INSERT INTO command VALUES (5, 3)`,
        /index.db command 5 does not begin/,
      ),
      reported(
        'one twice',
        `INSERT INTO command SELECT number, 599 FROM command ${at}`,
        /does not begin at entry 599/,
      ),
      reported(
        'a negative one',
        `INSERT INTO command VALUES (-${2n ** 62n}, 3)`,
        /index.db cannot be read/,
      ),
      reported(
        'changed places',
        `UPDATE command SET position = 255 - position WHERE position IN (0, 255)`,
        /index.db command/,
      ),
    ]);
  });

  it('whose mark is another', async () => {
    await expectAllReported([
      ...[0, 1, 511, 513, 600].map((position) =>
        reported(`${position}`, `UPDATE mark SET position = ${position}`, /index.db/),
      ),
      reported(
        'beyond',
        'UPDATE mark SET position = 601',
        /index.db mark tells of 601 entries, but the log has 600/,
      ),
      reported('below', 'UPDATE mark SET position = -1', /index.db mark tells of -1 entries/),
      reported('missing', 'DELETE FROM mark', /index.db does not hold/),
      ...[0, 15, 31].map((at) =>
        reported(
          `leaf, byte ${at}`,
          `UPDATE mark SET leaf = CAST(substr(leaf, 1, ${at}) || char(1) || substr(leaf, ${at + 2}) AS BLOB)`,
          /index.db/,
        ),
      ),
      reported(
        'no leaf',
        `UPDATE mark SET leaf = ${hex(Buffer.alloc(0))}`,
        /index.db mark does not have the leaf hash of entry 511/,
      ),
      reported(
        'zeros',
        `UPDATE mark SET leaf = ${hex(Buffer.alloc(32))}`,
        /index.db mark does not have/,
      ),
    ]);
  });

  it('that is gone is made anew by the service: nothing is wrong', async () => {
    await expectAllReported([
      {
        name: 'index.db',
        change: (copy) => rmSync(join(copy.dir, 'index.db')),
        exit: 0,
        found: /^notice: key/,
      },
    ]);
  });

  it('and an entry together are both reported', async () => {
    await expectAllReported([
      {
        name: 'entry and head',
        change: (copy) => {
          copy.setEntry(100, flipped(copy.entry(100), 90));
          copy.repairTiles();
          copy.index(`DELETE FROM head WHERE stream = '${stream}'`);
        },
        found: /index.db does not hold what the log says/,
      },
    ]);
  });
});
