import fc from 'fast-check';
import { CODE_KEY, incoming, published, SampleRelay, TOPIC } from '../test/sample-relay.js';
import type { Outgoing } from './broker.js';
import { openMemoryCheckpoints } from './checkpoints.js';
import { Consumer } from './consumer.js';
import { CODE_HEADER, MessageCode } from './message-code.js';
import { MessageReader } from './message-reader.js';
import { RemoteFeed } from './remote-feed.js';
import { TopicTail } from './topic-tail.js';

const place = { origin: 'sample', topic: TOPIC };

let sample: SampleRelay;
let feed: RemoteFeed;
let tail: TopicTail;
let consumer: Consumer;
/** What was handled: `POSITION n=N`. */
let handled: string[];
let told: string[];

function begin(): void {
  sample = new SampleRelay();
  handled = [];
  told = [];
  const { scheduler } = sample;
  const onFault = (error: unknown) => void told.push((error as Error).message);
  feed = new RemoteFeed({ origin: 'sample', client: sample, scheduler, onFault });
  const live = { isLive: true, pause: () => undefined, resume: () => undefined };
  tail = new TopicTail({
    topic: TOPIC,
    feed,
    reader: new MessageReader(CODE_KEY, place, published),
    following: () => ({ ...live, commit: () => undefined, stop: async () => undefined }),
    scheduler,
    onRefused: (line) => void told.push(line),
  });
  feed.attach(tail);
  consumer = new Consumer({
    feed,
    checkpoints: openMemoryCheckpoints(),
    scheduler,
    handlersOf: () => [
      {
        name: 'A.on',
        handle: async ({ position, event }) =>
          void handled.push(`${position} n=${(event as unknown as { n: number }).n}`),
      },
    ],
    isSkipped: async () => false,
    onFailure: () => undefined,
    onFault,
    onHalt: onFault,
  });
}

/** The topic holds three events and the progress after them; the consumer has none of them. */
let sent: readonly Outgoing[];
async function given(): Promise<void> {
  begin();
  consumer.start();
  await sample.pass(10);
  await sample.append('Counted', 'a', 'b', 'a');
  const relay = sample.relay();
  relay.start();
  await sample.pass(60);
  await relay.stop();
  sent = sample.broker.sent;
}

beforeEach(given);
afterEach(() => consumer.stop());

async function when(...messages: readonly Outgoing[]): Promise<void> {
  for (const message of messages) void tail.take(message.partition, [incoming(message)]);
  await sample.pass(10);
}

const inOrder = (): readonly string[] => handled.toSorted();
const TRUTH = ['0 n=1', '1 n=2', '2 n=3'];
const without = (message: Outgoing, name: string): Outgoing => {
  const { [name]: _, ...headers } = message.headers;
  return { ...message, headers };
};
const withHeader = (message: Outgoing, name: string, text: string): Outgoing => ({
  ...message,
  headers: { ...message.headers, [name]: text },
});
const isOf = (position: string) => (message: Outgoing) =>
  message.headers['ce_position'] === position;
const at = (position: string): Outgoing => sent.find(isOf(position))!;

it('what the relay sent is believed, and nobody is asked', async () => {
  const { asked } = sample;
  await when(...sent);
  expect([inOrder(), feed.refused, sample.asked]).toEqual([TRUTH, 0, asked]);
});

/** Somebody who may write to the topic, but does not have the key. */
const forger = new MessageCode(new Uint8Array(32).fill(8), place);
const forged = (): Outgoing =>
  forger.sign({ ...at('0'), value: at('0').value.replace('1', '666') });
const bySelf = (message: Outgoing, whose: typeof place): Outgoing =>
  new MessageCode(CODE_KEY, whose).sign(message);
const NAMES = ['type', 'subject', 'time', 'position', 'streamversion', 'dataversion', 'source'];

it.each<[string, () => Outgoing]>([
  ['a forged event in the place of one', forged],
  ['an altered body', () => ({ ...at('0'), value: at('0').value.replace('"n":1', '"n":7') })],
  ['a body with a byte more', () => ({ ...at('0'), value: `${at('0').value} ` })],
  ['no code', () => without(at('0'), CODE_HEADER)],
  ['an empty code', () => withHeader(at('0'), CODE_HEADER, '')],
  [
    'the code of another message',
    () => withHeader(at('0'), CODE_HEADER, at('1').headers[CODE_HEADER]!),
  ],
  ['a message of another origin', () => bySelf(at('0'), { ...place, origin: 'mediation' })],
  ['a message of another topic', () => bySelf(at('0'), { ...place, topic: 'city.sample.v1' })],
  [
    'a message of another partition',
    () => ({ ...at('0'), partition: at('0').partition === 0 ? 1 : 0 }),
  ],
  ...[...NAMES, 'id', 'origin', 'leafhash', 'after', 'previous'].map(
    (name): [string, () => Outgoing] => [
      `another ${name}`,
      () => withHeader(at('0'), `ce_${name}`, name === 'time' ? '2020-01-01T00:00:00.000Z' : '9'),
    ],
  ),
  ['a header that it had not', () => withHeader(at('0'), 'ce_head', '9')],
])('%s is not believed: the position comes from the origin', async (_, message) => {
  const { asked } = sample;
  await when(message(), ...sent.filter((each) => !isOf('0')(each)));
  await sample.pass(1000);
  expect(inOrder()).toEqual(TRUTH);
  expect(feed.refused).toBe(1);
  expect(sample.asked).toBeGreaterThan(asked);
  expect(told).toEqual([
    '1 messages of localhost.sample.v1 were refused: no relay of sample sent them as they are; ' +
      'see who may write to the topic (docs/kafka.md)',
  ]);
});

it('a forged progress hides nothing', async () => {
  const progress = sent.find(({ headers }) => headers['ce_head'] !== undefined)!;
  await when(forger.sign(withHeader(withHeader(progress, 'ce_head', '99'), 'ce_after', '-1')));
  await when(...sent);
  await sample.pass(1000);
  expect([inOrder(), consumer.position]).toEqual([TRUTH, 3]);
});

it('what was sent before and is sent again has no second effect, and sets nothing back', async () => {
  await when(...sent);
  await sample.append('Counted', 'c');
  const relay = sample.relay();
  relay.start();
  await sample.pass(60);
  await relay.stop();
  const { asked } = sample;
  const later = sample.broker.sent.slice(sent.length);
  await when(...later.slice(0, 1), ...sent, ...later.slice(1), ...sent);
  expect([inOrder(), consumer.position, feed.refused]).toEqual([[...TRUTH, '3 n=4'], 4, 0]);
  expect(sample.asked).toBe(asked);
});

it('one forged among true ones costs none of them', async () => {
  const mixed = sent.filter(({ partition }) => partition === at('0').partition);
  const came = [...mixed, { ...forged(), partition: at('0').partition }, ...mixed];
  void tail.take(
    at('0').partition,
    came.map((each) => incoming(each)),
  );
  await when(...sent);
  expect([inOrder(), feed.refused]).toEqual([TRUTH, 1]);
});

it('a flood of them has the origin asked now and then, and is told once a minute', async () => {
  const { asked } = sample;
  for (let count = 0; count < 1000; count += 1) await when(forged());
  expect(feed.refused).toBe(1000);
  expect(sample.asked - asked).toBeLessThan(25);
  expect(told).toHaveLength(1);
  await sample.pass(60_000);
  expect(told.at(-1)).toMatch(/^999 messages/);
  expect(told).toHaveLength(2);
  await sample.pass(300_000);
  expect(told).toHaveLength(2);
  expect(inOrder()).toEqual(TRUTH);
});

it('it is counted where operators look', async () => {
  await when(forged(), forged());
  expect(await consumer.status()).toMatchObject({ origin: 'sample', refused: 2 });
});

it('whatever is put among the messages, each event has its effect once', async () => {
  const touch = fc.constantFrom('leave', 'alter', 'forge', 'drop', 'repeat');
  await fc.assert(
    fc.asyncProperty(fc.array(touch, { minLength: 6, maxLength: 6 }), async (touches) => {
      await consumer.stop();
      await given();
      const came = sent.flatMap((message, index) => {
        const done = touches[index % touches.length];
        if (done === 'alter') return [withHeader(message, 'ce_after', '-1'), forged()];
        if (done === 'forge') return [forger.sign(message), message];
        if (done === 'repeat') return [message, message];
        return done === 'drop' ? [] : [message];
      });
      await when(...came);
      await sample.pass(20_000);
      expect([inOrder(), consumer.position]).toEqual([TRUTH, 3]);
    }),
    { numRuns: 60 },
  );
});
