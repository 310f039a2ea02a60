import { createHash } from 'node:crypto';
import { CloudEvent as ReadEvent, Kafka } from 'cloudevents';
import { z } from 'zod';
import { evolved, type EventSchemas } from '#libs/contracts';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { incoming } from '../test/sample-relay.js';
import {
  type CloudEvent,
  cloudEventOf,
  type EventAttributes,
  jsonOf,
  recordedFrom,
} from './cloud-event.js';
import { eventMessage, progressMessage } from './cloud-message.js';
import { MessageCode } from './message-code.js';
import { MessageReader } from './message-reader.js';
import type { Outgoing } from './broker.js';

const published = { Opened: z.strictObject({ grid: z.string() }) };
const events = { ...published, Own: z.strictObject({ secret: z.string() }) };
const source = 'sample.localhost/registry';
const publisher = { origin: 'registry', source, published };
const place = { partition: 1, after: 3, previous: -1 };
const whose = { origin: 'registry', topic: 'sample.registry.v1' };
const codeKey = new Uint8Array(32);

let log: EventLog;
beforeEach(async () => {
  const now = () => '2026-03-01T08:00:00.000Z';
  log = openMemoryLog({ origin: 'registry', events, now });
  await log.append({
    commandId: '0192f0c1-2b3c-7def-8abc-1234567890ab',
    actor: '李某',
    fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA',
    cause: 'mediation@7',
    reads: [],
    writes: [
      { stream: 'grid-1', events: [{ type: 'Opened', grid: '东风路' } as never] },
      { stream: 'own-1', events: [{ type: 'Own', secret: 'words' } as never] },
    ],
  });
});

async function sent(position: number): Promise<CloudEvent | undefined> {
  const [bytes] = await log.entries(position, 1);
  return cloudEventOf(publisher, position, bytes!);
}

async function relayed(): Promise<Outgoing> {
  return new MessageCode(codeKey, whose).sign(eventMessage((await sent(0))!, place));
}

/** As a relay of another version might send it. */
async function relayedWith(name: string, text: string): Promise<Outgoing> {
  const message = eventMessage((await sent(0))!, place);
  const headers = { ...message.headers, [name]: text };
  return new MessageCode(codeKey, whose).sign({ ...message, headers });
}

function read(message: Outgoing, known: EventSchemas = published) {
  const reader = new MessageReader(codeKey, whose, known);
  return reader.read(message.partition, [incoming(message)]).messages[0];
}

it('only what is published leaves the service', async () => {
  expect(await sent(0)).toBeDefined();
  expect(await sent(1)).toBeUndefined();
});

it('what arrives is what was recorded', async () => {
  const [recorded] = await log.read(0, 1);
  const { after, previous } = place;
  expect(read(await relayed())).toEqual({
    source,
    position: 0,
    after,
    previous,
    recorded,
  });
});

it('others read a message as a CloudEvent in binary mode', async () => {
  const { key, headers, value } = await relayed();
  const body = Buffer.from(value);
  const told = Kafka.toEvent({ key, headers, value: body, body } as never);
  const [bytes] = await log.entries(0, 1);
  expect(told).toBeInstanceOf(ReadEvent);
  expect((told as ReadEvent<unknown>).validate()).toBe(true);
  expect(told).toMatchObject({
    specversion: '1.0',
    id: 'registry@0',
    source,
    type: 'registry.Opened',
    time: '2026-03-01T08:00:00.000Z',
    subject: 'grid-1',
    partitionkey: 'grid-1',
    datacontenttype: 'application/json',
    origin: 'registry',
    position: '0',
    leafhash: createHash('sha256').update(Buffer.of(0)).update(bytes!).digest('base64'),
    after: '3',
    previous: '-1',
    hmac: expect.stringMatching(/^[\w+/]{43}=$/),
    data: { actor: '李某', event: { grid: '东风路' } },
  });
});

it('others read progress as a CloudEvent', () => {
  const time = '2026-03-01T08:00:00.000Z';
  const told = { origin: 'registry', source, head: 9, time };
  const unsigned = progressMessage(told, { ...place, previous: 2 });
  const message = new MessageCode(codeKey, whose).sign(unsigned);
  const { key, headers, value } = message;
  const event = Kafka.toEvent({ key, headers, value, body: value } as never) as ReadEvent<unknown>;
  expect(event.validate()).toBe(true);
  expect(event).toMatchObject({ type: 'fengqiao.progress', data: { origin: 'registry', head: 9 } });
  expect(read(message)).toEqual({
    source,
    position: 9,
    after: 3,
    previous: 2,
  });
});

it('the feed gives the same event in the JSON format', async () => {
  const json = JSON.parse(jsonOf((await sent(0))!)) as EventAttributes & Record<string, unknown>;
  const { data, ...attributes } = json;
  expect(new ReadEvent(json).validate()).toBe(true);
  expect(recordedFrom('registry', published, attributes as never, data)).toEqual(
    (await log.read(0, 1))[0],
  );
});

it('tells of nobody outside its data', async () => {
  const { key, headers } = await relayed();
  expect(JSON.stringify({ key, headers })).not.toContain('李某');
});

it('an event of an older version is read in today’s form, one of a newer not at all', async () => {
  const today = {
    Opened: evolved(z.strictObject({ grid: z.string(), name: z.string() }), [
      (data) => ({ ...data, name: 'unnamed' }),
    ]),
  };
  expect(read(await relayed(), today)?.recorded?.event).toEqual({
    type: 'Opened',
    grid: '东风路',
    name: 'unnamed',
  });
  const newer = await relayedWith('ce_dataversion', '3');
  expect(() => read(newer, today)).toThrow(/Opened version 3 is not declared/);
});

it.each(['ce_after', 'ce_previous', 'ce_position'])(
  'refuses a message without %s',
  async (name) => {
    const message = await relayedWith(name, '');
    expect(() => read(message)).toThrow(/none of a relay/);
  },
);
