import fc from 'fast-check';
import { openMemoryCheckpoints } from './checkpoints.js';
import { Consumer } from './consumer.js';
import { CODE_KEY, incoming, published, SampleRelay, TOPIC } from '../test/sample-relay.js';
import type { Outgoing } from './broker.js';
import { MessageReader } from './message-reader.js';
import { RemoteFeed, type TailSource } from './remote-feed.js';

let sample: SampleRelay;
let feed: RemoteFeed;
let handled: number[];
let halts: string[];
let tail: { isLive: boolean; isPaused: boolean; handled: number };
let consumer: Consumer;

const reader = new MessageReader(CODE_KEY, { origin: 'sample', topic: TOPIC }, published);

/** A consumer of the sample log in another process, with messages that a spec brings. */
function begin(): void {
  sample = new SampleRelay();
  handled = [];
  halts = [];
  tail = { isLive: true, isPaused: false, handled: 0 };
  const { scheduler, faults } = sample;
  const onFault = (error: unknown) => void faults.push((error as Error).message);
  feed = new RemoteFeed({ origin: 'sample', client: sample, scheduler, onFault });
  const source: TailSource = {
    get isLive() {
      return tail.isLive;
    },
    pause: () => void (tail.isPaused = true),
    resume: () => void (tail.isPaused = false),
    handled: (position) => void (tail.handled = position),
  };
  feed.attach(source);
  const handle = async ({ position }: { position: number }) => void handled.push(position);
  consumer = new Consumer({
    feed,
    checkpoints: openMemoryCheckpoints(),
    scheduler,
    handlersOf: () => [{ name: 'A.on', handle }],
    isSkipped: async () => false,
    onFailure: () => undefined,
    onFault,
    onHalt: (error) => halts.push((error as Error).message),
  });
}

/** The consumer has caught up with the origin, and hears of what follows. */
async function started(): Promise<void> {
  consumer.start();
  await sample.pass(10);
}

const inOrder = (): readonly number[] => handled.toSorted((a, b) => a - b);

beforeEach(begin);
afterEach(() => consumer.stop());

function bring(messages: readonly Outgoing[]): void {
  for (const message of messages) {
    const { messages: read } = reader.read(message.partition, [incoming(message)]);
    feed.accept(message.partition, read);
  }
}

/** Relays what there is, and gives back what was sent since. */
async function relayed(): Promise<readonly Outgoing[]> {
  const before = sample.broker.sent.length;
  const relay = sample.relay();
  relay.start();
  await sample.pass(60);
  await relay.stop();
  return sample.broker.sent.slice(before);
}

it('comes from the origin first, then from the broker without asking again', async () => {
  await sample.append('Counted', 'a', 'b');
  await sample.append('Own', 'a');
  await started();
  expect([handled, consumer.position]).toEqual([[0, 1], 3]);
  await relayed();
  const { asked } = sample;
  await sample.append('Counted', 'a', 'b', 'c');
  await sample.append('Own', 'a');
  bring(await relayed());
  await sample.pass(10);
  expect([handled, consumer.position]).toEqual([[0, 1, 3, 4, 5], 7]);
  expect(sample.asked).toBe(asked);
  expect(tail.handled).toBe(7);
});

it('what is lost on the way is had from the origin', async () => {
  await sample.append('Counted', 'a');
  await started();
  const [, ...later] = await relayed();
  await sample.append('Counted', 'a', 'b', 'a', 'c');
  const [, , lost, ...rest] = await relayed();
  expect(lost?.headers['ce_position']).toBe('3');
  bring([...later, ...rest]);
  await sample.pass(300);
  expect(inOrder()).toEqual([0, 1, 2, 3, 4]);
  expect(sample.faults).toEqual([]);
});

it('while the broker is away it comes from the origin', async () => {
  tail.isLive = false;
  await started();
  for (let n = 1; n <= 3; n += 1) {
    await sample.append('Counted', 'a');
    await sample.pass(600);
    expect(handled).toHaveLength(n);
  }
});

it('asks the origin now and then even if messages seem to come', async () => {
  await started();
  await sample.append('Counted', 'a');
  await sample.pass(3000);
  expect(handled).toEqual([]);
  await sample.pass(4000);
  expect(handled).toEqual([0]);
});

it('an origin that is away is told once, and waited for', async () => {
  sample.isAway = true;
  tail.isLive = false;
  await sample.append('Counted', 'a');
  await started();
  await sample.pass(20_000);
  expect(sample.faults).toEqual(['the feed of sample cannot be read: nobody there']);
  expect(sample.asked).toBeLessThan(25);
  expect(await consumer.status()).toMatchObject({ position: 0, unreachable: expect.any(String) });
  expect(await consumer.caughtUp(10).catch(() => 'unknown')).toBe('unknown');
  sample.isAway = false;
  await sample.pass(3000);
  expect(handled).toEqual([0]);
});

it('what comes from the broker needs no origin', async () => {
  await started();
  sample.isAway = true;
  await sample.append('Counted', 'a', 'b');
  bring(await relayed());
  await sample.pass(10);
  expect(handled).toEqual([0, 1]);
});

it('an origin that has lost what was handled is waited for and told', async () => {
  await sample.append('Counted', 'a', 'b');
  await started();
  const older = new SampleRelay();
  await older.append('Counted', 'a');
  feed.doubt();
  sample.ask = (question) => older.ask(question);
  await sample.pass(10);
  expect(sample.faults.at(-1)).toMatch(/^sample holds 1 events, but 2 were handled/);
  await older.append('Counted', 'b', 'c');
  await sample.pass(30_000);
  expect(handled).toEqual([0, 1, 2]);
});

it('messages of a log that goes on under another name count only once the origin has said so', async () => {
  await sample.append('Counted', 'a');
  await started();
  await relayed();
  sample.source = 'localhost/sample/epoch-2';
  await sample.append('Counted', 'b');
  const { asked } = sample;
  bring(await relayed());
  await sample.pass(10);
  expect(handled).toEqual([0, 1]);
  expect(sample.asked).toBe(asked + 1);
});

it('the topic is paused while too much waits, and goes on when that is done', async () => {
  await feed.page(0, 1);
  await sample.append('Counted', ...Array.from({ length: 5000 }, (_, index) => `s-${index}`));
  bring(await relayed());
  const room = feed.room();
  await sample.pass(200);
  expect(tail.isPaused).toBe(false);
  await sample.pass(100);
  await room;
  expect(tail.isPaused).toBe(true);
  let next = 0;
  for (let pages = 0; pages < 100 && next < 2900; pages += 1)
    next = (await feed.page(next, 100)).next;
  expect(tail.isPaused).toBe(true);
  for (let pages = 0; pages < 100 && next < 5000; pages += 1)
    next = (await feed.page(next, 100)).next;
  expect(next).toBe(5000);
  expect(tail.isPaused).toBe(false);
});

it('whatever is lost, repeated or late, each event is handled once and in its order', async () => {
  const fate = fc.record({
    isLost: fc.boolean(),
    copies: fc.integer({ min: 1, max: 3 }),
    late: fc.nat(5),
  });
  const step = fc.record({
    streams: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 6 }),
    own: fc.boolean(),
    fates: fc.array(fate, { minLength: 1, maxLength: 12 }),
    isLive: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      await consumer.stop();
      begin();
      await started();
      let late: Outgoing[] = [];
      for (const { streams, own, fates, isLive } of steps) {
        await sample.append('Counted', ...streams);
        if (own) await sample.append('Own', 'a');
        tail.isLive = isLive;
        const sent = await relayed();
        const now: Outgoing[] = [];
        const later: Outgoing[] = [];
        for (const [index, message] of sent.entries()) {
          const { isLost, copies, late: delay } = fates[index % fates.length]!;
          if (isLost) continue;
          const copied = Array.from({ length: copies }, () => message);
          // A partition keeps its order; what comes late of it comes after what follows.
          if (delay === 0) later.push(...copied);
          else now.push(...copied);
        }
        bring([...now, ...late]);
        late = later;
        await sample.pass(30);
      }
      await sample.pass(20_000);
      const all = await sample.log.read(0, 1000);
      const wanted = all
        .filter(({ event }) => event.type === 'Counted')
        .map((each) => each.position);
      expect(inOrder()).toEqual(wanted);
      for (const stream of ['a', 'b', 'c', 'd']) {
        const places = new Map(all.map((each) => [each.position, each.stream]));
        const own = handled.filter((position) => places.get(position) === stream);
        expect(own).toEqual(own.toSorted((a, b) => a - b));
      }
      expect(halts).toEqual([]);
      expect(consumer.position).toBe(all.length);
    }),
    { numRuns: 60 },
  );
});
