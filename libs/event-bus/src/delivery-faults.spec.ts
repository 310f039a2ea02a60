import { isFromNewerVersion, isTransient, NotHeardYet } from './delivery-faults.js';

const fault = (parts: object) => Object.assign(new Error('sample'), parts);

it.each([
  ['the log is busy', fault({ code: 'LOG_BUSY' })],
  ['the log records nothing', fault({ code: 'LOG_READ_ONLY' })],
  ['somebody was faster', fault({ code: 'COMMAND_CONFLICT' })],
  ['something was not heard yet', new NotHeardYet('sample')],
  ['its views are made anew', fault({ code: 'VIEWS_BEHIND' })],
  ['a row that it acts on is parked', fault({ code: 'ROW_PARKED' })],
  ['the log does not know what it kept', fault({ code: 'LOG_OUTCOME_UNKNOWN' })],
  ['the database elects a primary', fault({ name: 'MongoServerSelectionError' })],
  ['SQLite is busy', fault({ errcode: 5 })],
  ['the disk is full, in the words of a write-ahead log', fault({ errcode: 13 | (3 << 8) })],
])('waits when %s', (_, error) => expect(isTransient(error)).toBe(true));

it.each([
  ['a fault of its own', new TypeError('sample')],
  ['a damaged file', fault({ errcode: 11 })],
  ['no fault at all', undefined],
])('does not wait for ever for %s', (_, error) => expect(isTransient(error)).toBe(false));

it('knows what only a newer version can take', () => {
  expect(isFromNewerVersion(fault({ code: 'UNKNOWN_EVENT' }))).toBe(true);
  expect(isFromNewerVersion(fault({ code: 'LOG_BUSY' }))).toBe(false);
});
