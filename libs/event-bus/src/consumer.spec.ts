import type { EventFeed } from '#libs/event-log';
import { UnknownEvent } from '#libs/event-log';
import type { ConsumedFeed } from './consumed-feed.js';
import { Poison, SampleFeed } from '../test/sample-feed.js';

let sample: SampleFeed;

beforeEach(() => {
  sample = new SampleFeed();
});

const upTo = (count: number, from = 0) =>
  Array.from({ length: count - from }, (_, index) => `A.on ${from + index}`);
const times = (count: number, stream: string): readonly string[] =>
  Array<string>(count).fill(stream);
/** One stream each. */
const apart = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `s-${index}`);

describe('events are handed over', () => {
  it('all of them, those of one stream in order, however many batches they fill', async () => {
    await sample.append(...times(600, 's-1'));
    sample.started([sample.handler('A.on')]);
    await sample.pass(1);
    expect(sample.handled).toEqual(upTo(600));
    expect(sample.saved).toBe(600);
  });

  it('the feed hears how far only once that is durable', async () => {
    const told: number[] = [];
    let isDurable: () => void = () => undefined;
    const durable = new Promise<void>((resolve) => (isDurable = resolve));
    const feed: ConsumedFeed = { ...sample.log, handled: (position) => void told.push(position) };
    const checkpoints = { ...sample.checkpoints, written: () => durable };
    await sample.append(...times(3, 's-1'));
    sample.started([sample.handler('A.on')], { feed, checkpoints });
    await sample.pass(1);
    expect([sample.saved, told]).toEqual([3, []]);
    isDurable();
    await sample.pass(1);
    expect(told).toContain(3);
  });

  it('those recorded later as well', async () => {
    sample.started([sample.handler('A.on')]);
    for (let n = 0; n < 50; n += 1) {
      await sample.append('s-1');
      if (n % 3 === 0) await sample.pass(1);
    }
    await sample.pass(1);
    expect(sample.handled).toEqual(upTo(50));
  });

  it('one recorded between the reading and the waiting is not missed', async () => {
    let reads = 0;
    const { log } = sample;
    const feed: EventFeed = {
      ...log,
      read: async (from, limit) => {
        const page = await log.read(from, limit);
        reads += 1;
        if (reads === 1) await sample.append('s-1');
        return page;
      },
    };
    sample.started([sample.handler('A.on')], { feed });
    await sample.pass(1);
    expect(sample.handled).toEqual(['A.on 0']);
  });

  it('those of different streams at the same time, at most 64 of them', async () => {
    let inHand = 0;
    let most = 0;
    await sample.append(...apart(200));
    const slow = sample.handler('A.on', async () => {
      inHand += 1;
      most = Math.max(most, inHand);
      await sample.scheduler.sleep(10);
      inHand -= 1;
    });
    sample.started([slow]);
    await sample.pass(9);
    expect([most, sample.handled.length]).toEqual([64, 0]);
    await sample.pass(100);
    expect([most, sample.handled.length, sample.saved]).toEqual([64, 200, 200]);
  });

  it('those of one stream one after the other, also to a slow handler', async () => {
    let inHand = 0;
    await sample.append(...times(5, 's-1'));
    const slow = sample.handler('A.on', async () => {
      inHand += 1;
      await sample.scheduler.sleep(10);
      expect(inHand).toBe(1);
      inHand -= 1;
    });
    sample.started([slow]);
    await sample.pass(100);
    expect([sample.handled, sample.failures]).toEqual([upTo(5), []]);
  });

  it('to every handler, and the next of the stream only after all of them', async () => {
    await sample.append('s-1', 's-1');
    const slow = sample.handler('B.on', () => sample.scheduler.sleep(10));
    sample.started([sample.handler('A.on'), slow]);
    await sample.pass(100);
    expect(sample.handled).toEqual(['A.on 0', 'B.on 0', 'A.on 1', 'B.on 1']);
  });

  it('a bounded number is held in memory', async () => {
    await sample.append(...times(3000, 's-1'));
    let furthest = 0;
    const { log } = sample;
    const feed: EventFeed = {
      ...log,
      read: async (from, limit) => {
        furthest = Math.max(furthest, from + limit);
        return log.read(from, limit);
      },
    };
    const poison = new Poison([0], () => Object.assign(new Error(), { code: 'LOG_BUSY' }));
    sample.started([sample.handler('A.on', poison.take)], { feed });
    await sample.pass(60_000);
    expect([furthest, sample.handled]).toEqual([2048, []]);
    poison.heal();
    await sample.pass(10_000);
    expect(sample.handled).toEqual(upTo(3000));
  });
});

describe('the checkpoint', () => {
  it('never stands behind an event that is in hand, though later ones are done', async () => {
    await sample.append(...apart(10));
    const slow = sample.handler('A.on', ({ position }) =>
      position === 3 ? sample.scheduler.sleep(10) : undefined,
    );
    sample.started([slow]);
    await sample.pass(5);
    expect([sample.handled.length, sample.saved]).toEqual([9, 3]);
    await sample.pass(10);
    expect([sample.handled.length, sample.saved]).toEqual([10, 10]);
  });

  it('is where a consumer goes on after a restart', async () => {
    await sample.append(...times(5, 's-1'));
    sample.checkpoints.save('sample', 3);
    sample.checkpoints.save('other', 5);
    sample.started([sample.handler('A.on')]);
    await sample.pass(1);
    expect([sample.handled, sample.saved]).toEqual([upTo(5, 3), 5]);
  });

  it('after a kill repeats what was not saved, and leaves nothing out', async () => {
    await sample.append(...apart(300));
    const { checkpoints } = sample;
    const deaf = { ...checkpoints, save: () => undefined };
    sample.started([sample.handler('A.on')], { checkpoints: deaf });
    await sample.pass(1);
    sample.started([sample.handler('A.on')]);
    await sample.pass(1);
    expect(new Set(sample.handled).size).toBe(300);
    expect(sample.handled).toHaveLength(600);
  });
});

describe('stopping', () => {
  it('waits for what is in hand, and begins nothing more', async () => {
    await sample.append(...times(3, 's-1'));
    const slow = sample.handler('A.on', () => sample.scheduler.sleep(10));
    const consumer = sample.started([slow]);
    await sample.pass(5);
    const stopped = consumer.stop();
    await sample.pass(100);
    await stopped;
    expect([sample.handled, sample.saved]).toEqual([upTo(1), 1]);
  });

  it('does not wait for the end of a pause before the next try', async () => {
    await sample.append('s-1');
    const consumer = sample.started([sample.handler('A.on', new Poison([0]).take)]);
    await sample.pass(1);
    await consumer.stop();
    expect([sample.failures, sample.saved]).toEqual([['A.on 0 again: poisoned'], 0]);
  });

  it('may come before the start', async () => {
    const consumer = sample.consumer([sample.handler('A.on')]);
    await consumer.stop();
    consumer.start();
    await sample.append('s-1');
    await sample.pass(1);
    expect(sample.handled).toEqual([]);
  });
});

describe('having caught up', () => {
  it('is true at once when there is nothing to handle', async () => {
    expect(await sample.started([]).caughtUp(0)).toBe(true);
  });

  it('waits for what was recorded by then, not for what comes later', async () => {
    await sample.append('s-1');
    const never = new Poison([1]);
    const consumer = sample.started([sample.handler('A.on', never.take)]);
    const caughtUp = consumer.caughtUp(10_000);
    await Promise.resolve();
    await sample.append('s-1');
    await sample.pass(1);
    expect(await caughtUp).toBe(true);
    expect(sample.handled).toEqual(upTo(1));
  });

  it('is false when the time is over, and the consumer goes on', async () => {
    await sample.append('s-1');
    const poison = new Poison([0]);
    const consumer = sample.started([sample.handler('A.on', poison.take)]);
    const caughtUp = consumer.caughtUp(60);
    await sample.pass(100);
    expect(await caughtUp).toBe(false);
    poison.heal();
    await sample.pass(100);
    expect(await consumer.caughtUp(0)).toBe(true);
  });

  it('does not wait for what is parked', async () => {
    await sample.append('s-1', 's-1');
    const consumer = sample.started([sample.handler('A.on', new Poison([0, 1]).take)]);
    const caughtUp = consumer.caughtUp(60_000);
    await sample.pass(10_000);
    expect(await caughtUp).toBe(true);
  });

  it('is false at once when the consumer stops', async () => {
    await sample.append('s-1');
    const consumer = sample.started([sample.handler('A.on', new Poison([0]).take)]);
    const caughtUp = consumer.caughtUp(60_000);
    await sample.pass(1);
    await consumer.stop();
    expect(await caughtUp).toBe(false);
  });
});

describe('a feed or a checkpoint that cannot be reached', () => {
  it('is told, tried again, and costs no event', async () => {
    let refusals = 3;
    const busy = (): void => {
      refusals -= 1;
      if (refusals >= 0) throw new Error('database is locked');
    };
    await sample.append('s-1', 's-1');
    const { log, checkpoints } = sample;
    const consumer = sample.started([sample.handler('A.on')], {
      feed: { ...log, read: async (from, limit) => (busy(), log.read(from, limit)) },
      checkpoints: {
        ...checkpoints,
        save: (origin, position) => (busy(), checkpoints.save(origin, position)),
      },
    });
    await sample.pass(5000);
    await sample.append('s-1');
    await sample.pass(5000);
    expect(sample.handled).toEqual(upTo(3));
    expect(sample.faults).toEqual(Array(3).fill('Error: database is locked'));
    await consumer.stop();
    expect(sample.saved).toBe(3);
  });
});

describe('an event that only a newer version can read', () => {
  it('stops the consumer before it; what stands before is still handed over', async () => {
    await sample.append(...apart(5));
    const { log } = sample;
    const feed: EventFeed = {
      ...log,
      read: async (from, limit) => {
        const page = await log.read(from, limit);
        if (page.some(({ position }) => position === 3)) throw new UnknownEvent('Foreseen');
        return page;
      },
    };
    const consumer = sample.started([sample.handler('A.on')], { feed });
    await sample.pass(100_000);
    expect([sample.handled, sample.saved, sample.faults]).toEqual([upTo(3), 3, []]);
    expect(sample.halts).toEqual([expect.stringContaining('Foreseen is not declared')]);
    expect(await consumer.status()).toEqual({
      origin: 'sample',
      position: 3,
      head: 5,
      stopped: expect.stringContaining('Foreseen'),
    });
    expect(await consumer.caughtUp(60_000)).toBe(false);
    await consumer.stop();
    expect(sample.saved).toBe(3);
  });

  it('also when it is the handler that meets it', async () => {
    await sample.append('s-1');
    const poison = new Poison([0], () => new UnknownEvent('Foreseen'));
    sample.started([sample.handler('A.on', poison.take)]);
    await sample.pass(100_000);
    expect([poison.tries, sample.halts.length, sample.saved]).toEqual([1, 1, 0]);
  });
});

it('tells how far it is, and since when the oldest event waits', async () => {
  await sample.append('s-1');
  await sample.pass(1000);
  await sample.append('s-2', 's-3');
  const poison = new Poison([1]);
  const consumer = sample.started([sample.handler('A.on', poison.take)]);
  await sample.pass(10);
  expect(await consumer.status()).toEqual({
    origin: 'sample',
    position: 1,
    head: 3,
    oldestAt: '2026-03-01T00:00:01.000Z',
  });
  poison.heal();
  await sample.pass(1000);
  expect(await consumer.status()).toEqual({ origin: 'sample', position: 3, head: 3 });
});
