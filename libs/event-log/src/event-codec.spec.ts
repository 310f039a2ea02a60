import { z } from 'zod';
import { evolved } from '#libs/contracts';
import { decodeEntry, encodeEntry, type Entry } from './entry.js';
import { checkedEventOf, eventOf, prepare, readRecorded, recordedOf } from './event-codec.js';
import { EventTooLarge, LogDamaged, UnknownEvent } from './faults.js';
import { commitOf, counted, noted, sampleEvents } from './sample-commits.conformance.js';

const entry: Entry = {
  ...{
    position: 3,
    previous: null,
    version: 0,
    recordedAtMs: 1_772_323_200_001,
    index: 0,
    count: 1,
  },
  ...{ commandId: 'c', fingerprint: null, actor: 'li-1', cause: null, stream: 'a' },
  ...{ type: 'Counted', typeVersion: 1, payload: '{"n":1}' },
};

describe('the event of an entry', () => {
  it('is what was recorded, with its type', () => {
    expect(eventOf(sampleEvents, entry)).toEqual({ type: 'Counted', n: 1 });
    expect(checkedEventOf(sampleEvents, entry)).toEqual({ type: 'Counted', n: 1 });
  });

  it('is another object each time: who changes it changes nobody else’s', () => {
    expect(eventOf(sampleEvents, entry)).not.toBe(eventOf(sampleEvents, entry));
  });

  it.each<[string, Partial<Entry>, typeof LogDamaged | typeof UnknownEvent]>([
    ['a type that is not declared', { type: 'Later' }, UnknownEvent],
    ['a type that every object has', { type: 'constructor' }, UnknownEvent],
    ['a later version of its type', { typeVersion: 2 }, UnknownEvent],
    ['a payload that is no JSON', { payload: '{"n":1' }, LogDamaged],
    ['a payload that is no object', { payload: '1' }, LogDamaged],
    ['a payload that is null', { payload: 'null' }, LogDamaged],
    ['a payload that is a list', { payload: '[1]' }, LogDamaged],
  ])('with %s is not handed out', (_, parts, fault) => {
    expect(() => eventOf(sampleEvents, { ...entry, ...parts })).toThrow(fault);
    expect(() => checkedEventOf(sampleEvents, { ...entry, ...parts })).toThrow(fault);
  });

  it.each(['{"n":"1"}', '{}', '{"n":1,"m":2}', '{"n":1.5}'])(
    '%s is found by who trusts nothing',
    (payload) => {
      const check = () => checkedEventOf(sampleEvents, { ...entry, payload });
      expect(check).toThrow(LogDamaged);
      expect(check).toThrow('entry 3 does not fit the schema of Counted');
    },
  );
});

describe('an event that had another form', () => {
  const schemas = {
    Counted: evolved(z.strictObject({ count: z.int(), unit: z.string() }), [
      ({ n }) => ({ count: n }),
      (data) => ({ ...data, unit: '次' }),
    ]),
  };
  const today = { type: 'Counted', count: 1, unit: '次' };

  it.each([
    [1, '{"n":1}'],
    [2, '{"count":1}'],
    [3, '{"count":1,"unit":"次"}'],
  ])('is read in today’s form: version %i', (typeVersion, payload) => {
    const old = { ...entry, typeVersion, payload };
    expect(eventOf(schemas, old)).toEqual(today);
    expect(checkedEventOf(schemas, old)).toEqual(today);
  });

  it.each([0, 4])('is not guessed at: version %i', (typeVersion) => {
    expect(() => eventOf(schemas, { ...entry, typeVersion })).toThrow(
      `event type Counted version ${typeVersion} is not declared by this service`,
    );
  });

  it('is written in today’s form, and says so', () => {
    const { writes } = prepare(schemas, commitOf({ writes: [{ stream: 'a', events: [today] }] }));
    const json = '{"count":1,"unit":"次"}';
    expect(writes).toEqual([{ stream: 'a', events: [{ type: 'Counted', typeVersion: 3, json }] }]);
  });

  it('that an upcaster does not make fit is found by who trusts nothing', () => {
    const old = { ...entry, payload: '{"n":"one"}' };
    expect(() => checkedEventOf(schemas, old)).toThrow('entry 3 does not fit the schema');
  });
});

it('an entry is told with its place and the time in RFC 3339', () => {
  const expected = {
    ...{ origin: 'sample', position: 3, stream: 'a', version: 0, actor: 'li-1', commandId: 'c' },
    recordedAt: '2026-03-01T00:00:00.001Z',
    event: { type: 'Counted', n: 1 },
  };
  expect(recordedOf('sample', sampleEvents, entry)).toEqual(expected);
  const caused = encodeEntry({ ...entry, position: 4, cause: 'other@1' });
  expect(readRecorded('sample', sampleEvents, 3, [encodeEntry(entry), caused])).toEqual([
    expected,
    { ...expected, position: 4, cause: 'other@1' },
  ]);
  expect(decodeEntry(4, caused).cause).toBe('other@1');
});

describe('what is prepared for the log', () => {
  it('has each event’s type, and the JSON of what its schema keeps', () => {
    const commit = commitOf({ writes: [{ stream: 'a', events: [counted(1), noted('枫桥')] }] });
    expect(prepare(sampleEvents, commit)).toMatchObject({
      commandId: commit.commandId,
      writes: [
        {
          stream: 'a',
          events: [
            { type: 'Counted', json: '{"n":1}' },
            { type: 'Noted', json: '{"text":"枫桥"}' },
          ],
        },
      ],
    });
  });

  it.each([
    ['a', 60_000 - 11],
    ['枫', Math.floor((60_000 - 11) / 3)],
    ['𠮷', Math.floor((60_000 - 11) / 4)],
  ])('counts bytes, not characters: %s', (character, most) => {
    const of = (count: number) =>
      commitOf({ writes: [{ stream: 'a', events: [noted(character.repeat(count))] }] });
    expect(() => prepare(sampleEvents, of(most))).not.toThrow();
    expect(() => prepare(sampleEvents, of(most + 1))).toThrow(EventTooLarge);
  });
});
