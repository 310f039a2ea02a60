import { DatabaseSync } from 'node:sqlite';
import { chainQuery, JOINED_ENTRIES, type JoinedEntries, takeApart } from './joined-entries.js';

const db = new DatabaseSync(':memory:');
db.exec('CREATE TABLE event (position INTEGER PRIMARY KEY, previous INTEGER, entry)');
const add = db.prepare('INSERT INTO event (entry) VALUES (?)');
const joined = db.prepare(`SELECT ${JOINED_ENTRIES} FROM event`);
joined.setReturnArrays(true);
const read = () => takeApart(joined.get() as unknown as JoinedEntries);

afterEach(() => db.exec('DELETE FROM event'));
afterAll(() => db.close());

it('entries that were read as one are what they were, in their order', () => {
  const entries = [[0, 1, 0], [], [0xff, 0x2c, 0xe6, 0x9e], [0]].map((each) =>
    Uint8Array.from(each),
  );
  for (const entry of entries) add.run(entry);
  expect(read()).toEqual(entries);
});

it('of no entries there are none', () => {
  expect(read()).toEqual([]);
});

it('an entry that is a text is not taken for one', () => {
  add.run('枫桥');
  add.run(Uint8Array.of(1));
  expect(read()).toBeUndefined();
});

describe('a stream that is followed from its newest event back', () => {
  const put = db.prepare('INSERT INTO event (position, previous, entry) VALUES (?, ?, ?)');
  const chain = db.prepare(chainQuery());
  chain.setReturnArrays(true);
  const follow = (position: number) => takeApart(chain.get(position) as unknown as JoinedEntries);
  const far = 2 ** 32;

  it('gives its entries, as many as are read at once', () => {
    const positions = Array.from({ length: 30 }, (_, index) => far + index * 7);
    positions.forEach((at, index) =>
      put.run(at, positions[index - 1] ?? null, Uint8Array.of(index, 0, 0xff)),
    );
    const newest = positions.map((_, index) => Uint8Array.of(index, 0, 0xff)).reverse();
    expect(follow(far + 29 * 7)).toEqual(newest.slice(0, 25));
    expect(follow(far + 4 * 7)).toEqual(newest.slice(25));
  });

  it('ends where an event is missing', () => {
    put.run(9, 8, Uint8Array.of(9));
    expect(follow(9)).toEqual([Uint8Array.of(9)]);
  });

  it('is none when an entry is a text', () => {
    put.run(1, null, '枫桥');
    put.run(2, 1, Uint8Array.of(2));
    expect(follow(2)).toBeUndefined();
  });
});
