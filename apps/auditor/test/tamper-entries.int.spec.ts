import { decodeEntry, encodeEntry, type Entry } from '#libs/event-log';
import { EVENTS, type SealedLog, sealedLog, SIGNED } from './sealed-log.js';
import { Copy, flipped, hex, notReported, type Tampering } from './tampering.js';

let log: SealedLog;
let tried = 0;

beforeAll(async () => {
  log = await sealedLog();
});
afterAll(() => {
  log.remove();
  process.stderr.write(`tampering with entries: ${tried} changes tried\n`);
});

async function expectAllReported(tamperings: readonly Tampering[]): Promise<void> {
  tried += tamperings.length;
  expect(await notReported(log, tamperings)).toEqual([]);
}

function entryOf(position: number): Buffer {
  const copy = new Copy(log);
  const entry = copy.entry(position);
  copy.remove();
  return entry;
}

/** Between which of the signed sizes an entry lies, as a finding says it. */
function rangeOf(position: number): RegExp {
  const sizes = [0, ...SIGNED, EVENTS];
  const above = sizes.findIndex((size) => size > position);
  return new RegExp(`checkpoint of ${sizes[above]} entries .*entries ${sizes[above - 1]} to`);
}

/** In a tile: first of a commit, in the middle of one, with an id that is text; the last two in none. */
const PLACES = [0, 77, 255, 256, 420, 599];

describe('an entry', () => {
  it('with one bit of any of its bytes flipped', async () => {
    const position = 300;
    const entry = entryOf(position);
    await expectAllReported(
      [...entry.keys()].map((at) => ({
        name: `byte ${at} of ${position}`,
        change: (copy) => copy.setEntry(position, flipped(entry, at)),
        found: new RegExp(`entry ${position} is not what its kept leaf hash was made of`),
      })),
    );
  });

  it('with one bit flipped and all hashes made to fit', async () => {
    const tamperings = PLACES.flatMap((position) => {
      const entry = entryOf(position);
      const offsets = [...entry.keys()].filter((at) => at % 11 === position % 11);
      return offsets.map((at) => ({
        name: `byte ${at} of ${position}`,
        change: (copy: Copy) => {
          copy.setEntry(position, flipped(entry, at));
          copy.repairTiles();
        },
        found: rangeOf(position),
      }));
    });
    await expectAllReported(tamperings);
  });

  it.each([
    ['a byte more at its end', (entry: Buffer) => Buffer.concat([entry, Buffer.of(0)])],
    ['a byte more in front', (entry: Buffer) => Buffer.concat([Buffer.of(0), entry])],
    ['a byte less', (entry: Buffer) => entry.subarray(0, -1)],
    ['half of it', (entry: Buffer) => entry.subarray(0, entry.length / 2)],
    ['nothing of it', () => Buffer.alloc(0)],
    ['its bytes the other way round', (entry: Buffer) => Buffer.from(entry).reverse()],
    ['70,000 bytes', () => Buffer.alloc(70_000, 0x90)],
  ])('with %s', async (name, change) => {
    const tamperings = PLACES.flatMap((position) => [
      {
        name: `${name}, at ${position}`,
        change: (copy: Copy) => copy.setEntry(position, change(copy.entry(position))),
        found: new RegExp(`entry ${position} is no entry`),
      },
      {
        name: `${name}, at ${position}, repaired`,
        change: (copy: Copy) => {
          copy.setEntry(position, change(copy.entry(position)));
          copy.repairTiles();
        },
        found: rangeOf(position),
      },
    ]);
    await expectAllReported(tamperings);
  });

  const fields: readonly (readonly [string, (entry: Entry) => Partial<Entry>])[] = [
    ['position', ({ position }) => ({ position: position + 1 })],
    ['previous', ({ previous }) => ({ previous: previous === null ? 0 : null })],
    ['version', ({ version }) => ({ version: version + 1 })],
    ['recordedAtMs', ({ recordedAtMs }) => ({ recordedAtMs: recordedAtMs - 86_400_000 })],
    ['commandId', () => ({ commandId: '0195c0de-0000-7000-8000-00000000ffff' })],
    ['index', ({ index }) => ({ index: index + 1 })],
    ['count', ({ count }) => ({ count: count + 1 })],
    ['fingerprint', ({ fingerprint }) => ({ fingerprint: fingerprint === null ? 'AAAA' : null })],
    ['actor', () => ({ actor: 'somebody-else' })],
    ['cause', () => ({ cause: 'other@4711' })],
    ['stream', () => ({ stream: 'team-0195c0de-0001-7000-8000-0000000000ff' })],
    ['type', () => ({ type: 'Uncounted' })],
    ['typeVersion', () => ({ typeVersion: 2 })],
    ['payload', ({ payload }) => ({ payload: payload.replace('"n":', '"n":1') })],
  ];

  it.each(fields)(
    'with another %s, encoded as it should be, all hashes made to fit',
    async (name, other) => {
      const rewrite = (copy: Copy, position: number) => {
        const entry = decodeEntry(position, copy.entry(position));
        copy.setEntry(position, encodeEntry({ ...entry, ...other(entry) }));
        if (name === 'previous')
          copy.log(
            `UPDATE event SET previous = ${other(entry).previous ?? null} WHERE position = ${position}`,
          );
      };
      const tamperings = PLACES.flatMap((position) => [
        {
          name: `${name} of ${position}`,
          change: (copy: Copy) => rewrite(copy, position),
          found: new RegExp(
            position < 512 ? `entry ${position} is not what` : rangeOf(position).source,
          ),
        },
        {
          name: `${name} of ${position}, repaired`,
          change: (copy: Copy) => {
            rewrite(copy, position);
            copy.repairTiles();
          },
          found: rangeOf(position),
        },
      ]);
      await expectAllReported(tamperings);
    },
  );

  it('that says what cannot follow is named for that too', async () => {
    const rewrite = (change: Partial<Entry>, position: number) => (copy: Copy) => {
      const entry = decodeEntry(position, copy.entry(position));
      copy.setEntry(position, encodeEntry({ ...entry, ...change }));
      copy.repairTiles();
    };
    await expectAllReported([
      {
        name: 'version',
        change: rewrite({ version: 99 }, 420),
        found: /entry 420 says that it is version 99 of/,
      },
      {
        name: 'index',
        change: rewrite({ index: 9, count: 12, fingerprint: null }, 420),
        found: /entry 420 is event 10 of 12 of the command/,
      },
      {
        name: 'recordedAtMs',
        change: rewrite({ recordedAtMs: 5 }, 420),
        found: /entry 420 was recorded before the entry before it/,
      },
      {
        name: 'position',
        change: rewrite({ position: 421 }, 420),
        found: /entry 420 says that it is entry 421/,
      },
      {
        name: 'count',
        change: rewrite({ count: 50 }, 599),
        found: /entry 599 is event \d+ of 50 .*the log ends with it/,
      },
      {
        name: 'command',
        change: repeatCommand,
        found: /entry \d+ commits the command .* again, after entry 0/,
      },
    ]);
  });
});

/** A commit of one event says that it is the log's first command. */
function repeatCommand(copy: Copy): void {
  const { commandId, actor } = decodeEntry(0, copy.entry(0));
  for (let position = 300; ; position += 1) {
    const entry = decodeEntry(position, copy.entry(position));
    if (entry.count !== 1) continue;
    copy.setEntry(position, encodeEntry({ ...entry, commandId, actor }));
    copy.repairTiles();
    return;
  }
}

describe('the rows of entries', () => {
  const positions = PLACES.slice(0, -1);
  const at = (position: number) => `WHERE position = ${position}`;

  it('of which one is missing', async () => {
    await expectAllReported(
      positions.map((position) => ({
        name: `${position}`,
        change: (copy) => copy.log(`DELETE FROM event ${at(position)}`),
        found: new RegExp(`manipulation: entry ${position} is missing`),
      })),
    );
  });

  it('of which the last ones are missing: signed entries are', async () => {
    const found = /checkpoint of 600 entries the log ends at \d+ of 600 signed entries/;
    await expectAllReported(
      [599, 598, 512, 511, 470, 256, 1, 0].flatMap((head) => [
        {
          name: `${head}`,
          change: (copy: Copy) => copy.log(`DELETE FROM event WHERE position >= ${head}`),
          found,
        },
        {
          name: `${head}, repaired`,
          change: (copy: Copy) => {
            copy.log(`DELETE FROM event WHERE position >= ${head}`);
            copy.repairTiles();
          },
          found,
        },
      ]),
    );
  });

  it('of which two have changed places', async () => {
    const swap = (one: number, other: number) => (copy: Copy) =>
      copy.log(
        `UPDATE event SET position = -1 ${at(one)}`,
        `UPDATE event SET position = ${one} ${at(other)}`,
        `UPDATE event SET position = ${other} ${at(-1)}`,
      );
    const pairs = [
      [0, 1],
      [10, 300],
      [255, 256],
      [598, 599],
    ] as const;
    await expectAllReported(
      pairs.flatMap(([one, other]) => [
        {
          name: `${one} and ${other}`,
          change: swap(one, other),
          found: new RegExp(`entry ${one} says that it is entry ${other}`),
        },
        {
          name: `${one} and ${other}, repaired`,
          change: (copy: Copy) => {
            swap(one, other)(copy);
            copy.repairTiles();
          },
          found: rangeOf(one),
        },
      ]),
    );
  });

  it.each([-1, -(2 ** 60), 100_000, 2 ** 40, '9223372036854775807'])(
    'of which one lies at %s',
    async (elsewhere) => {
      await expectAllReported([
        {
          name: 'moved there',
          change: (copy) => copy.log(`UPDATE event SET position = ${elsewhere} ${at(400)}`),
          found: /entry 400 is missing/,
        },
        {
          name: 'one too many',
          change: (copy) =>
            copy.log(
              `INSERT INTO event SELECT ${elsewhere}, previous, entry FROM event ${at(400)}`,
            ),
          found: new RegExp(`event row ${elsewhere} lies where`),
        },
      ]);
    },
  );

  it('of which one was taken out and those behind it moved up, all of it made to fit', async () => {
    await expectAllReported(
      positions.map((gone) => ({
        name: `${gone}`,
        change: (copy) => {
          renumber(copy, gone, -1);
          copy.repairTiles();
        },
        found: rangeOf(gone),
      })),
    );
  });

  it('between which one was put, all of it made to fit', async () => {
    await expectAllReported(
      positions.map((before) => ({
        name: `${before}`,
        change: (copy) => {
          renumber(copy, before, 1);
          copy.repairTiles();
        },
        // What was put there is what follows it, save for its position.
        found: rangeOf(before + 1),
      })),
    );
  });

  it('that name another event before them in their stream than the entry does', async () => {
    await expectAllReported(
      ['NULL', '0', '3', '-7', '599', `${2 ** 40}`].flatMap((previous) =>
        [200, 420, 590].map((position) => ({
          name: `${previous} for ${position}`,
          change: (copy: Copy) =>
            copy.log(`UPDATE event SET previous = ${previous} ${at(position)}`),
          found: new RegExp(`entry ${position} its row names another event before it`),
        })),
      ),
    );
  });

  it('that name a position below 0 where the entry names none', async () => {
    const names = (position: number) => new RegExp(`entry ${position} its row names another`);
    await expectAllReported([
      ...['-1', '-2'].map((previous) => ({
        name: previous,
        change: (copy: Copy) => copy.log(`UPDATE event SET previous = ${previous} ${at(0)}`),
        found: names(0),
      })),
      {
        name: 'beside an entry that is missing',
        change: (copy) =>
          copy.log(`UPDATE event SET previous = -1 ${at(0)}`, `DELETE FROM event ${at(9)}`),
        found: names(0),
      },
    ]);
  });
});

/** Takes an entry out, or doubles it, and rewrites all behind it to say their new positions. */
function renumber(copy: Copy, from: number, by: 1 | -1): void {
  copy.edit('log', (db) => {
    const rows = db.prepare('SELECT entry FROM event ORDER BY position').all();
    const entries = rows.map(({ entry }, position) => decodeEntry(position, entry as Uint8Array));
    const kept = by < 0 ? entries.toSpliced(from, 1) : entries.toSpliced(from, 0, entries[from]!);
    const moved = (position: number | null) =>
      position !== null && position >= from ? position + by : position;
    db.exec('DELETE FROM event');
    const add = db.prepare('INSERT INTO event (position, previous, entry) VALUES (?, ?, ?)');
    kept.forEach((entry, position) => {
      const previous = moved(entry.previous);
      add.run(position, previous, encodeEntry({ ...entry, position, previous }));
    });
  });
}

it('a blob that is a text, or no longer one, is no entry', async () => {
  await expectAllReported([
    {
      name: 'text',
      change: (copy) =>
        copy.log(
          'CREATE TABLE other (position INTEGER PRIMARY KEY, previous INTEGER, entry)',
          'INSERT INTO other SELECT * FROM event',
          `UPDATE other SET entry = ${hex(Buffer.from('x'))} || 'text' WHERE position = 9`,
          'DROP TABLE event',
          'ALTER TABLE other RENAME TO event',
        ),
      found: /entry 9 is no entry/,
    },
  ]);
});
