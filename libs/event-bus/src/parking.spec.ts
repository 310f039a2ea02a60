import { LogBusy } from '#libs/event-log';
import { Poison, SampleFeed } from '../test/sample-feed.js';
import { NotHeardYet } from './delivery-faults.js';
import { NotParked } from './parked-work.js';

/** After it, what fails at every try is parked. */
const UNTIL_PARKED_MS = 10_000;
const ID = 'A/sample/s-1';

let sample: SampleFeed;

beforeEach(() => {
  sample = new SampleFeed();
});

describe('an event that a handler cannot take', () => {
  it('is tried eight times, with pauses that double, then parked', async () => {
    await sample.append('s-1');
    const consumer = sample.started([sample.handler('A.on', new Poison([0]).take)]);
    const tries: number[] = [];
    for (let ms = 0; ms <= UNTIL_PARKED_MS; ms += 50) {
      await sample.pass(ms === 0 ? 0 : 50);
      tries.push(sample.failures.length);
    }
    const at = [0, 50, 150, 350, 750, 1550, 3150, 6350];
    expect(at.map((ms) => tries[ms / 50])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(sample.failures.at(-2)).toBe('A.on 0 again: poisoned');
    expect(sample.failures.slice(7)).toEqual(['A.on 0 parked: poisoned']);
    expect(consumer.lanes.list()).toEqual([
      {
        id: ID,
        handler: 'A.on',
        origin: 'sample',
        stream: 's-1',
        position: 0,
        type: 'Counted',
        since: '2026-03-01T00:00:06.350Z',
        attempts: 8,
        reason: 'Error: poisoned',
        queued: 0,
      },
    ]);
    expect(sample.saved).toBe(1);
  });

  it('holds up its own stream only, also before it is parked', async () => {
    await sample.append('s-1', 's-1', 's-2', 's-3');
    sample.started([sample.handler('A.on', new Poison([0]).take)]);
    await sample.pass(1000);
    expect(sample.handled).toEqual(['A.on 2', 'A.on 3']);
  });

  it('costs nothing when it succeeds at last', async () => {
    await sample.append('s-1', 's-1');
    const poison = new Poison([0]);
    sample.started([sample.handler('A.on', poison.take)]);
    await sample.pass(1000);
    poison.heal();
    await sample.pass(1000);
    expect(sample.handled).toEqual(['A.on 0', 'A.on 1']);
  });

  it('that throws before it promises anything is tried again as well', async () => {
    await sample.append('s-1');
    let tries = 0;
    const handle = (): Promise<void> => {
      tries += 1;
      if (tries === 1) throw new Error('at once');
      return Promise.resolve();
    };
    sample.started([{ name: 'A.on', handle }]);
    await sample.pass(1000);
    expect([tries, sample.saved]).toEqual([2, 1]);
  });

  it('takes no turn from the others while it pauses', async () => {
    await sample.append(...Array.from({ length: 100 }, (_, index) => `s-${index}`));
    const first = new Poison(Array.from({ length: 64 }, (_, index) => index));
    sample.started([sample.handler('A.on', first.take)]);
    await sample.pass(40);
    expect(sample.handled).toHaveLength(36);
  });
});

describe('while a stream is parked for a reaction', () => {
  it('its later events queue behind, for all methods of the reaction, not for others', async () => {
    await sample.append('s-1', 's-1', 's-1');
    const poison = new Poison([0]);
    const handlers = [
      sample.handler('A.on', poison.take),
      sample.handler('A.other'),
      sample.handler('B.on'),
    ];
    const consumer = sample.started(handlers, {
      handlersOf: () => handlers,
    });
    await sample.pass(UNTIL_PARKED_MS);
    expect(sample.handled).toEqual(['A.other 0', 'B.on 0', 'B.on 1', 'B.on 2']);
    expect(consumer.lanes.list()).toMatchObject([{ handler: 'A.on', position: 0, queued: 4 }]);
    expect(sample.saved).toBe(3);
  });

  it('other streams are handled as ever', async () => {
    await sample.append('s-1');
    sample.started([sample.handler('A.on', new Poison([0]).take)]);
    await sample.pass(UNTIL_PARKED_MS);
    await sample.append('s-2', 's-1', 's-2');
    await sample.pass(10);
    expect(sample.handled).toEqual(['A.on 1', 'A.on 3']);
  });
});

describe('a fault that says nothing about the event', () => {
  it.each([
    ['a log that is busy', () => new LogBusy('sample', 50)],
    ['a database that is busy', () => Object.assign(new Error(), { errcode: 261 })],
    ['a conflict', () => Object.assign(new Error(), { code: 'COMMAND_CONFLICT' })],
    ['a log that is read-only', () => Object.assign(new Error(), { code: 'LOG_READ_ONLY' })],
    ['news that must come first', () => new NotHeardYet('no answer yet')],
  ])('%s is tried again without end, at least every 10 s', async (_, error) => {
    await sample.append('s-1', 's-2');
    const poison = new Poison([0], error);
    const consumer = sample.started([sample.handler('A.on', poison.take)]);
    await sample.pass(600_000);
    expect(poison.tries).toBeGreaterThan(60);
    expect([consumer.lanes.list(), sample.saved]).toEqual([[], 0]);
    poison.heal();
    await sample.pass(10_000);
    expect([sample.handled, sample.saved]).toEqual([['A.on 1', 'A.on 0'], 2]);
  });

  it('a store that cannot keep what is parked does not lose it', async () => {
    await sample.append('s-1', 's-1');
    let full = true;
    const { checkpoints } = sample;
    const parked = {
      ...checkpoints.parked,
      keep: (delivery: Parameters<typeof checkpoints.parked.keep>[0]) => {
        if (full) throw Object.assign(new Error('full'), { errcode: 13 });
        checkpoints.parked.keep(delivery);
      },
    };
    const consumer = sample.started([sample.handler('A.on', new Poison([0]).take)], {
      checkpoints: { ...checkpoints, parked },
    });
    await sample.pass(60_000);
    expect([sample.saved, sample.faults[0]]).toEqual([0, 'Error: full']);
    full = false;
    await sample.pass(60_000);
    expect(sample.saved).toBe(2);
    expect(consumer.lanes.list()).toMatchObject([{ position: 0, queued: 1 }]);
  });
});

describe('what is parked', () => {
  it('survives a restart, with what queues behind it', async () => {
    await sample.append('s-1', 's-1');
    const poison = new Poison([0]);
    const first = sample.started([sample.handler('A.on', poison.take)]);
    await sample.pass(UNTIL_PARKED_MS);
    await first.stop();
    await sample.append('s-1', 's-2');
    const second = sample.started([sample.handler('A.on', poison.take)]);
    await sample.pass(10);
    expect(sample.handled).toEqual(['A.on 3']);
    expect(second.lanes.list()).toMatchObject([{ position: 0, queued: 2 }]);
    poison.heal();
    expect(await second.lanes.retry(ID)).toEqual({ done: 3 });
    expect(sample.handled.slice(1)).toEqual(['A.on 0', 'A.on 1', 'A.on 2']);
    expect(second.lanes.list()).toEqual([]);
  });

  it('goes on when it is tried again with success; the stream runs as before', async () => {
    await sample.append('s-1', 's-1');
    const poison = new Poison([0]);
    const consumer = sample.started([sample.handler('A.on', poison.take)]);
    await sample.pass(UNTIL_PARKED_MS);
    poison.heal();
    expect(await consumer.lanes.retry(ID)).toEqual({ done: 2 });
    await sample.append('s-1');
    await sample.pass(10);
    expect(sample.handled).toEqual(['A.on 0', 'A.on 1', 'A.on 2']);
  });

  it('stays, with the count and the newest reason, when it fails again', async () => {
    await sample.append('s-1', 's-1');
    const consumer = sample.started([sample.handler('A.on', new Poison([0]).take)]);
    await sample.pass(UNTIL_PARKED_MS);
    expect(await consumer.lanes.retry(ID)).toEqual({ done: 0, failure: 'Error: poisoned' });
    expect(consumer.lanes.list()).toMatchObject([{ position: 0, attempts: 9, queued: 1 }]);
  });

  it('hands what comes meanwhile over behind it, in order', async () => {
    await sample.append('s-1');
    const poison = new Poison([0]);
    const slow = sample.handler('A.on', async (recorded) => {
      await poison.take(recorded);
      await sample.scheduler.sleep(100);
    });
    const consumer = sample.started([slow]);
    await sample.pass(UNTIL_PARKED_MS);
    poison.heal();
    const retried = consumer.lanes.retry(ID);
    await sample.pass(50);
    await sample.append('s-1', 's-1');
    await sample.pass(1000);
    expect(await retried).toEqual({ done: 3 });
    expect(sample.handled).toEqual(['A.on 0', 'A.on 1', 'A.on 2']);
  });

  it('is for one operator at a time', async () => {
    await sample.append('s-1');
    const poison = new Poison([0]);
    const slow = sample.handler('A.on', async (recorded) => {
      await poison.take(recorded);
      await sample.scheduler.sleep(100);
    });
    const { lanes } = sample.started([slow]);
    await sample.pass(UNTIL_PARKED_MS);
    poison.heal();
    const retried = lanes.retry(ID);
    await expect(lanes.retry(ID)).rejects.toThrow(/somebody else/);
    await sample.pass(200);
    await retried;
    await expect(lanes.retry(ID)).rejects.toThrow(NotParked);
  });
});

describe('a skip', () => {
  it('is recorded first; then what queued behind goes on', async () => {
    await sample.append('s-1', 's-1');
    const { lanes } = sample.started([sample.handler('A.on', new Poison([0]).take)]);
    await sample.pass(UNTIL_PARKED_MS);
    const recorded: string[] = [];
    const record = async ({ handler, position }: { handler: string; position: number }) => {
      recorded.push(`${handler} ${position} ${sample.handled.length}`);
    };
    expect(await lanes.passOver(ID, record)).toEqual({ done: 1 });
    expect([recorded, sample.handled]).toEqual([['A.on 0 0'], ['A.on 1']]);
  });

  it('that cannot be recorded is none', async () => {
    await sample.append('s-1');
    const { lanes } = sample.started([sample.handler('A.on', new Poison([0]).take)]);
    await sample.pass(UNTIL_PARKED_MS);
    const refused = lanes.passOver(ID, () => Promise.reject(new Error('read-only')));
    await expect(refused).rejects.toThrow('read-only');
    expect(lanes.list()).toHaveLength(1);
  });

  it('that was recorded before a crash is carried out at the next start', async () => {
    await sample.append('s-1', 's-1');
    const handler = sample.handler('A.on', new Poison([0]).take);
    const first = sample.started([handler]);
    await sample.pass(UNTIL_PARKED_MS);
    await first.stop();
    sample.skipped.add('A.on sample@0');
    const second = sample.started([handler]);
    await sample.pass(10);
    expect([second.lanes.list(), sample.handled]).toEqual([[], ['A.on 1']]);
  });

  it('holds when the checkpoints were lost and all is heard again', async () => {
    await sample.append('s-1', 's-1');
    sample.skipped.add('A.on sample@0');
    const { lanes } = sample.started([sample.handler('A.on', new Poison([0]).take)]);
    await sample.pass(UNTIL_PARKED_MS);
    expect([lanes.list(), sample.handled]).toEqual([[], ['A.on 1']]);
    expect(sample.failures.at(-1)).toBe('A.on 0 skipped: poisoned');
  });
});

it('an event that has another in its place since a recovery is not handed over for it', async () => {
  await sample.append('s-1', 's-2');
  const { checkpoints } = sample;
  const kept = { handler: 'A.on', origin: 'sample', stream: 's-1', position: 1, type: 'Counted' };
  checkpoints.parked.keep({ ...kept, since: sample.scheduler.now(), attempts: 8, reason: 'x' });
  const { lanes } = sample.consumer([sample.handler('A.on')]);
  const { failure } = await lanes.retry(ID);
  expect(failure).toContain('sample@1 is not the event that was parked');
  const gone = sample.consumer([sample.handler('B.on')]);
  expect((await gone.lanes.retry(ID)).failure).toContain('no A.on for Counted any more');
});
