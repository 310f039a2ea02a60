import { type EventNow, grown, type JsonSchema } from './docs/event-growth.ts';

const text = { type: 'string' };
const number = { type: 'integer' };
const object = (properties: JsonSchema, required = Object.keys(properties)): JsonSchema => ({
  type: 'object',
  properties,
  required,
});
const event = (schema: JsonSchema, more: Partial<EventNow> = {}): EventNow => ({
  version: 1,
  schema,
  isPublished: false,
  ...more,
});
const named = object({ name: text });
const before = { GridOpened: { '1': named } };

it('writes down what is new', () => {
  expect(grown({}, { GridOpened: event(named) })).toEqual(before);
  const more = { GridOpened: event(named), GridClosed: event(object({ at: text })) };
  expect(Object.keys(grown(before, more))).toEqual(['GridOpened', 'GridClosed']);
});

it('keeps what has not changed', () =>
  expect(grown(before, { GridOpened: event(named) })).toEqual(before));

it.each([false, true])('takes a new field that may be left out (published: %s)', (isPublished) => {
  const wider = object({ name: text, note: text }, ['name']);
  const now = { GridOpened: event(wider, { isPublished }) };
  expect(grown(before, now)).toEqual({ GridOpened: { '1': wider } });
});

describe('a list of values', () => {
  const kinds = (...values: readonly string[]): JsonSchema =>
    object({ kind: { type: 'string', enum: values } });
  const written = { PostCreated: { '1': kinds('WORKER', 'LEADER') } };

  it.each([false, true])('may gain some (published: %s)', (isPublished) => {
    const wider = kinds('WORKER', 'LEADER', 'CHAIR');
    const now = { PostCreated: event(wider, { isPublished }) };
    expect(grown(written, now)).toEqual({ PostCreated: { '1': wider } });
  });

  it('may not lose one', () => {
    const now = { PostCreated: event(kinds('WORKER', 'CHAIR')) };
    expect(() => grown(written, now)).toThrow(/kind was changed/);
  });
});

it.each([
  ['a field is gone', object({}), 'name was removed'],
  ['a field is another', object({ name: number }), 'name was changed'],
  ['a field may be left out now', object({ name: text }, []), 'name was changed'],
  ['a new field must be there', object({ name: text, note: text }), 'note was added'],
])('refuses it under the same version when %s', (_, schema, why) => {
  expect(() => grown(before, { GridOpened: event(schema) })).toThrow(
    new RegExp(`GridOpened version 1: ${why}.*; make it a new version with an upcaster`),
  );
  expect(() => grown(before, { GridOpened: event(schema, { isPublished: true }) })).toThrow(
    /; make it an event of a new name/,
  );
});

it('refuses that a field which may be left out becomes one that may not', () => {
  const loose = { GridOpened: { '1': object({ name: text, note: text }, ['name']) } };
  const now = { GridOpened: event(object({ name: text, note: text })) };
  expect(() => grown(loose, now)).toThrow(/note was changed/);
});

it('takes another form under the next version, and keeps the one before', () => {
  const retitled = object({ title: text });
  expect(grown(before, { GridOpened: event(retitled, { version: 2 }) })).toEqual({
    GridOpened: { '1': named, '2': retitled },
  });
});

it.each([
  ['an event was removed', {}, /GridOpened was removed/],
  ['a version is left out', { GridOpened: event(named, { version: 3 }) }, /to 2, not to 3/],
  [
    'others are told of it',
    { GridOpened: event(named, { version: 2, isPublished: true }) },
    /told to other services/,
  ],
])('refuses it when %s', (_, now, why) => expect(() => grown(before, now)).toThrow(why));

it('refuses to go back to an older version', () => {
  const second = { GridOpened: { '1': named, '2': named } };
  expect(() => grown(second, { GridOpened: event(named) })).toThrow(/is of version 2, not of 1/);
});
