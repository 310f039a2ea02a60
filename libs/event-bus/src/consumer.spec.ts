import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { Recorded } from '#libs/event';
import { type EventFeed, type EventLog, openMemoryLog } from '#libs/event-log';
import { type Checkpoints, openMemoryCheckpoints } from './checkpoints.js';
import { Consumer, type ConsumerOptions } from './consumer.js';

/** A consumer that has not done it by then never will; what works takes milliseconds. */
const LIMIT_MS = 10_000;
const events = { Counted: z.strictObject({ n: z.int() }) };

let log: EventLog;
let checkpoints: Checkpoints;
let consumers: Consumer[];
let handled: number[];
let failures: string[];

beforeEach(() => {
  log = openMemoryLog({ origin: 'sample', events, now: () => '2026-03-01T00:00:00.000Z' });
  checkpoints = openMemoryCheckpoints();
  consumers = [];
  handled = [];
  failures = [];
  faults = [];
});
afterEach(() => Promise.all(consumers.map((consumer) => consumer.stop())));

let faults: string[];

const place = ({ position }: Recorded) => position;
const handle = async (recorded: Recorded) => void handled.push(place(recorded));

function started(parts: Partial<ConsumerOptions> = {}): Consumer {
  const onFailure = (recorded: Recorded, error: unknown) => {
    failures.push(`${place(recorded)}: ${error instanceof Error ? error.message : ''}`);
  };
  const onFault = (error: unknown) => void faults.push(String(error));
  const consumer = new Consumer({ feed: log, checkpoints, handle, onFailure, onFault, ...parts });
  consumer.start();
  consumers.push(consumer);
  return consumer;
}

async function append(count: number): Promise<void> {
  const head = await log.head();
  const numbers = Array.from({ length: count }, (_, index) => head + index);
  await log.append({
    commandId: `command-${head}`,
    actor: 'li-1',
    fingerprint: '',
    reads: [],
    writes: [{ stream: 's-1', events: numbers.map((n) => ({ type: 'Counted', n })) }],
  });
}

const upTo = (count: number) => Array.from({ length: count }, (_, position) => position);

/** Whether `promise` resolves by itself: within turns of the event loop, not after a pause. */
async function resolvesAtOnce(promise: Promise<unknown>): Promise<boolean> {
  let resolved = false;
  const watched = promise.then(() => (resolved = true));
  for (let turn = 0; turn < 20 && !resolved; turn += 1) await nextTurn();
  const atOnce = resolved;
  await watched;
  return atOnce;
}

/** A handler that fails at one position, `times` times, and tells of each failure. */
function failingAt(position: number, times: number) {
  let tries = 0;
  let failed: () => void;
  const failing = new Promise<void>((resolve) => (failed = resolve));
  const handleOrFail = async (recorded: Recorded) => {
    if (place(recorded) === position && tries < times) {
      tries += 1;
      failed();
      throw new Error(`try ${tries}`);
    }
    await handle(recorded);
  };
  return { handle: handleOrFail, failing };
}

describe('events are handed over', () => {
  it('all of them, in order, however many batches they fill', async () => {
    await append(450);
    expect(await started().caughtUp(LIMIT_MS)).toBe(true);
    expect(handled).toEqual(upTo(450));
  });

  it('those recorded later as well', async () => {
    const consumer = started();
    for (let n = 0; n < 100; n += 1) {
      await append(1);
      if (n % 3 === 0) await nextTurn();
    }
    expect(await consumer.caughtUp(LIMIT_MS)).toBe(true);
    expect(handled).toEqual(upTo(100));
  });

  it('one recorded between the reading and the waiting is not missed', async () => {
    let reads = 0;
    const feed: EventFeed = {
      origin: log.origin,
      head: () => log.head(),
      onAppended: (listener) => log.onAppended(listener),
      read: async (from, limit) => {
        const page = await log.read(from, limit);
        reads += 1;
        if (reads === 1) await append(1);
        return page;
      },
    };
    const consumer = started({ feed });
    await nextTurn();
    expect(await consumer.caughtUp(LIMIT_MS)).toBe(true);
    expect(handled).toEqual([0]);
  });

  it('one after the other, also to a slow handler', async () => {
    await append(5);
    let inHand = 0;
    const consumer = started({
      handle: async (recorded) => {
        inHand += 1;
        await nextTurn();
        expect(inHand).toBe(1);
        inHand -= 1;
        await handle(recorded);
      },
    });
    expect(await consumer.caughtUp(LIMIT_MS)).toBe(true);
    expect([handled, failures]).toEqual([upTo(5), []]);
  });
});

describe('after a restart', () => {
  it('a stopped consumer goes on behind the last event in hand', async () => {
    await append(10);
    const first: Consumer = started({
      handle: async (recorded) => {
        await handle(recorded);
        if (place(recorded) === 3) void first.stop();
      },
    });
    await first.stop();
    expect(handled.length).toBeLessThan(10);
    expect(checkpoints.load('sample')).toBe(handled.length);
    expect(await started().caughtUp(LIMIT_MS)).toBe(true);
    expect(handled).toEqual(upTo(10));
  });

  it('a killed consumer leaves no event out, and may repeat what was not saved', async () => {
    await append(250);
    let reach: () => void;
    let end: () => void;
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const ended = new Promise<void>((resolve) => (end = resolve));
    // A killed process hears no more of what it had in hand.
    const killed = started({
      handle: async (recorded) => {
        if (place(recorded) < 230) return handle(recorded);
        reach();
        return ended;
      },
    });
    await reached;
    const saved = checkpoints.load('sample');
    expect([saved, handled]).toEqual([200, upTo(230)]);
    handled = [];
    expect(await started().caughtUp(LIMIT_MS)).toBe(true);
    expect(handled).toEqual(upTo(250).slice(saved));
    end!();
    await killed.stop();
  });

  it('events of before the checkpoint are not handed over again', async () => {
    await append(5);
    checkpoints.save('sample', 3);
    checkpoints.save('other', 5);
    expect(await started().caughtUp(LIMIT_MS)).toBe(true);
    expect(handled).toEqual([3, 4]);
    expect(checkpoints.load('sample')).toBe(5);
  });

  it('the checkpoint never stands behind an event without its effect', async () => {
    await append(5);
    const { handle: failing, failing: failed } = failingAt(3, Infinity);
    const consumer = started({ handle: failing });
    await failed;
    await consumer.stop();
    expect(handled).toEqual([0, 1, 2]);
    expect(checkpoints.load('sample')).toBe(3);
  });
});

describe('a handler that fails', () => {
  it('is tried again until it succeeds, and every failure is reported', async () => {
    await append(4);
    const consumer = started({ handle: failingAt(1, 3).handle });
    expect(await consumer.caughtUp(LIMIT_MS)).toBe(true);
    expect(handled).toEqual([0, 1, 2, 3]);
    expect(failures).toEqual(['1: try 1', '1: try 2', '1: try 3']);
  });

  it('holds up what is behind it', async () => {
    await append(4);
    const { handle: failing, failing: failed } = failingAt(1, Infinity);
    const consumer = started({ handle: failing });
    await failed;
    expect(await consumer.caughtUp(1)).toBe(false);
    expect(handled).toEqual([0]);
  });

  it('that throws before it promises anything is tried again as well', async () => {
    await append(1);
    let tries = 0;
    const consumer = started({
      handle: (recorded) => {
        tries += 1;
        if (tries === 1) throw new Error('at once');
        return handle(recorded);
      },
    });
    expect(await consumer.caughtUp(LIMIT_MS)).toBe(true);
    expect([handled, failures]).toEqual([[0], ['0: at once']]);
  });
});

describe('stopping', () => {
  it('does not wait for the end of a pause before the next try', async () => {
    await append(1);
    const { handle: failing, failing: failed } = failingAt(0, Infinity);
    const consumer = started({ handle: failing });
    await failed;
    await nextTurn();
    expect(await resolvesAtOnce(consumer.stop())).toBe(true);
    expect(failures).toEqual(['0: try 1']);
  });

  it('ends a consumer that has nothing to do', async () => {
    const consumer = started();
    await nextTurn();
    expect(await resolvesAtOnce(consumer.stop())).toBe(true);
    await append(3);
    await nextTurn();
    expect(handled).toEqual([]);
  });

  it('may come before the start', async () => {
    const consumer = new Consumer({
      feed: log,
      checkpoints,
      handle,
      onFailure: () => undefined,
      onFault: () => undefined,
    });
    await consumer.stop();
    consumer.start();
    await append(1);
    await consumer.stop();
    expect(handled).toEqual([]);
  });
});

describe('having caught up', () => {
  it('is true at once when there is nothing to handle', async () => {
    expect(await started().caughtUp(0)).toBe(true);
  });

  it('waits for what was recorded by then, not for what comes later', async () => {
    await append(2);
    const { handle: failing } = failingAt(2, Infinity);
    const consumer = started({ handle: failing });
    const caughtUp = consumer.caughtUp(LIMIT_MS);
    await append(1);
    expect(await caughtUp).toBe(true);
    expect(handled).toEqual([0, 1]);
  });

  it('is false when the time is over, and the consumer goes on', async () => {
    await append(2);
    const consumer = started({ handle: failingAt(0, 1).handle });
    expect(await consumer.caughtUp(0)).toBe(false);
    expect(await consumer.caughtUp(LIMIT_MS)).toBe(true);
  });

  it('is false at once when the consumer stops', async () => {
    await append(1);
    const { handle: failing, failing: failed } = failingAt(0, Infinity);
    const consumer = started({ handle: failing });
    await failed;
    const caughtUp = consumer.caughtUp(1000);
    await nextTurn();
    const stopped = consumer.stop();
    expect(await resolvesAtOnce(caughtUp)).toBe(true);
    expect(await caughtUp).toBe(false);
    await stopped;
  });
});

describe('a feed or a checkpoint that cannot be reached', () => {
  it('is told, tried again, and costs no event', async () => {
    let refusals = 2;
    const busy = (): void => {
      refusals -= 1;
      if (refusals >= 0) throw new Error('database is locked');
    };
    await append(2);
    const consumer = started({
      feed: { ...log, read: async (from, limit) => (busy(), log.read(from, limit)) },
      checkpoints: {
        ...checkpoints,
        save: (origin, position) => (busy(), checkpoints.save(origin, position)),
      },
    });
    expect(await consumer.caughtUp(5000)).toBe(true);
    await append(1);
    expect(await consumer.caughtUp(5000)).toBe(true);
    expect(handled).toEqual([0, 1, 2]);
    expect(faults).toEqual(Array(2).fill('Error: database is locked'));
    await consumer.stop();
    expect(checkpoints.load(log.origin)).toBe(3);
  });
});
