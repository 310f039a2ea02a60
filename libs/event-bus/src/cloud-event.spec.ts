import { CloudEvent as ReadEvent, Kafka } from 'cloudevents';
import { z } from 'zod';
import { evolved } from '#libs/contracts';
import { type EventLog, openMemoryLog } from '#libs/event-log';
import { leafHash } from '#libs/transparency';
import { type CloudEvent, cloudEventOf, jsonOf, recordedFrom } from './cloud-event.js';
import { eventMessage, progressMessage, tailMessage } from './cloud-message.js';

const published = { Opened: z.strictObject({ grid: z.string() }) };
const events = { ...published, Own: z.strictObject({ secret: z.string() }) };
const source = 'sample.localhost/registry';
const publisher = { origin: 'registry', source, published };
const place = { partition: 1, after: 3, previous: -1 };

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

/** As a client gets it: headers and values as bytes. */
async function arrived() {
  const { key, headers, value } = eventMessage((await sent(0))!, place);
  const { offset, header } = { offset: '0', header: (name: string) => headers[name] ?? '' };
  return { key, headers, message: { header, value: Buffer.from(value), offset } };
}

it('only what is published leaves the service', async () => {
  expect(await sent(0)).toBeDefined();
  expect(await sent(1)).toBeUndefined();
});

it('what arrives is what was recorded', async () => {
  const { message } = await arrived();
  const [recorded] = await log.read(0, 1);
  const { after, previous } = place;
  expect(tailMessage('registry', published, message)).toEqual({
    source,
    position: 0,
    after,
    previous,
    recorded,
  });
});

it('others read a message as a CloudEvent in binary mode', async () => {
  const { key, headers, message } = await arrived();
  const told = Kafka.toEvent({ key, headers, value: message.value, body: message.value } as never);
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
    leafhash: Buffer.from(leafHash(bytes!)).toString('base64'),
    after: '3',
    previous: '-1',
    data: { actor: '李某', event: { grid: '东风路' } },
  });
});

it('others read progress as a CloudEvent', () => {
  const time = '2026-03-01T08:00:00.000Z';
  const told = { origin: 'registry', source, head: 9, time };
  const { key, headers, value } = progressMessage(told, { ...place, previous: 2 });
  const read = Kafka.toEvent({ key, headers, value, body: value } as never) as ReadEvent<unknown>;
  expect(read.validate()).toBe(true);
  expect(read).toMatchObject({ type: 'fengqiao.progress', data: { origin: 'registry', head: 9 } });
  const header = (name: string) => headers[name] ?? '';
  const message = { header, value: Buffer.from(value), offset: '0' };
  expect(tailMessage('registry', published, message)).toEqual({
    source,
    position: 9,
    after: 3,
    previous: 2,
  });
});

it('the feed gives the same event in the JSON format', async () => {
  const json = JSON.parse(jsonOf((await sent(0))!)) as Record<string, string>;
  const { data, ...attributes } = json;
  expect(new ReadEvent(json).validate()).toBe(true);
  expect(recordedFrom('registry', published, (name) => attributes[name] ?? '', data)).toEqual(
    (await log.read(0, 1))[0],
  );
});

it('tells of nobody outside its data', async () => {
  const { key, headers } = await arrived();
  expect(JSON.stringify({ key, headers })).not.toContain('李某');
});

it('an event of an older version is read in today’s form, one of a newer not at all', async () => {
  const today = {
    Opened: evolved(z.strictObject({ grid: z.string(), name: z.string() }), [
      (data) => ({ ...data, name: 'unnamed' }),
    ]),
  };
  const { message } = await arrived();
  expect(tailMessage('registry', today, message).recorded?.event).toEqual({
    type: 'Opened',
    grid: '东风路',
    name: 'unnamed',
  });
  const header = (name: string) => (name === 'ce_dataversion' ? '3' : message.header(name));
  expect(() => tailMessage('registry', today, { ...message, header })).toThrow(
    /Opened version 3 is not declared/,
  );
});

it.each(['ce_after', 'ce_previous', 'ce_position'])(
  'refuses a message without %s',
  async (name) => {
    const { message } = await arrived();
    const header = (asked: string) => (asked === name ? '' : message.header(asked));
    expect(() => tailMessage('registry', published, { ...message, header })).toThrow(
      /none of a relay/,
    );
  },
);
