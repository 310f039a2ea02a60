import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CODE_KEY, incoming, SampleRelay } from '../test/sample-relay.js';
import type { Outgoing } from './broker.js';
import { FEED_HEADERS } from './feed-client.js';
import { MessageCode } from './message-code.js';
import { RemoteBus } from './remote-bus.js';

const TOPIC = 'topic-of-grid-registry';
const SOURCE = 'localhost/grid-registry';

let server: Server;
let sample: SampleRelay;
let bus: RemoteBus;
let asked: string[];
let faults: string[];

/** An origin that publishes nothing by itself. */
beforeEach(async () => {
  sample = new SampleRelay();
  asked = [];
  faults = [];
  server = createServer((request, response) => {
    asked.push(`${request.headers.authorization} ${request.url}`);
    response.setHeader(FEED_HEADERS.source, SOURCE);
    response.setHeader(FEED_HEADERS.head, 0);
    response.setHeader(FEED_HEADERS.next, 0);
    response.end('[]');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`;
  bus = new RemoteBus({
    feeds: { 'grid-registry': url },
    token: async () => 'TOKEN',
    scheduler: sample.scheduler,
    broker: sample.broker,
    group: 'localhost.mediation',
    topicOf: (origin) => `topic-of-${origin}`,
    codeKey: CODE_KEY,
    onFault: (error) => faults.push((error as Error).message),
  });
  bus.follow(['grid-registry', 'nobody']);
  await bus.feedOf('grid-registry')?.page(0, 10);
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const code = new MessageCode(CODE_KEY, { origin: 'grid-registry', topic: TOPIC });

/** As the relay of the origin sends it. */
function message(position: number, parts: Readonly<Record<string, string>> = {}): Outgoing {
  const headers = {
    ce_source: SOURCE,
    ce_type: 'grid-registry.GridOpened',
    ce_time: '2026-03-01T08:00:00.000Z',
    ce_subject: 'grid-1',
    ce_position: String(position),
    ce_streamversion: String(position),
    ce_dataversion: '1',
    ce_after: String(position - 1),
    ce_previous: String(position - 1),
    ...parts,
  };
  const data = { actor: 'li-1', commandId: 'c', event: { grid: '1', name: 'n', at: 't' } };
  return code.sign({ partition: 0, key: 'grid-1', headers, value: JSON.stringify(data) });
}

function bring(first: number, ...messages: readonly Outgoing[]): void {
  const came = messages.map((each, index) => incoming(each, String(first + index)));
  void sample.broker.follower?.onMessages(TOPIC, 0, came);
}

it('follows the topics of those that it knows, and shows the origin who asks', () => {
  expect(sample.broker.follower?.topics).toEqual([TOPIC]);
  expect(sample.broker.follower?.group).toBe('localhost.mediation');
  expect(asked).toEqual(['Bearer TOKEN /feed?from=0&limit=10&wait=0']);
  expect(bus.feedOf('nobody')).toBeUndefined();
});

it('commits an offset after the checkpoint has passed it, and not for each event', async () => {
  const feed = bus.feedOf('grid-registry')!;
  bring(70, message(0), message(1));
  bring(72, message(2));
  expect((await feed.page(0, 10)).next).toBe(3);
  await sample.pass(5000);
  expect(sample.broker.commits).toEqual([]);
  feed.handled(1);
  await sample.pass(1000);
  expect(sample.broker.commits).toEqual([]);
  feed.handled(2);
  feed.handled(2);
  await sample.pass(1000);
  expect(sample.broker.commits).toEqual([`${TOPIC}/0@72`]);
  feed.handled(3);
  await sample.pass(5000);
  expect(sample.broker.commits).toEqual([`${TOPIC}/0@72`, `${TOPIC}/0@73`]);
});

it.each([
  ['of a newer version', { ce_dataversion: '9' }],
  ['of another log', { ce_source: 'localhost/grid-registry/epoch-2' }],
  ['of no relay', { ce_after: '' }],
])('a message %s is not taken: the origin is asked', async (_, parts) => {
  const feed = bus.feedOf('grid-registry')!;
  bring(1, message(0, parts));
  expect((await feed.page(0, 10)).events).toEqual([]);
  expect(asked).toHaveLength(2);
});

it('the same fault of the broker is told once, and again when it lasts or comes back', async () => {
  const { follower } = sample.broker;
  const fail = (why: string) => follower?.onFault(new Error(why));
  for (const why of ['no broker', 'no broker', 'no topic']) fail(why);
  expect(faults).toEqual(['no broker', 'no topic']);
  await sample.scheduler.pass(10 * 60_000);
  for (const why of ['no topic', 'no topic']) fail(why);
  expect(faults).toEqual(['no broker', 'no topic', 'no topic']);
});
