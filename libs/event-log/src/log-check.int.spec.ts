import { join } from 'node:path';
import { type Hash, hashToBase64, rootAt } from '#libs/transparency';
import { ask, edit, LogFolders, put, WITHOUT_GUARDS } from '../test/log-folder.js';
import { decodeEntry, encodeEntry, type Entry } from './entry.js';
import type { Recorded } from '#libs/event';
import type { EventLog } from './event-log.js';
import { LogDamaged, UnknownEvent, UnknownFormat } from './faults.js';
import { checkLog } from './log-check.js';
import type { Committed } from './log-signer.js';
import { growTo, sampleEvents, sampleOptions } from './sample-commits.conformance.js';
import { openSqliteLog } from './sqlite-log.js';
import { replayVerified } from './verified-replay.js';

const SIZE = 600;
const folders = new LogFolders();
let dir: string;
/** What the log has signed at some of its sizes. */
let signed: readonly Committed[];

beforeEach(async () => {
  dir = folders.next();
  const log = openSqliteLog(dir, sampleOptions);
  await growTo(log, SIZE);
  signed = await Promise.all(
    [1, 255, 256, 300, SIZE].map(async (size) => ({ size, root: await rootAt(size, log) })),
  );
  await log.close();
});
afterAll(() => folders.remove());

const check = (checkpoints: readonly Committed[] = signed) =>
  checkLog(join(dir, 'log.db'), checkpoints);

function alter(position: number, change: (entry: Buffer) => Uint8Array): void {
  const [row] = ask(dir, `SELECT entry FROM event WHERE position = ${position}`);
  edit(dir, WITHOUT_GUARDS);
  const bytes = change(Buffer.from(row!.entry as Uint8Array));
  put(dir, `UPDATE event SET entry = ? WHERE position = ${position}`, bytes);
}
const saying = (parts: Partial<Entry>, position: number) => (bytes: Buffer) =>
  encodeEntry({ ...decodeEntry(position, bytes), ...parts });

describe('the check of a whole log', () => {
  it('says where it ends, and its root there', () => {
    const { size, root } = check();
    expect([size, hashToBase64(root)]).toEqual([SIZE, hashToBase64(signed.at(-1)!.root)]);
    expect(check([]).size).toBe(SIZE);
  });

  it.each([0, 100, 255, 256, 511])('finds that event %i was altered, by its tile', (position) => {
    alter(position, saying({ payload: '{"n":-1}' }, position));
    expect(() => check()).toThrow(LogDamaged);
    expect(() => check([])).toThrow(/tile 0\/[01] is not that of its entries$/);
  });

  it('finds what no tile holds yet by what was signed', () => {
    alter(599, saying({ payload: '{"n":-1}' }, 599));
    expect(check([]).size).toBe(SIZE);
    expect(() => check()).toThrow(/^the first 600 events of .* are not those that were signed$/);
  });

  it('finds what was signed of other events, though events and tiles agree', () => {
    const forged = signed.map((each) =>
      each.size === 300 ? { ...each, root: signed[0]!.root } : each,
    );
    expect(() => check(forged)).toThrow(/^the first 300 events of /);
  });

  it.each<[string, string, RegExp]>([
    ['an event is missing', 'DELETE FROM event WHERE position = 77', /has a gap at 77$/],
    ['the first is missing', 'DELETE FROM event WHERE position = 0', /has a gap at 0$/],
    ['a tile is missing', 'DELETE FROM tile WHERE id = 1', /tile 0\/1 is not that of its entries$/],
    ['a tile is another', 'UPDATE tile SET hashes = zeroblob(8192) WHERE id = 0', /tile 0\/0 is/],
    ['a tile is shorter', "UPDATE tile SET hashes = x'' WHERE id = 0", /tile 0\/0 is/],
    ['a tile is one too many', "INSERT INTO tile VALUES (2, x'', x'')", /tiles of other events$/],
  ])('finds that %s', (_, sql, told) => {
    edit(dir, [...WITHOUT_GUARDS, sql]);
    expect(() => check()).toThrow(LogDamaged);
    expect(() => check()).toThrow(told);
  });

  it('finds that two events have changed places', () => {
    const at = (from: number, to: number) =>
      `UPDATE event SET position = ${to} WHERE position = ${from}`;
    edit(dir, [...WITHOUT_GUARDS, at(5, 9_999), at(6, 5), at(9_999, 6)]);
    expect(() => check([])).toThrow('entry 5 says that it is entry 6');
  });

  it('names an event of a later version instead of calling it damage', () => {
    alter(599, (bytes) => Buffer.from(bytes).fill(2, 1, 2));
    expect(() => check()).toThrow(UnknownFormat);
  });

  it('does not look at what was signed of events that are not there', () => {
    expect(check([{ size: SIZE + 1, root: signed[0]!.root }]).size).toBe(SIZE);
  });
});

describe('a verified replay', () => {
  const replayed: Recorded[] = [];
  let log: EventLog;

  beforeEach(() => {
    replayed.length = 0;
    log = openSqliteLog(dir, sampleOptions);
  });
  afterEach(() => log.close());

  const replay = (size: number, root: Hash, events: typeof sampleEvents = sampleEvents) =>
    replayVerified(log, events, { size, root }, (page) => void replayed.push(...page));

  it.each([1, 255, 256, 300, SIZE])('hands out the first %i events in order', async (size) => {
    const { root } = signed.find((each) => each.size === size)!;
    await replay(size, root);
    expect(replayed).toEqual(await log.read(0, size));
  });

  it('fails at its end when the events are not those that were signed', async () => {
    const { root } = signed[0]!;
    await expect(replay(300, root)).rejects.toThrow(LogDamaged);
    await expect(replay(300, root)).rejects.toThrow('the first 300 events of sample are not those');
  });

  it('fails when events are missing', async () => {
    await expect(replay(SIZE + 1, signed[0]!.root)).rejects.toThrow(
      'sample ends at 600 of 601 events',
    );
  });

  it('fails at an event that is not known, and at what its handler throws', async () => {
    await expect(replay(1, signed[0]!.root, {} as never)).rejects.toThrow(UnknownEvent);
    const failing = replayVerified(log, sampleEvents, signed[0]!, () => {
      throw new Error('no room');
    });
    await expect(failing).rejects.toThrow('no room');
  });
});
