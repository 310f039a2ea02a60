import { DatabaseSync } from 'node:sqlite';
import { JOINED_ENTRIES, type JoinedEntries, takeApart } from './joined-entries.js';

const db = new DatabaseSync(':memory:');
db.exec('CREATE TABLE event (position INTEGER PRIMARY KEY, entry)');
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
