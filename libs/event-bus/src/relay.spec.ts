import { PARTITIONS, SampleRelay } from '../test/sample-relay.js';

let sample: SampleRelay;
beforeEach(() => (sample = new SampleRelay()));

const events = (): readonly string[] => sample.broker.told().filter((told) => !told.includes('<'));
const progress = (): readonly string[] => sample.broker.told().filter((told) => told.includes('<'));

it('sends what is published, in order, and says what came before', async () => {
  await sample.append('Counted', 'a', 'b');
  await sample.append('Own', 'a');
  await sample.append('Counted', 'a', 'd');
  const relay = sample.relay();
  relay.start();
  await sample.pass(1);
  expect(events()).toEqual([
    '1:0 after -1 previous -1',
    '2:1 after 0 previous -1',
    '1:3 after 1 previous 0',
    '1:4 after 3 previous 3',
  ]);
  expect(progress()).toEqual([
    '0:<5 after 4 previous -1',
    '1:<5 after 4 previous 4',
    '2:<5 after 4 previous 1',
  ]);
  await sample.append('Counted', 'b');
  await sample.pass(1);
  expect(events().at(-1)).toBe('2:5 after 4 previous 1');
  await relay.stop();
});

it('tells how far it is when the head has moved, and not more often than every 50 ms', async () => {
  const relay = sample.relay();
  relay.start();
  await sample.pass(200);
  const before = progress().length;
  for (let ms = 0; ms < 200; ms += 5) {
    await sample.append('Own', 'a');
    await sample.pass(5);
  }
  const during = progress().length - before;
  expect(during).toBeGreaterThanOrEqual(3 * PARTITIONS);
  expect(during).toBeLessThanOrEqual(5 * PARTITIONS);
  await sample.pass(60);
  expect(progress().at(-1)).toMatch(/^2:<40 after -1 previous -1$/);
  const after = progress().length;
  await sample.pass(10_000);
  expect(progress().length).toBe(after);
  await relay.stop();
});

it('goes on after a restart where the broker has acknowledged', async () => {
  await sample.append('Counted', 'a');
  const first = sample.relay();
  first.start();
  await sample.pass(1);
  await first.stop();
  await sample.append('Counted', 'a');
  const second = sample.relay();
  second.start();
  await sample.pass(1);
  await second.stop();
  expect(events()).toEqual(['1:0 after -1 previous -1', '1:1 after 0 previous 0']);
});

it('tells how far it is again when that did not reach the broker', async () => {
  const relay = sample.relay();
  relay.start();
  await sample.pass(200);
  let fails = 1;
  sample.broker.onSend = () => {
    fails -= 1;
    if (fails >= 0) throw new Error('no broker');
  };
  // Nothing that is published: progress is all that there is to tell.
  await sample.append('Own', 'a');
  await sample.pass(10_000);
  expect(sample.faults).toEqual(['no broker']);
  expect(progress().at(-1)).toBe('2:<1 after -1 previous -1');
  await relay.stop();
});

it('keeps its checkpoint until the broker has acknowledged, and tries again', async () => {
  let fails = 2;
  sample.broker.onSend = () => {
    fails -= 1;
    if (fails >= 0) throw new Error('no broker');
  };
  await sample.append('Counted', 'a');
  const relay = sample.relay();
  relay.start();
  await sample.pass(150);
  expect(sample.lease.state).toBeUndefined();
  await sample.pass(1000);
  expect(sample.faults).toEqual(['no broker', 'no broker']);
  expect(events()).toEqual(['1:0 after -1 previous -1']);
  expect(sample.lease.state).toMatchObject({ position: 1, last: 0, previous: [-1, 0, -1] });
  await relay.stop();
});

it('waits while another holds the lease', async () => {
  await sample.append('Counted', 'a');
  const hold = await sample.lease.tryToHold();
  const relay = sample.relay();
  relay.start();
  await sample.pass(5000);
  expect(sample.broker.sent).toEqual([]);
  await hold?.release();
  await sample.pass(5000);
  expect(events()).toHaveLength(1);
  await relay.stop();
});

it('that was asleep ends, moves no checkpoint back, and has only repeated what was sent', async () => {
  await sample.append('Counted', 'a');
  let wake: () => void = () => undefined;
  const asleep = new Promise<void>((resolve) => (wake = resolve));
  sample.broker.onSend = () => asleep;
  const old = sample.relay();
  old.start();
  await sample.pass(1);
  sample.lease.takeAway();
  sample.broker.onSend = () => undefined;
  const other = sample.relay();
  other.start();
  await sample.append('Counted', 'a', 'a');
  await sample.pass(1);
  const saved = sample.lease.state;
  const sent = events().length;
  wake();
  await sample.pass(1);
  expect(sample.lease.state).toEqual(saved);
  expect(saved).toMatchObject({ position: 3 });
  // What the old one sent late is what the new one had sent: the same position, and so left out.
  expect(events().slice(sent)).toEqual(['1:0 after -1 previous -1']);
  await sample.append('Counted', 'a');
  await sample.pass(1);
  expect(events().slice(sent + 1)).toEqual(['1:3 after 2 previous 2']);
  await old.stop();
  await other.stop();
});

it('begins anew with a log that goes on under another name, or is shorter', async () => {
  const none = Array.from({ length: PARTITIONS }, () => -1);
  const state = { source: 'localhost/sample', position: 7, last: 6, previous: none };
  for (const before of [state, { ...state, source: 'other', position: 1 }]) {
    sample = new SampleRelay();
    sample.lease.state = before;
    await sample.append('Counted', 'a', 'b');
    const relay = sample.relay();
    relay.start();
    await sample.pass(1);
    expect(events()).toEqual(['1:0 after -1 previous -1', '2:1 after 0 previous -1']);
    await relay.stop();
  }
});

it('sends a long log in pieces that a broker takes', async () => {
  await sample.append('Counted', ...Array.from({ length: 1201 }, (_, index) => `s-${index}`));
  const sizes: number[] = [];
  const { broker } = sample;
  const send = broker.send.bind(broker);
  broker.send = async (topic, messages) => {
    sizes.push(messages.length);
    await send(topic, messages);
  };
  const relay = sample.relay();
  relay.start();
  await sample.pass(10);
  await relay.stop();
  expect(sizes.every((size) => size <= 500 + PARTITIONS)).toBe(true);
  expect(sizes.length).toBeGreaterThanOrEqual(3);
  const order = events().map((told) => Number(/:(\d+)/.exec(told)?.[1]));
  expect(order).toEqual(Array.from({ length: 1201 }, (_, index) => index));
});
