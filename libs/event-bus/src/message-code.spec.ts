import { createHmac } from 'node:crypto';
import { incoming } from '../test/sample-relay.js';
import type { Outgoing } from './broker.js';
import { CODE_HEADER, MessageCode } from './message-code.js';

const key = Buffer.from('0b'.repeat(32), 'hex');
const place = { origin: 'registry', topic: 'house.registry.v1' };
const message: Outgoing = {
  partition: 2,
  key: 'grid-1',
  headers: { 'content-type': 'application/json', ce_type: 'registry.GridOpened', ce_after: '-1' },
  value: '{"name":"东风路"}',
};
const codeOf = (each: Outgoing, whose = place, by: Uint8Array = key): string =>
  new MessageCode(by, whose).sign(each).headers[CODE_HEADER] ?? '';

/** As docs/kafka.md says, with Node's own HMAC. */
function written(headers: readonly string[], value: string): string {
  const sized = (text: string | Uint8Array): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(Buffer.byteLength(text));
    return Buffer.concat([size, Buffer.from(text as string)]);
  };
  const partition = Buffer.from([0, 0, 0, 2]);
  const parts = [sized('registry'), sized('house.registry.v1'), partition, ...headers.map(sized)];
  const all = Buffer.concat([...parts, Buffer.from(value)]);
  return createHmac('sha256', key).update(all).digest('base64');
}

it('is HMAC-SHA-256 over place, headers and value', () => {
  const headers = Array.from({ length: 15 }, () => '');
  headers[0] = 'application/json';
  headers[4] = 'registry.GridOpened';
  headers[13] = '-1';
  expect(codeOf(message)).toBe(written(headers, message.value));
});

it.each([1, 64, 65, 200])('takes a key of %i bytes as RFC 2104 says', (length) => {
  const long = Buffer.alloc(length, 0xaa);
  const empty = { ...message, headers: {}, value: '' };
  const bytes = Buffer.concat([sizedPlace('a'), sizedPlace('b'), Buffer.alloc(64)]);
  const bare = { ...empty, partition: 0 };
  const expected = createHmac('sha256', long).update(bytes).digest('base64');
  expect(codeOf(bare, { origin: 'a', topic: 'b' }, long)).toBe(expected);
});

function sizedPlace(letter: string): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0, 1]), Buffer.from(letter)]);
}

it('opens what was signed, also words outside ASCII and a value of a megabyte', () => {
  const headers = { ...message.headers, ce_subject: 'grid-东', ce_source: 'house/registry' };
  const value = JSON.stringify({ text: '长'.repeat(400_000) });
  const code = new MessageCode(key, place);
  const signed = code.sign({ ...message, headers, value });
  const other = new MessageCode(key, place);
  for (const each of [signed, signed]) {
    expect(other.open(2, incoming(each))).toMatchObject({
      type: 'registry.GridOpened',
      subject: 'grid-东',
      source: 'house/registry',
      after: '-1',
      head: '',
    });
  }
  expect(other.open(2, incoming(code.sign(message)))?.subject).toBe('');
});

it('is another one elsewhere, and by another key', () => {
  const codes = [
    codeOf(message),
    codeOf({ ...message, partition: 1 }),
    codeOf(message, { ...place, origin: 'mediation' }),
    codeOf(message, { ...place, topic: 'other.registry.v1' }),
    codeOf(message, { origin: 'registryh', topic: 'ouse.registry.v1' }),
    codeOf(message, place, Buffer.alloc(32)),
  ];
  expect(new Set(codes).size).toBe(codes.length);
});

it('is another one when a header ends where the next began', () => {
  const shifted = (type: string, time: string): Outgoing => ({
    ...message,
    headers: { ce_type: type, ce_time: time },
  });
  expect(codeOf(shifted('ab', 'c'))).not.toBe(codeOf(shifted('a', 'bc')));
  expect(codeOf(shifted('ab', ''))).not.toBe(codeOf(shifted('', 'ab')));
});

it('does not open a message one of whose headers came twice', () => {
  const { headers, ...rest } = incoming(new MessageCode(key, place).sign(message));
  const twice = { ...headers, ce_type: [Buffer.from('registry.GridOpened'), Buffer.from('x')] };
  const code = new MessageCode(key, place);
  expect(code.open(2, { ...rest, headers })).toBeDefined();
  expect(code.open(2, { ...rest, headers: twice })).toBeUndefined();
  const codes = [headers[CODE_HEADER], headers[CODE_HEADER]] as never;
  expect(code.open(2, { ...rest, headers: { ...headers, [CODE_HEADER]: codes } })).toBeUndefined();
});
